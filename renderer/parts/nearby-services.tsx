import { Button, TextInput } from '@mantine/core';
import { useRef, useState } from 'react';
import type { Choices } from '../../main/contract.ts';
import type { NearbyInput } from '../nearby-input.ts';
import { useSay } from '../text.ts';
import { send } from '../use-snapshot.ts';
import css from './nearby-services.module.css';
import { RowBox } from './row-box.tsx';

type WrongInput = Extract<NearbyInput, { ok: false }>['error'];

const save = (nearbyServices: Choices['nearbyServices']) =>
  send({ do: 'save-choices', choices: { nearbyServices } });

/** The ways through the fence: each can be shut again, and another one opened. */
export function NearbyServices({
  services,
  disabled,
}: {
  readonly services: Choices['nearbyServices'];
  readonly disabled: boolean;
}) {
  const { t } = useSay();
  const box = useRef<HTMLInputElement>(null);
  const [wrong, setWrong] = useState<WrongInput | null>(null);

  async function add(): Promise<void> {
    const { readNearby } = await import('../nearby-input.ts');
    const input = readNearby(box.current?.value ?? '', services);
    setWrong(input.ok ? null : input.error);
    if (!input.ok) return box.current?.focus();
    if ((await save(input.services)) && box.current) box.current.value = '';
  }

  return (
    <RowBox title={t('home.nearby.title')}>
      <p className={css.plain}>{t('home.nearby.plain')}</p>
      {services.length === 0 ? (
        <p className={css.plain}>{t('home.nearby.none')}</p>
      ) : (
        <ul className={css.list}>
          {services.map((service) => (
            <li key={service} className={css.item}>
              <span className={css.service}>{service}</span>
              <Button
                size="xs"
                variant="default"
                disabled={disabled}
                aria-label={`${t('home.nearby.remove')}: ${service}`}
                onClick={() => void save(services.filter((each) => each !== service))}
              >
                {t('home.nearby.remove')}
              </Button>
            </li>
          ))}
        </ul>
      )}
      <form
        noValidate
        className={css.form}
        onSubmit={(event) => {
          event.preventDefault();
          void add();
        }}
      >
        <TextInput
          ref={box}
          name="nearby"
          className={css.field ?? ''}
          label={t('home.nearby.label')}
          placeholder={t('home.nearby.example')}
          error={wrong !== null && t(`home.nearby.${wrong}`)}
          spellCheck={false}
          autoComplete="off"
        />
        <Button type="submit" size="xs" disabled={disabled}>
          {t('home.nearby.add')}
        </Button>
      </form>
    </RowBox>
  );
}
