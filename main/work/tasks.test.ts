import { describe, expect, it, vi } from 'vitest';
import type { Finding } from '../contract.ts';
import type { Safeguard } from '../safeguards/safeguard.ts';
import { testJobs } from '../testing/jobs.ts';
import { attention, blind, danger, good, row } from '../testing/safeguards.ts';
import { makeAllSo, makeOneSo, setUp } from './tasks.ts';

/** A safeguard that finds one thing after the other, and counts its fixes. */
function changing(id: Safeguard['id'], findings: Finding[], rest: Partial<Safeguard> = {}) {
  const fix = vi.fn(async () => {});
  const left = [...findings];
  return { safeguard: row(id, async () => left.shift() ?? good, { fix, ...rest }), fix };
}

async function walk(table: Safeguard[], stopped = false) {
  const test = testJobs();
  test.machine.choices = { ...test.machine.choices, stopped };
  const shown: [string, string][] = [];
  const ending = await test.run((job) =>
    makeAllSo(table, test.doors, job, (id, { finding }) => shown.push([id, finding.is])),
  );
  return { ...test, ending, shown };
}

describe('making everything so', () => {
  it('checks from top to bottom, fixes only what is not ok, and checks again', async () => {
    const fine = changing('room-to-work', [good]);
    const sick = changing('engine-ready', [attention, good]);
    const { ending, shown } = await walk([fine.safeguard, sick.safeguard]);
    expect(ending).toEqual({ is: 'done' });
    expect(fine.fix).not.toHaveBeenCalled();
    expect(sick.fix).toHaveBeenCalledOnce();
    expect(shown).toEqual([
      ['room-to-work', 'ok'],
      ['engine-ready', 'broken'],
      ['engine-ready', 'ok'],
    ]);
  });

  it('ends where a repair did not help, and leaves the rest alone', async () => {
    const sick = changing('engine-ready', [danger, danger]);
    const next = changing('sandbox-exists', [danger]);
    const { ending, state } = await walk([sick.safeguard, next.safeguard]);
    expect(ending).toMatchObject({ is: 'failed', problem: { code: 'still-broken' } });
    expect(state.get().work).toMatchObject({ is: 'failed', safeguard: 'engine-ready' });
    expect(next.fix).not.toHaveBeenCalled();
  });

  it('repairs what could not be looked at, and goes on when it still can’t be', async () => {
    const dark = changing('gateway-running', [blind, blind]);
    const next = changing('gateway-local-only', [danger, good]);
    const { ending } = await walk([dark.safeguard, next.safeguard]);
    expect(ending).toEqual({ is: 'done' });
    expect(dark.fix).toHaveBeenCalledOnce();
    expect(next.fix).toHaveBeenCalledOnce();
  });

  it('repairs nothing where only nobody could be asked what is newest', async () => {
    const offline: Finding = { is: 'unknown', why: 'newest-unknown', facts: {}, evidence: [] };
    const { safeguard, fix } = changing('agent-version', [offline]);
    expect((await walk([safeguard])).ending).toEqual({ is: 'done' });
    expect(fix).not.toHaveBeenCalled();
  });

  it('does not wake what was stopped on purpose, nor repair what can’t be looked at in its sleep', async () => {
    const asleep: Finding = { is: 'unknown', why: 'stopped-on-purpose', facts: {}, evidence: [] };
    const gateway = changing('gateway-running', [asleep]);
    const lock = changing('gateway-locked', [blind], { needs: ['gateway-running'] });
    expect((await walk([gateway.safeguard, lock.safeguard], true)).ending).toEqual({ is: 'done' });
    expect(gateway.fix).not.toHaveBeenCalled();
    expect(lock.fix).not.toHaveBeenCalled();
  });

  it('repairs what is broken in its sleep all the same', async () => {
    const { safeguard, fix } = changing('gateway-locked', [danger, good], { needs: ['gateway-running'] });
    expect((await walk([safeguard], true)).ending).toEqual({ is: 'done' });
    expect(fix).toHaveBeenCalledOnce();
  });

  it('says what the person has to do where no machine can put it right', async () => {
    expect((await walk([row('not-administrator', danger)])).ending).toMatchObject({
      problem: { code: 'is-administrator', next: ['check-now'] },
    });
    expect((await walk([row('room-to-work', danger)])).ending).toMatchObject({
      problem: { code: 'still-broken', next: ['check-now'] },
    });
  });

  it('puts everything else right first where one thing is for the person alone', async () => {
    const { safeguard, fix } = changing('backup-recent', [danger, good]);
    expect((await walk([row('host-powers-off', danger), safeguard])).ending).toMatchObject({
      problem: { code: 'still-broken' },
    });
    expect(fix).toHaveBeenCalledOnce();
  });

  it('stops between two safeguards when it is cancelled', async () => {
    const test = testJobs();
    const next = changing('sandbox-exists', [danger]);
    const cancelled = async () => {
      test.jobs.cancel();
      return good;
    };
    const table = [row('engine-ready', cancelled, { fix: async () => {} }), next.safeguard];
    expect(await test.run((job) => makeAllSo(table, test.doors, job, () => {}))).toEqual({ is: 'cancelled' });
    expect(next.fix).not.toHaveBeenCalled();
  });
});

describe('setting up', () => {
  const walkUp = async (table: Safeguard[], test = testJobs()) => {
    const shown: [string, string][] = [];
    const ending = await test.run((job) =>
      setUp(table, test.doors, job, (id, { finding }) => shown.push([id, finding.is])),
    );
    return { ending, shown, calls: test.calls };
  };

  it('makes the home so, and leaves ClawCove itself as it is once it has asked for the newest', async () => {
    const home = changing('engine-ready', [attention, good]);
    const own = changing('app-current', [danger]);
    const { ending, shown, calls } = await walkUp([home.safeguard, own.safeguard]);
    expect(ending).toEqual({ is: 'done' });
    expect(shown).toEqual([
      ['engine-ready', 'broken'],
      ['engine-ready', 'ok'],
      ['app-current', 'broken'],
    ]);
    expect(calls).toContain('appUpdates.look');
    expect(own.fix).not.toHaveBeenCalled();
  });

  it('holds up nobody’s home for what they lent OpenClaw elsewhere, and shows it', async () => {
    expect(await walkUp([row('host-powers-off', danger)])).toMatchObject({
      ending: { is: 'done' },
      shown: [['host-powers-off', 'broken']],
    });
  });

  it('does not fail where nobody can be asked for the newest ClawCove', async () => {
    const test = testJobs();
    test.machine.appOffered = 'source-silent';
    const own = changing('app-current', [blind]);
    expect(await walkUp([own.safeguard], test)).toMatchObject({
      ending: { is: 'done' },
      shown: [['app-current', 'unknown']],
    });
  });

  it('asks nobody where others bring the newest ClawCove', async () => {
    const test = testJobs();
    test.machine.appAbility = { is: 'left-to-others', why: 'app-by-system' };
    const { calls } = await walkUp([changing('app-current', [blind]).safeguard], test);
    expect(calls).not.toContain('appUpdates.look');
  });
});

describe('making one so', () => {
  it('leaves the others alone', async () => {
    const test = testJobs();
    const one = changing('engine-ready', [danger, good]);
    const other = changing('room-to-work', [danger]);
    const table = [other.safeguard, one.safeguard];
    expect(await test.run((job) => makeOneSo(table, 'engine-ready', test.doors, job, () => {}))).toEqual({
      is: 'done',
    });
    expect(one.fix).toHaveBeenCalledOnce();
    expect(other.fix).not.toHaveBeenCalled();
  });
});
