import type { ReactNode } from 'react';
import css from './answer-buttons.module.css';

/** The answers to a question, below it; what is done stands last. */
export function AnswerButtons({ children }: { readonly children: ReactNode }) {
  return <div className={css.buttons}>{children}</div>;
}
