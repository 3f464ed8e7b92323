import { type ReactNode, useId } from 'react';
import css from './card.module.css';

/** A group of things that belong together, with a heading where it needs one. */
export function Card({
  title,
  lead,
  aside,
  children,
}: {
  readonly title?: string;
  readonly lead?: ReactNode;
  /** Stands across from the heading. */
  readonly aside?: ReactNode;
  readonly children?: ReactNode;
}) {
  const id = useId();
  return (
    <section className={css.card} aria-labelledby={title === undefined ? undefined : id}>
      {title !== undefined && (
        <header className={css.header}>
          <div>
            <h2 id={id} className={css.title}>
              {title}
            </h2>
            {lead !== undefined && <p className={css.lead}>{lead}</p>}
          </div>
          {aside}
        </header>
      )}
      {children}
    </section>
  );
}
