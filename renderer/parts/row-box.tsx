import { type ReactNode, useId } from 'react';
import css from './row-box.module.css';

/** What an opened row holds, sunk into it; with a title it is a section of its own. */
export function RowBox({ title, children }: { readonly title?: string; readonly children: ReactNode }) {
  const id = useId();
  if (title === undefined) return <div className={css.box}>{children}</div>;
  return (
    <section className={css.box} aria-labelledby={id}>
      <h5 id={id} className={css.title}>
        {title}
      </h5>
      {children}
    </section>
  );
}
