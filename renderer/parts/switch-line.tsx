import { Switch } from '@mantine/core';
import { useId } from 'react';
import css from './switch-line.module.css';

/** Something that is on or off: the words on the left, the switch on the right. */
export function SwitchLine({
  on,
  title,
  plain,
  onChange,
}: {
  readonly on: boolean;
  readonly title: string;
  readonly plain: string;
  readonly onChange: (on: boolean) => void;
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
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
    </div>
  );
}
