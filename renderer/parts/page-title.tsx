import { type ReactNode, useEffect, useRef } from 'react';
import css from './page-title.module.css';

/** A page's heading. It takes the focus when its page comes, so that it is read out and Tab starts there. */
export function PageTitle({ children, lead }: { readonly children: ReactNode; readonly lead?: ReactNode }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  return (
    <header className={css.header}>
      <h1 ref={heading} tabIndex={-1} className={css.title}>
        {children}
      </h1>
      {lead !== undefined && <p className={css.lead}>{lead}</p>}
    </header>
  );
}
