import type { Light } from '../../main/contract.ts';
import type { Tone } from '../rows.ts';
import { StateShape } from './state-shape.tsx';
import css from './traffic-light.module.css';

/** The one light: shape, colour, one headline and one sentence. */
export function TrafficLight({
  light,
  tone,
  title,
  sentence,
  heading,
}: {
  readonly light: Light;
  /** How the light is shown: as itself, or as still looking. */
  readonly tone: Tone;
  readonly title: string;
  readonly sentence: string;
  /** Where another page has the heading, the headline is only a line. */
  readonly heading: 'h1' | 'p';
}) {
  const Headline = heading;
  return (
    <div className={css.light} data-light={light} data-tone={tone}>
      <span className={css.halo}>
        <StateShape tone={tone} size={58} />
      </span>
      <Headline className={css.headline}>{title}</Headline>
      <p className={css.sentence}>{sentence}</p>
    </div>
  );
}
