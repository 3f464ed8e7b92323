import { describe, expect, it } from 'vitest';
import { movedInMachine, startApp } from '../testing/apps.ts';
import { openDoors, settle } from '../testing/doors.ts';
import { keepClock } from './keep-clock.ts';

describe('the clock of a home with a system of its own', () => {
  it.each([
    [null, false],
    [0, false],
    [2_000, false],
    [2_001, true],
    [-8 * 3_600_000, true],
  ])('that is %s ms ahead is set: %s', async (clockAhead, isSet) => {
    const { doors, calls } = openDoors(await movedInMachine({ clockAhead }));
    await keepClock(doors);
    expect(calls.includes('sandbox.setClock')).toBe(isSet);
  });

  it('that can’t be asked is said in the log, and keeps nobody from anything', async () => {
    const test = openDoors(await movedInMachine({ clockAhead: 9_000 }));
    test.failNext('sandbox.clockAhead', new Error('gone'));
    await keepClock(test.doors);
    expect(test.logged).toHaveLength(1);
  });

  it('is set right as soon as the computer wakes up, before anybody looks at it', async () => {
    const machine = await movedInMachine();
    const test = startApp(machine, { sleepsThrough: (ms) => ms <= 500 });
    await test.app.start();
    await settle();
    machine.clockAhead = -8 * 3_600_000;
    test.calls.length = 0;
    test.app.nudge();
    await test.advance(10_000);
    expect(machine.clockAhead).toBe(0);
    expect(test.calls.indexOf('sandbox.setClock')).toBeLessThan(test.calls.lastIndexOf('sandbox.probe'));
    expect(test.notOk()).not.toContain('room-to-work');
    await test.app.close();
  });
});
