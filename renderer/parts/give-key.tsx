import { Button } from '@mantine/core';
import { useRef, useState } from 'react';
import { useSay } from '../text.ts';
import { send } from '../use-snapshot.ts';
import { KeyField } from './key-field.tsx';

/** Takes a new key, hands it to main, and tries the work again that failed for want of it. */
export function GiveKey() {
  const { t } = useSay();
  const box = useRef<HTMLInputElement>(null);
  const [wrong, setWrong] = useState(false);

  async function give(): Promise<void> {
    const { readKey } = await import('../model-input.ts');
    const key = readKey(box.current?.value ?? '');
    setWrong(key === null);
    if (key === null) return box.current?.focus();
    if (box.current) box.current.value = '';
    if (await send({ do: 'keep-model-key', key })) await send({ do: 'try-again' });
  }

  return (
    <form
      noValidate
      style={{ marginTop: 14 }}
      onSubmit={(event) => {
        event.preventDefault();
        void give();
      }}
    >
      <KeyField inputRef={box} error={wrong ? t('question.model-key.bad-key') : undefined} />
      <Button type="submit" size="xs" style={{ marginTop: 12 }}>
        {t('question.model-key.give')}
      </Button>
    </form>
  );
}
