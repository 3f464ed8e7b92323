import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { AnswerButtons } from './answer-buttons.tsx';
import css from './sure.module.css';

/** Asks once more before something is done; the way out has the focus. */
export function Sure({
  title,
  yes,
  no,
  danger = false,
  onYes,
  onNo,
  children,
}: {
  readonly title: string;
  readonly yes: string;
  readonly no: string;
  /** What is asked about can't be taken back. */
  readonly danger?: boolean;
  readonly onYes: () => void;
  readonly onNo: () => void;
  readonly children: ReactNode;
}) {
  return (
    <div className={css.sure}>
      <h2>{title}</h2>
      {children}
      <AnswerButtons>
        <Button variant="default" data-autofocus onClick={onNo}>
          {no}
        </Button>
        <Button {...(danger ? { 'data-tone': 'danger' } : {})} onClick={onYes}>
          {yes}
        </Button>
      </AnswerButtons>
    </div>
  );
}
