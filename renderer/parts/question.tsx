import type { Icon } from '@tabler/icons-react';
import { type ReactNode, useEffect, useRef } from 'react';
import { send } from '../use-snapshot.ts';
import { IconTile } from './icon-tile.tsx';
import css from './question-panel.module.css';

/** Says "no" or "not now". */
export function decline(): void {
  void send({ do: 'answer', answer: { is: 'no' } });
}

/** What every question looks like. */
export function Panel({
  icon,
  title,
  children,
}: {
  readonly icon: Icon;
  readonly title: string;
  readonly children: ReactNode;
}) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <section className={css.panel} data-question aria-label={title}>
      <header className={css.header}>
        <IconTile icon={icon} />
        <h2 ref={heading} tabIndex={-1} data-autofocus className={css.title}>
          {title}
        </h2>
      </header>
      {children}
    </section>
  );
}
