import { describe, expect, it } from 'vitest';
import { openDoors } from '../testing/doors.ts';
import { lookAfter, lookForRelease } from './look-for-release.ts';

const signal = new AbortController().signal;

describe('a look for a new version', () => {
  it('is written down with what it found on the person’s channel', async () => {
    const { doors, machine } = openDoors();
    await lookForRelease(doors, signal);
    expect(machine.receipts.lastLook).toEqual({
      channel: 'stable',
      newest: '2026.9.6',
      at: machine.now,
      since: machine.now,
    });
    machine.choices = { ...machine.choices, channel: 'beta' };
    await lookForRelease(doors, signal);
    expect(machine.receipts.lastLook?.newest).toBe('2026.10.1-beta.1');
  });

  it('leaves what was known when nobody can be asked', async () => {
    const { doors, machine } = openDoors();
    await lookForRelease(doors, signal);
    const before = machine.receipts.lastLook;
    machine.offered = null;
    machine.now += 60_000;
    await expect(lookForRelease(doors, signal)).rejects.toThrow();
    expect(machine.receipts.lastLook).toBe(before);
  });

  it('remembers since when a version is offered, unless the clock was set back', () => {
    const first = lookAfter(null, 'stable', '2026.9.6', 100);
    expect(first).toEqual({ channel: 'stable', newest: '2026.9.6', at: 100, since: 100 });
    expect(lookAfter(first, 'stable', '2026.9.6', 200)).toEqual({
      channel: 'stable',
      newest: '2026.9.6',
      at: 200,
      since: 100,
    });
    expect(lookAfter(first, 'stable', '2026.9.7', 200)).toEqual({
      channel: 'stable',
      newest: '2026.9.7',
      at: 200,
      since: 200,
    });
    expect(lookAfter(first, 'stable', '2026.9.6', 50)).toEqual({
      channel: 'stable',
      newest: '2026.9.6',
      at: 50,
      since: 50,
    });
  });
});
