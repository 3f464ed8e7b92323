import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { OtherComputer } from '../../main/contract.ts';
import type { ComputerErrors } from '../computer-input.ts';
import { useSay } from '../text.ts';
import { send } from '../use-snapshot.ts';
import css from './computer-form.module.css';

/** Where SSH usually listens. Source: RFC 4253. */
const usualPort = 22;

/** Which other computer is to be OpenClaw's own. */
export function ComputerForm({
  computer,
  onSaved,
}: {
  readonly computer: OtherComputer | null;
  readonly onSaved?: () => void;
}) {
  const { t } = useSay();
  const [errors, setErrors] = useState<ComputerErrors>({});
  const [saving, setSaving] = useState(false);
  const words = (code: string | undefined) => code && t(`homes.computer.${code}`);

  async function save(form: HTMLFormElement): Promise<void> {
    const filled = new FormData(form);
    const { readComputer } = await import('../computer-input.ts');
    const input = readComputer(filled);
    setErrors(input.ok ? {} : input.errors);
    if (!input.ok) {
      const [first] = ['host', 'account', 'port'].filter((name) => name in input.errors);
      return form.querySelector<HTMLInputElement>(`input[name=${first}]`)?.focus();
    }
    if (await send({ do: 'name-computer', computer: input.computer })) onSaved?.();
  }

  return (
    <form
      noValidate
      className={css.form}
      data-computer
      onSubmit={(event) => {
        event.preventDefault();
        setSaving(true);
        void save(event.currentTarget).finally(() => setSaving(false));
      }}
    >
      <p className={css.plain}>{t('homes.computer.plain')}</p>
      <div className={css.fields}>
        <TextInput
          name="host"
          label={t('homes.computer.host')}
          placeholder={t('homes.computer.host-example')}
          defaultValue={computer?.host ?? ''}
          error={words(errors.host)}
          autoComplete="off"
          spellCheck={false}
        />
        <TextInput
          name="account"
          label={t('homes.computer.account')}
          defaultValue={computer?.account ?? ''}
          error={words(errors.account)}
          autoComplete="off"
          spellCheck={false}
        />
        <TextInput
          name="port"
          inputMode="numeric"
          label={t('homes.computer.port')}
          defaultValue={String(computer?.port ?? usualPort)}
          error={words(errors.port)}
          autoComplete="off"
        />
      </div>
      <Button type="submit" size="xs" loading={saving}>
        {t('homes.computer.save')}
      </Button>
    </form>
  );
}
