import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import css from './sure.module.css';

/** Asks once more before something is done; the way out has the focus. */
export function Sure({
  title,
  yes,
  no,
  onYes,
  onNo,
  children,
}: {
  readonly title: string;
  readonly yes: string;
  readonly no: string;
  readonly onYes: () => void;
  readonly onNo: () => void;
  readonly children: ReactNode;
}) {
  return (
    <div className={css.sure}>
      <h2>{title}</h2>
      {children}
      <div className={css.buttons}>
        <Button variant="default" data-autofocus onClick={onNo}>
          {no}
        </Button>
        <Button onClick={onYes}>{yes}</Button>
      </div>
    </div>
  );
}
