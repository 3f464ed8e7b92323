import type { ReactNode } from 'react';
import type { Tone } from '../rows.ts';
import { Harbour } from './harbour.tsx';
import css from './scene-pane.module.css';

/** The left side of every screen: the harbour, and on its sky whatever the screen puts there. */
export function ScenePane({
  children,
  tone,
  way,
  lamp = true,
  label,
}: {
  readonly children: ReactNode;
  /** Tints the whole harbour with a state; without one it lies in its own evening light. */
  readonly tone?: Tone;
  readonly way: number;
  readonly lamp?: boolean;
  readonly label: string;
}) {
  return (
    <section className={css.pane} data-tone={tone} data-own={tone === undefined} aria-label={label}>
      <div className={css.content}>{children}</div>
      <div className={css.picture}>
        <Harbour way={way} lamp={lamp} />
      </div>
    </section>
  );
}
