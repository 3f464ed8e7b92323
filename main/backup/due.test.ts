import { expect, it } from 'vitest';
import type { Backup } from '../contract.ts';
import { newId } from './catalogue.ts';
import { isDue } from './due.ts';

const hour = 3_600_000;
const now = Date.UTC(2026, 10, 22, 12);
const backup = (at: number, why: Backup['why'] = 'schedule'): Backup => ({
  id: newId(at, why),
  at,
  why,
  version: '2026.9.6',
  bytes: 1,
  verifiedAt: at,
});

it.each([
  ['not where there is no home', [], null, null, false],
  ['not in a home made just now', [], now - hour, null, false],
  ['a day after the home was made', [], now - 25 * hour, null, true],
  ['a day after the last one', [backup(now - 25 * hour)], 0, null, true],
  ['not sooner', [backup(now - 23 * hour)], 0, null, false],
  ['not right after a try that failed', [], 0, now - hour, false],
  ['although there is one from before an update', [backup(now - hour, 'update')], 0, null, true],
  ['a day after the clock was set back, not at once', [backup(now + 5 * hour)], 0, null, false],
])('a backup is due: %s', (_, backups, madeAt, triedAt, due) => {
  expect(isDue(backups, madeAt, triedAt, now)).toBe(due);
});
