import { describe, expect, it } from 'vitest';
import { movedInMachine } from '../testing/apps.ts';
import { check, expectWhole, fix } from '../testing/checks.ts';
import { automaticUpdates, judgeSchedule, type Written } from './automatic-updates.ts';

const day = 24 * 3_600_000;
const now = Date.UTC(2026, 10, 22);
const nothing: Written = { lastLook: null, failed: null };
const lookedAgo = (ms: number): Written => ({
  ...nothing,
  lastLook: { channel: 'stable', newest: '2026.9.7', at: now - ms, since: 0 },
});
const looked = lookedAgo(day);
const failed = (version: string): Written => ({
  ...looked,
  failed: { version, why: 'not-ready', at: now - day },
});

describe('the schedule of updates', () => {
  it.each<[string, boolean, Written, string]>([
    ['is on and looked lately', true, looked, 'ok'],
    ['is off', false, looked, 'attention updates-off'],
    ['is off and never looked', false, nothing, 'attention updates-off'],
    ['never looked', true, nothing, 'unknown updates-not-looked'],
    ['looked three days ago', true, lookedAgo(3 * day), 'ok'],
    ['looked longer ago', true, lookedAgo(3 * day + 1), 'unknown updates-silent'],
    ['looked on a clock that was wrong by years', true, lookedAgo(-400 * day), 'unknown updates-silent'],
    ['could not update to the newest version', true, failed('2026.9.7'), 'attention update-failed'],
    ['could not update to one that is not the newest any more', true, failed('2026.9.6'), 'ok'],
  ])('that %s', (_, isOn, written, result) => {
    const finding = expectWhole(judgeSchedule({ automaticUpdates: isOn, updateHour: 3 }, written, now), now);
    const why = finding.is === 'ok' ? '' : ` ${finding.why}`;
    expect(`${finding.is === 'broken' ? finding.gravity : finding.is}${why}`).toBe(result);
  });

  it('says the hour as a clock shows it', () => {
    expect(judgeSchedule({ automaticUpdates: true, updateHour: 3 }, looked, now).evidence[0]?.facts).toEqual({
      hour: '03:00',
    });
  });
});

describe('putting the schedule right', () => {
  it('turns it on and looks', async () => {
    const machine = await movedInMachine();
    machine.choices = { ...machine.choices, automaticUpdates: false };
    machine.receipts = { ...machine.receipts, lastLook: null };
    expect(await check(automaticUpdates, machine)).toMatchObject({ why: 'updates-off' });
    expect(await fix(automaticUpdates, machine)).toMatchObject({ is: 'done' });
    expect(await check(automaticUpdates, machine)).toMatchObject({ is: 'ok' });
    expect(machine.receipts.lastLook).toMatchObject({ newest: '2026.9.6', at: machine.now });
  });

  it('is no failure where nobody can be asked: that stays unknown', async () => {
    const machine = await movedInMachine();
    machine.receipts = { ...machine.receipts, lastLook: null };
    machine.offered = null;
    expect(await fix(automaticUpdates, machine)).toMatchObject({ is: 'done' });
    expect(await check(automaticUpdates, machine)).toMatchObject({
      is: 'unknown',
      why: 'updates-not-looked',
    });
  });

  it('tries a version again that failed, as often as the person likes', async () => {
    const machine = await movedInMachine();
    machine.offered = ['2026.9.6', '2026.9.7'];
    machine.updates = { ...machine.updates, failed: { version: '2026.9.7', why: 'unwell', at: 1 } };
    machine.duds.add('2026.9.7');
    expect(await fix(automaticUpdates, machine)).toMatchObject({ problem: { code: 'update-put-back' } });
    expect(await check(automaticUpdates, machine)).toMatchObject({ why: 'update-failed' });
    machine.duds.clear();
    expect(await fix(automaticUpdates, machine)).toMatchObject({ is: 'done' });
    expect(machine.home?.spec.version).toBe('2026.9.7');
    expect(await check(automaticUpdates, machine)).toMatchObject({ is: 'ok' });
  });

  it('looks and moves nothing where no version failed', async () => {
    const machine = await movedInMachine();
    machine.offered = ['2026.9.6', '2026.9.7'];
    machine.choices = { ...machine.choices, automaticUpdates: false };
    expect((await fix(automaticUpdates, machine)).calls).not.toContain('sandbox.stop');
    expect(machine.home?.spec.version).toBe('2026.9.6');
  });
});
