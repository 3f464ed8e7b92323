import type { Snapshot } from '../main/contract.ts';
import { causesOf } from './rows.ts';
import { useSay } from './text.ts';

/** The light in words: a headline, and why it is so (the gravest cause, where there is one). */
export function useLightWords({ light, rows, work, lookedAt }: Snapshot): {
  title: string;
  sentence: string;
} {
  const { t, code, reason, join } = useSay();
  // Before the first look is over, "unknown" is no finding yet.
  const name = light === 'unknown' && lookedAt === null ? 'first-look' : light;
  const title = t(`light.${name}.title`);
  const plain = { title, sentence: t(`light.${name}.plain`) };
  if (light === 'working' && work.is === 'running') return { title, sentence: code('step', work.step) };
  if (name !== 'attention' && name !== 'danger' && name !== 'unknown') return plain;
  const [cause, ...others] = causesOf(rows);
  if (!cause?.finding || cause.finding.is === 'ok') return plain;
  const why = reason(cause.finding);
  const more = others.length === 0 ? null : t('home.others', { count: others.length });
  return { title, sentence: more === null ? why : join(why, more) };
}
