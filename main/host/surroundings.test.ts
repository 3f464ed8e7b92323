import { describe, expect, it } from 'vitest';
import { isMetered, meteredFrom } from './connection.ts';
import { power, powerFrom } from './power.ts';
import { exited, strictRun } from './strict-run.ts';

const idle = new AbortController().signal;
const question =
  'busctl --auto-start=no get-property org.freedesktop.NetworkManager /org/freedesktop/NetworkManager org.freedesktop.NetworkManager Metered';

describe('the connection', () => {
  it.each([
    ['u 1\n', true],
    ['u 3\n', true],
    ['u 2\n', false],
    ['u 4\n', false],
    ['u 0\n', null],
    ['u 12\n', null],
    ['b true\n', null],
    ['', null],
  ])('that NetworkManager calls %j is metered: %s', (answer, is) => {
    expect(meteredFrom(answer)).toBe(is);
  });

  it('is asked of NetworkManager, and unknown where there is none', async () => {
    expect(await isMetered(strictRun({ [question]: exited(0, 'u 3\n') }).run, idle)).toBe(true);
    for (const answer of [exited(1), { is: 'not-found' }, { is: 'timed-out' }] as const)
      expect(await isMetered(strictRun({ [question]: answer }).run, idle)).toBeNull();
  });
});

describe('the power', () => {
  const onBattery = { hasBattery: true, isCharging: false, acConnected: false, percent: 29 };
  it.each([
    [onBattery, { is: 'battery', share: 0.29 }],
    [
      { ...onBattery, percent: 104 },
      { is: 'battery', share: 1 },
    ],
    [{ ...onBattery, percent: 0 }, { is: 'unknown' }],
    [{ ...onBattery, percent: Number.NaN }, { is: 'unknown' }],
    [{ ...onBattery, acConnected: true }, { is: 'mains' }],
    [{ ...onBattery, isCharging: true }, { is: 'mains' }],
    [{ ...onBattery, hasBattery: false }, { is: 'mains' }],
  ])('is read from %j', (battery, is) => {
    expect(powerFrom(battery)).toEqual(is);
  });

  it('of this computer can be looked at', async () => {
    expect((await power()).is).toMatch(/^(mains|battery|unknown)$/);
  });
});
