import { describe, expect, it, vi } from 'vitest';
import type { Finding, Row, SafeguardId } from '../contract.ts';
import type { Safeguard } from '../safeguards/safeguard.ts';
import { createState } from '../state.ts';
import { openDoors, settle } from '../testing/doors.ts';
import { blankSnapshot } from '../testing/jobs.ts';
import { attention, blind, danger, good, row } from '../testing/safeguards.ts';
import { createLooks } from './looks.ts';
import { blankRows } from './rows.ts';

/** Looks at one safeguard whose checks are answered by hand. */
function looking(rest: Partial<Safeguard> = {}) {
  const { doors, machine } = openDoors();
  const answers: ((finding: Finding) => void)[] = [];
  const table = [
    row('engine-ready', () => new Promise((resolve) => answers.push(resolve)), rest),
    row('agent-version', {
      ...good,
      evidence: [{ code: 'version-running', facts: { version: '2026.9.6' }, at: 0 }],
    } as Finding),
  ];
  const state = createState({ ...blankSnapshot, rows: blankRows(table) });
  const looks = createLooks(table, doors, state);
  const shown = (id: SafeguardId = 'engine-ready') =>
    state.get().rows.find((one: Row) => one.id === id)?.finding ?? null;
  return { doors, looks, state, machine, answers, shown };
}

describe('a look', () => {
  it('shows each finding as it comes, and at its end when it was and which version answers', async () => {
    const { looks, state, answers, shown, machine } = looking();
    const look = looks.now();
    await settle();
    expect(state.get()).toMatchObject({ looking: true, lookedAt: null, light: 'unknown' });
    expect(shown('agent-version')).toMatchObject(good.is === 'ok' ? { is: 'ok' } : {});
    machine.now += 500;
    answers[0]?.(good);
    await look;
    expect(state.get()).toMatchObject({
      looking: false,
      lookedAt: machine.now,
      light: 'good',
      openClawVersion: '2026.9.6',
    });
  });

  it('knows no version when none answered', async () => {
    const { doors } = openDoors();
    const table = [row('agent-version', blind)];
    const state = createState({ ...blankSnapshot, openClawVersion: '2026.9.6', rows: blankRows(table) });
    await createLooks(table, doors, state).now();
    expect(state.get().openClawVersion).toBeNull();
  });

  it('gives way to a newer one: whatever it finds afterwards is not written', async () => {
    const { looks, answers, shown, state } = looking();
    const older = looks.now();
    await settle();
    const newer = looks.now();
    await settle();
    answers[1]?.(good);
    await newer;
    answers[0]?.(danger);
    await older;
    await settle();
    expect(shown()).toEqual(good);
    expect(state.get()).toMatchObject({ looking: false, light: 'good' });
  });

  it('runs alone, however many are asked for at once: the last one wins', async () => {
    const { looks, answers, state } = looking();
    const all = [looks.now(), looks.now(), looks.now()];
    await settle();
    expect(answers).toHaveLength(1);
    answers[0]?.(good);
    await Promise.all(all);
    expect(state.get().light).toBe('good');
  });

  it.each(['now', 'quietly'] as const)(
    'that work interrupts (%s) ends quietly and never overwrites what the work has found',
    async (how) => {
      const { looks, answers, shown, state } = looking();
      const look = looks[how]();
      await settle();
      looks.interrupt();
      looks.show('engine-ready', { finding: good, blame: null });
      answers[0]?.(danger);
      await look;
      await settle();
      expect(shown()).toEqual(good);
      expect(state.get()).toMatchObject({ looking: false, lookedAt: null });
    },
  );

  it('that still waits for an older one is interrupted all the same', async () => {
    const { looks, answers } = looking();
    void looks.now();
    await settle();
    void looks.now();
    looks.interrupt();
    await settle();
    expect(answers).toHaveLength(1);
  });

  it('tells of an error that is not the check’s own, and lets the next one run', async () => {
    const { doors, looks, state, answers } = looking();
    vi.spyOn(doors.clock, 'now').mockImplementationOnce(() => {
      throw new Error('the clock broke');
    });
    const look = looks.now();
    await settle();
    answers[0]?.(good);
    await expect(look).rejects.toThrow('the clock broke');
    const next = looks.now();
    await settle();
    answers[1]?.(attention);
    await next;
    expect(state.get().light).toBe('attention');
  });
});

describe('a quiet look', () => {
  it('shows nothing before its end, and all of it then', async () => {
    const { looks, answers, state } = looking();
    const seen = vi.fn();
    const look = looks.quietly();
    await settle();
    state.subscribe(({ rows }) => seen(rows.map(({ finding }) => finding?.is)));
    answers[0]?.(good);
    expect(await look).toBe(true);
    expect(seen.mock.calls[0]).toEqual([['ok', 'ok']]);
  });

  it('waits out a blip, and asks to be repeated soon while a trouble is young', async () => {
    const { looks, answers, shown, machine } = looking({ patience: 60_000 });
    const lookAndFind = async (finding: Finding, how: 'now' | 'quietly' = 'quietly') => {
      const look = looks[how]();
      await settle();
      answers.at(-1)?.(finding);
      return look;
    };
    await lookAndFind(good, 'now');
    expect(await lookAndFind(attention)).toBe(false);
    expect(shown()).toEqual(good);
    machine.now += 20_000;
    expect(await lookAndFind(good)).toBe(true);
    expect(await lookAndFind(attention)).toBe(false);
    machine.now += 60_000;
    expect(await lookAndFind(attention)).toBe(false);
    expect(shown()).toEqual(attention);
    machine.now += 61_000;
    expect(await lookAndFind(attention)).toBe(true);
  });

  it('does not hide from somebody who asked to look what it would have waited out', async () => {
    const { looks, answers, shown } = looking({ patience: 60_000 });
    const first = looks.now();
    await settle();
    answers[0]?.(good);
    await first;
    const asked = looks.now();
    await settle();
    answers[1]?.(attention);
    await asked;
    expect(shown()).toEqual(attention);
  });

  it('that a newer one breaks off waits for that one', async () => {
    const { looks, answers, shown } = looking();
    const quiet = looks.quietly();
    await settle();
    const asked = looks.now();
    let isOver = false;
    void quiet.then(() => {
      isOver = true;
    });
    await settle();
    expect(isOver).toBe(false);
    answers[1]?.(danger);
    await asked;
    expect(await quiet).toBe(false);
    expect(shown()).toEqual(danger);
  });

  it('joins a look that runs already instead of breaking it off', async () => {
    const { looks, answers, shown } = looking({ patience: 60_000 });
    const asked = looks.now();
    await settle();
    const quiet = looks.quietly();
    await settle();
    expect(answers).toHaveLength(1);
    answers[0]?.(attention);
    await asked;
    expect(await quiet).toBe(false);
    expect(shown()).toEqual(attention);
  });
});
