import type { UpdateView } from '../contract.ts';
import type { Updates } from './journal.ts';
import { watchTime } from './watch.ts';

/** What the views show of updates; pure. */
export function updateView({ open, failed, last }: Updates): UpdateView {
  const watchedUntil = open?.stage === 'watching' ? open.since + watchTime : null;
  return { watchedUntil, failed, last };
}
