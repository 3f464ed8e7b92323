import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Backup, BackupId, BackupWhy } from '../contract.ts';
import { newId } from './catalogue.ts';
import { goodOnes, outdated } from './retention.ts';

const day = 24 * 3_600_000;
const now = Date.UTC(2026, 10, 22, 12);
const backup = (daysAgo: number, change: Partial<Backup> = {}): Backup => {
  const at = now - daysAgo * day;
  const why = change.why ?? 'schedule';
  return { id: newId(at, why), at, why, version: '2026.9.6', bytes: 100, verifiedAt: at, ...change };
};
const kept = (backups: Backup[], budget = 1_000_000, needed: BackupId[] = [], clock = now) => {
  const gone = outdated(backups, clock, budget, needed);
  return backups.filter(({ id }) => !gone.includes(id));
};

describe('what backups stay', () => {
  it('one of each of seven days, one of each of four weeks', () => {
    const all = Array.from({ length: 60 }, (_, days) => backup(days));
    const stays = kept(all).map(({ at }) => Math.round((now - at) / day));
    expect(stays.slice(0, 7)).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(stays.length).toBeGreaterThanOrEqual(9);
    expect(stays.length).toBeLessThanOrEqual(11);
    expect(Math.max(...stays)).toBeLessThan(29);
  });

  it('the newest of a day', () => {
    const [early, late] = [backup(0.3), backup(0.1)];
    expect(kept([early, late])).toEqual([late]);
  });

  it('those from before updates for a week, and what was set aside twice at most', () => {
    const update = backup(6, { why: 'update' });
    expect(kept([backup(0), update])).toContain(update);
    const days = [0, 0.9, 1.9].map((daysAgo) => backup(daysAgo));
    expect(kept([...days, backup(9, { why: 'update' })])).toEqual(days);
    const asides = [1, 2, 3].map((days) => backup(days, { why: 'set-aside' }));
    expect(kept([backup(0), ...asides])).toHaveLength(3);
  });

  const came = (daysAgo: number): Backup => ({
    ...backup(60),
    id: newId(now - daysAgo * day, 'elsewhere'),
    why: 'elsewhere',
  });

  it('what was brought in, for a week; the newest of it however little room there is', () => {
    const own = backup(0);
    expect(kept([own, came(1), came(2)])).toEqual([own, came(1), came(2)]);
    expect(kept([own, came(1), came(2)], 0)).toEqual([own, came(1)]);
    const days = [0, 0.9, 1.9].map((daysAgo) => backup(daysAgo));
    expect(kept([...days, came(9)])).toEqual(days);
    expect(goodOnes([came(1)], now)).toEqual([]);
  });

  it.each([
    ['far ahead', Date.UTC(2090, 0, 1)],
    ['far back', Date.UTC(2010, 0, 1)],
  ])('what stays for a week, until several backups say that it is over: a clock that is %s', (_, wrong) => {
    const special = [backup(2, { why: 'update' }), backup(1, { why: 'restore' }), came(1)];
    const days = [0, 1, 2, 3, 4].map((daysAgo) => backup(daysAgo));
    const astray = [0, 1, 2].map((later) => backup((now - wrong) / day - later));
    expect(kept([...days, ...special, ...astray.slice(0, 1)], 1_000_000, [], wrong)).toEqual(
      expect.arrayContaining(special),
    );
    expect(kept([...days, ...special, ...astray], 1_000_000, [], wrong + 3 * day)).not.toContain(special[0]);
  });

  it('those made with a clock far ahead as the oldest, once it is right again', () => {
    const astray = Array.from({ length: 9 }, (_, days) => backup(-20_000 - days));
    const days = Array.from({ length: 7 }, (_, daysAgo) => backup(daysAgo));
    expect(kept([...astray, ...days])).toEqual(expect.arrayContaining(days));
    // They fill the weeks that nothing else fills.
    expect(kept([...astray, ...days]).length).toBeLessThanOrEqual(days.length + 3);
    expect(goodOnes([...astray, ...days], now)[0]).toEqual(days[0]);
    expect(kept([...astray, ...days], 250)).toEqual(days.slice(0, 2));
  });

  it('what is needed now, whatever else is said of it', () => {
    const old = backup(300);
    const [newer, good] = [backup(1, { verifiedAt: null }), backup(0)];
    expect(kept([old, newer, good], 0, [old.id])).toEqual([old, good]);
  });

  it('as many as the budget has room for, the newest first', () => {
    const all = [0, 1, 2, 3].map((days) => backup(days));
    expect(kept(all, 250)).toEqual(all.slice(0, 2));
  });

  it('always the last good one and the newest, whatever the budget says', () => {
    const good = backup(40);
    const bad = backup(0, { verifiedAt: null });
    expect(kept([bad, good, backup(20, { verifiedAt: null })], 0)).toEqual([bad, good]);
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            days: fc.double({ min: -400, max: 400, noNaN: true }),
            why: fc.constantFrom<BackupWhy>('schedule', 'person', 'update', 'restore', 'set-aside'),
            bytes: fc.nat(1000),
            isGood: fc.boolean(),
          }),
          { maxLength: 40 },
        ),
        fc.nat(3000),
        (parts, budget) => {
          const made = parts.map(({ days, why, bytes, isGood }) =>
            backup(days, { why, bytes, verifiedAt: isGood ? now : null }),
          );
          const all = [...new Map(made.map((one) => [one.id, one])).values()];
          const good = goodOnes(all, now)[0];
          const stays = kept(all, budget);
          if (good) expect(stays.map(({ id }) => id)).toContain(good.id);
          const newest = [...all].sort((a, b) => Number(a.at > now) - Number(b.at > now) || b.at - a.at)[0];
          const unheld = stays.filter(({ id }) => id !== good?.id && id !== newest?.id);
          expect(unheld.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThanOrEqual(budget);
        },
      ),
    );
  });
});
