import type { Tone } from '../rows.ts';
import css from './state-shape.module.css';

const octagon = 'M8 2.6h8L21.4 8v8L16 21.4H8L2.6 16V8Z';
const mark = { className: css.mark, strokeWidth: 2.2, strokeLinecap: 'round', fill: 'none' } as const;

/** Each state has an outline of its own, so that nobody has to tell colours apart. */
function outlineOf(tone: Tone) {
  switch (tone) {
    case 'good':
      return (
        <>
          <circle cx="12" cy="12" r="10.4" className={css.fill} />
          <path d="m7.4 12.4 3.2 3.2 6-6.6" {...mark} strokeLinejoin="round" />
        </>
      );
    case 'attention':
      return (
        <>
          <path d="M12 3.4 21.6 20H2.4Z" className={css.fill} data-round />
          <path d="M12 9.4v4.8m0 3.1v.1" {...mark} />
        </>
      );
    case 'danger':
      return (
        <>
          <path d={octagon} className={css.fill} data-round />
          <path d="m8.6 8.6 6.8 6.8m0-6.8-6.8 6.8" {...mark} />
        </>
      );
    case 'working':
      return (
        <g className={css.turning}>
          <circle cx="12" cy="12" r="9.2" className={css.track} />
          <path d="M12 2.8a9.2 9.2 0 0 1 9.2 9.2M12 21.2A9.2 9.2 0 0 1 2.8 12" className={css.arc} />
        </g>
      );
    case 'stopped':
      return (
        <>
          <rect x="2" y="2" width="20" height="20" rx="5.6" className={css.fill} />
          <path d="M9.4 8.4v7.2m5.2-7.2v7.2" {...mark} strokeWidth={2.6} />
        </>
      );
    case 'unknown':
      return (
        <>
          <path d="M12 2.2 21.8 12 12 21.8 2.2 12Z" className={css.fill} data-round />
          <path d="M9.7 9.9a2.4 2.4 0 1 1 3.5 2.2c-.8.4-1.2.9-1.2 1.7m0 2.7v.1" {...mark} strokeWidth={2} />
        </>
      );
    case 'waiting':
      return (
        <>
          <circle cx="12" cy="12" r="9.6" className={css.line} />
          <path d="M7.6 12h.1m4.3 0h.1m4.3 0h.1" className={css.dots} />
        </>
      );
    case 'aside':
      return (
        <>
          <circle cx="12" cy="12" r="9.6" className={css.line} />
          <path d="M8 12h8" className={css.dots} />
        </>
      );
    case 'looking':
      return (
        <g className={css.turning} data-slow>
          <circle cx="12" cy="12" r="9.6" className={css.dashes} />
        </g>
      );
  }
}

/**
 * The sign of a state: shape and colour. With a `label` it is an image that is
 * read out; without one the words beside it say the same.
 */
export function StateShape({
  tone,
  size = 22,
  label,
}: {
  readonly tone: Tone;
  readonly size?: number;
  readonly label?: string;
}) {
  const voice = label === undefined ? { 'aria-hidden': true } : { role: 'img', 'aria-label': label };
  return (
    // biome-ignore lint/a11y/noSvgWithoutTitle: labelled or hidden, see `voice`; a title would pop up
    <svg viewBox="0 0 24 24" width={size} height={size} className={css.shape} data-tone={tone} {...voice}>
      {outlineOf(tone)}
    </svg>
  );
}
