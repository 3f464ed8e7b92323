import { Switch } from '@mantine/core';
import { useId } from 'react';
import { send } from '../use-snapshot.ts';
import css from './login-switch.module.css';

/** Whether ClawCove starts by itself: the words on the left, the switch on the right. */
export function LoginSwitch({
  on,
  title,
  plain,
}: {
  readonly on: boolean;
  readonly title: string;
  readonly plain: string;
}) {
  const id = useId();
  return (
    <div className={css.line}>
      <div>
        <label htmlFor={id} className={css.title}>
          {title}
        </label>
        <p id={`${id}-plain`} className={css.plain}>
          {plain}
        </p>
      </div>
      <Switch
        id={id}
        size="md"
        withThumbIndicator={false}
        aria-describedby={`${id}-plain`}
        checked={on}
        onChange={(event) =>
          void send({ do: 'save-choices', choices: { startAtLogin: event.currentTarget.checked } })
        }
      />
    </div>
  );
}
