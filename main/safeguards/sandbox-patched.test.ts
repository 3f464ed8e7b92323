import { describe, expect, it } from 'vitest';
import { ProblemError } from '../problem.ts';
import type { OwnSystem } from '../sandbox/sandbox.ts';
import { movedInMachine, startApp } from '../testing/apps.ts';
import { check, expectWhole, fix } from '../testing/checks.ts';
import { imageOf, type Machine } from '../testing/machine.ts';
import type { Offer } from './offer.ts';
import { both, judgeImage, judgeOwnSystem, sandboxPatched } from './sandbox-patched.ts';

const day = 24 * 3_600_000;
const now = Date.UTC(2026, 10, 22);
const old = now - 60 * day;
const offer = (newest: string, change: Partial<Offer> = {}): Offer => ({
  newest,
  publishedAt: null,
  heldBack: null,
  failed: false,
  postponedUntil: null,
  ...change,
});
const newer = (change: Partial<Offer> = {}) => offer('2026.9.7', change);

describe('judgeImage', () => {
  it.each<[string, number | null, Offer | null, string]>([
    ['made just now', now, null, 'ok'],
    ['made less than two months ago, whatever is offered', old + 1, newer(), 'ok'],
    ['made two months ago, with a newer one offered', old, newer(), 'attention system-old'],
    ['made two months ago, with none newer', old, offer('2026.9.6'), 'ok system-old'],
    ['made two months ago, with an older one offered', old, offer('2026.9.5'), 'ok system-old'],
    ['made two months ago, and nobody can be asked', old, null, 'unknown system-old-newest-unknown'],
    ['made at no known time', null, newer(), 'unknown system-undated'],
    ['made tomorrow by another clock', now + day, null, 'ok'],
    ['made later than any clock is off', now + day + 1, newer(), 'unknown system-undated'],
    ['old, with one that did not work here', old, newer({ failed: true }), 'ok version-failed'],
    ['old, with one to wait for', old, newer({ postponedUntil: now + 1 }), 'ok version-postponed'],
    ['old, with one just out', old, newer({ publishedAt: now - 3 * day + 1 }), 'ok version-young'],
    ['old, with one out for days', old, newer({ publishedAt: now - 3 * day }), 'attention system-old'],
    ['old, with one out tomorrow, it says', old, newer({ publishedAt: now + day }), 'attention system-old'],
  ])('%s', (_, madeAt, newest, result) => {
    const finding = expectWhole(judgeImage(madeAt, '2026.9.6', newest, now), now);
    const said = finding.is === 'ok' ? finding.notes.map(({ code }) => code) : [finding.why];
    expect([finding.is === 'broken' ? finding.gravity : finding.is, ...said].join(' ')).toBe(result);
  });

  it('says the date and the age', () => {
    expect(judgeImage(Date.UTC(2026, 10, 1, 23), '2026.9.6', null, now).evidence).toEqual([
      { code: 'system-made', facts: { date: '2026-11-01', age: 20 * 86_400 + 3_600 }, at: now },
    ]);
  });
});

describe('the system inside', () => {
  /** A home whose image was made so long ago (ms). */
  const aged = async (ms: number | null, change: (machine: Machine) => void = () => {}) => {
    const machine = await movedInMachine();
    const { reference } = imageOf('2026.9.6');
    machine.imageDates.set(reference, ms === null ? null : machine.now - ms);
    change(machine);
    return machine;
  };

  it('is as old as the image that the home was made from; nobody else is asked while it is young', async () => {
    const machine = await aged(20 * day, (it) => {
      it.offered = null;
    });
    expect(await check(sandboxPatched, machine)).toMatchObject({
      is: 'ok',
      evidence: [{ code: 'system-made', facts: { age: 20 * 86_400 } }],
    });
    // Another image that lies here says nothing about the home.
    machine.images.set('2026.9.7', imageOf('2026.9.7'));
    machine.imageDates.set(imageOf('2026.9.7').reference, machine.now - 300 * day);
    expect(await check(sandboxPatched, machine)).toMatchObject({ is: 'ok', notes: [] });
  });

  it('is no fault while nothing newer is offered, and unknown while nobody can be asked', async () => {
    const machine = await aged(90 * day);
    expect(await check(sandboxPatched, machine)).toMatchObject({ is: 'ok', notes: [{ code: 'system-old' }] });
    machine.offered = null;
    expect(await check(sandboxPatched, machine)).toMatchObject({
      is: 'unknown',
      why: 'system-old-newest-unknown',
    });
    expect(await check(sandboxPatched, await aged(null))).toMatchObject({ why: 'system-undated' });
  });

  it('is renewed with the newest version, by the same way as any update', async () => {
    const machine = await aged(90 * day, (it) => {
      it.offered = ['2026.9.6', '2026.9.7'];
    });
    expect(await check(sandboxPatched, machine)).toMatchObject({ why: 'system-old' });
    const { is, calls } = await fix(sandboxPatched, machine);
    expect(is).toBe('done');
    expect(calls).toContain('sandbox.startRehearsal');
    expect(machine.home?.spec.version).toBe('2026.9.7');
    expect(machine.state?.memories).toEqual(['my name is Ada']);
    expect(await check(sandboxPatched, machine)).toMatchObject({ is: 'ok', notes: [] });
  });

  it('is renewed together with the version: one update mends both', async () => {
    const machine = await aged(90 * day, (it) => {
      it.offered = ['2026.9.6', '2026.9.7'];
    });
    const test = startApp(machine);
    expect(await test.do({ do: 'fix-all' })).toEqual({ is: 'done' });
    expect(test.calls.filter((name) => name === 'sandbox.fetchImage')).toHaveLength(1);
    expect(test.notOk()).toEqual([]);
  });

  it('can be seen at rest, too', async () => {
    const machine = await aged(20 * day, (it) => {
      if (it.home) it.home.isRunning = false;
    });
    expect(await check(sandboxPatched, machine)).toMatchObject({ is: 'ok' });
    machine.home = null;
    expect(await check(sandboxPatched, machine)).toMatchObject({ why: 'home-missing' });
  });
});

