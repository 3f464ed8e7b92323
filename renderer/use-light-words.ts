import type { Snapshot } from '../main/contract.ts';
import { causesOf } from '../main/readings.ts';
import type { Tone } from './rows.ts';
import { useSay } from './text.ts';

/** The light as it is shown: its tone, a headline, and why it is so (the gravest cause, where there is one). */
export function useLightWords({ light, rows, work, lookedAt }: Snapshot): {
  tone: Tone;
  title: string;
  sentence: string;
} {
  const { t, code, reason, join } = useSay();
  // Before the first look is over, "unknown" is no finding yet.
  const name = light === 'unknown' && lookedAt === null ? 'first-look' : light;
  const head: { tone: Tone; title: string } = {
    tone: name === 'first-look' ? 'looking' : light,
    title: t(`light.${name}.title`),
  };
  const plain = { ...head, sentence: t(`light.${name}.plain`) };
  if (light === 'working' && work.is === 'running') return { ...head, sentence: code('step', work.step) };
  if (name !== 'attention' && name !== 'danger' && name !== 'unknown') return plain;
  const [cause, ...others] = causesOf(rows);
  if (!cause) return plain;
  // The row says "this"; here, far from its title, it has to be named.
  const why =
    cause.finding.why === 'could-not-look'
      ? t('home.not-checked', { what: t(`safeguard.${cause.id}.title`) })
      : reason(cause.finding);
  const more = others.length === 0 ? null : t('home.others', { count: others.length });
  return { ...head, sentence: more === null ? why : join(why, more) };
}