const hour = 3_600_000;
const well: Extract<OwnSystem, { is: 'seen' }> = {
  is: 'seen',
  untrustedName: 'Debian GNU/Linux 12 (bookworm)',
  isAutomatic: true,
  askedAt: now - hour,
  fixedAt: now - hour,
  restartSince: null,
  upSince: now - 30 * day,
};

describe('judgeOwnSystem', () => {
  it.each<[string, OwnSystem, number | null, string]>([
    ['has its fixes', well, now - 30 * day, 'ok'],
    ['rests', { is: 'resting' }, now, 'unknown own-system-resting'],
    ['tells nothing', { is: 'unreadable', detail: '' }, now, 'unknown own-system-unreadable'],
    ['gets none by itself', { ...well, isAutomatic: false }, now, 'attention own-system-by-hand'],
    ['got none for a week', { ...well, fixedAt: now - 7 * day }, now, 'ok'],
    ['got none for longer', { ...well, fixedAt: now - 7 * day - 1 }, now, 'attention own-system-unfixed'],
    [
      'got none for longer and was switched off',
      { ...well, fixedAt: now - 40 * day, upSince: now - hour },
      now,
      'ok own-system-catching-up',
    ],
    ['is new', { ...well, askedAt: null, fixedAt: null }, now - day, 'ok own-system-new'],
    [
      'never got any',
      { ...well, askedAt: null, fixedAt: null },
      now - 8 * day,
      'attention own-system-unfixed',
    ],
    [
      'never got any since nobody knows when',
      { ...well, fixedAt: null },
      null,
      'attention own-system-unfixed',
    ],
    ['waits for the night', { ...well, restartSince: now - day }, now, 'ok'],
    ['waits for too long', { ...well, restartSince: now - 3 * day - 1 }, now, 'attention own-system-restart'],
  ])('that %s', (_, system, madeAt, result) => {
    const finding = judgeOwnSystem(system, madeAt, now);
    if (finding === null) throw new Error('no finding');
    expectWhole(finding, now);
    const said =
      finding.is === 'ok' ? finding.notes.map(({ code }) => code) : 'why' in finding ? [finding.why] : [];
    expect([finding.is === 'broken' ? finding.gravity : finding.is, ...said].join(' ')).toBe(result);
  });

  it('has nothing to say of a home that lives in this computer’s', () => {
    expect(judgeOwnSystem({ is: 'none' }, now, now)).toBeNull();
  });

  it('says the graver of two things, and all that was seen', () => {
    const image = judgeImage(now, '2026.9.6', null, now);
    const own = judgeOwnSystem({ ...well, isAutomatic: false }, now, now);
    const together = both(image, own);
    expect(together).toMatchObject({ is: 'broken', why: 'own-system-by-hand' });
    expect(together.evidence.map(({ code }) => code)).toEqual(
      expect.arrayContaining(['system-made', 'own-system-by-hand']),
    );
    expect(both(image, null)).toBe(image);
    const undated = judgeImage(null, '2026.9.6', null, now);
    expect(both(undated, judgeOwnSystem(well, now, now))).toMatchObject({ is: 'unknown' });
  });
});

describe('the home’s own system', () => {
  it.each<[string, Partial<typeof well>]>([
    ['gets its fixes by hand', { isAutomatic: false }],
    ['has had none for weeks', { fixedAt: now - 30 * day }],
    ['waits to begin anew', { restartSince: now - 5 * day }],
  ])('that %s is put right, and OpenClaw lives afterwards', async (_, change) => {
    const machine = await movedInMachine();
    const shift = machine.now - now;
    const moved = (at: number | null) => (at === null ? null : at + shift);
    const system = { ...well, ...change };
    machine.ownSystem = {
      ...system,
      askedAt: moved(system.askedAt),
      fixedAt: moved(system.fixedAt),
      restartSince: moved(system.restartSince),
      upSince: system.upSince + shift,
    };
    expect(await check(sandboxPatched, machine)).toMatchObject({ is: 'broken', gravity: 'attention' });
    const { is, calls } = await fix(sandboxPatched, machine);
    expect(is).toBe('done');
    // Nobody needs another OpenClaw for that.
    expect(calls).not.toContain('sandbox.fetchImage');
    expect(await check(sandboxPatched, machine)).toMatchObject({ is: 'ok' });
    expect(machine.home?.isRunning).toBe(true);
  });

  it('that could not get them says so', async () => {
    const machine = await movedInMachine();
    machine.ownSystem = { ...well, isAutomatic: false };
    const test = startApp(machine);
    test.failNext('sandbox.fixOwnSystem', new ProblemError('system-not-fixed'));
    expect(await test.do({ do: 'fix', id: 'sandbox-patched' })).toMatchObject({
      is: 'failed',
      problem: { code: 'system-not-fixed' },
    });
  });
});
