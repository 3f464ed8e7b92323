import { describe, expect, it } from 'vitest';
import { openDoors } from '../testing/doors.ts';
import { createMachine } from '../testing/machine.ts';
import { lookAfter, lookForApp, newerApp } from './look.ts';

const signal = new AbortController().signal;
const release = (version: string, isOurTurn = true) => ({ version, isOurTurn, safeFrom: null });

describe('a look for a newer ClawCove', () => {
  it('is written down, and what was not believed before is over', async () => {
    const { doors, machine } = openDoors();
    machine.receipts = { ...machine.receipts, appRefusal: { why: 'app-unsigned', at: 1 } };
    await lookForApp(doors, signal);
    expect(machine.receipts).toMatchObject({
      appLook: { newest: '1.2.3', safeFrom: null, at: machine.now, since: machine.now },
      appRefusal: null,
    });
  });

  it('writes down what was not believed, and leaves what was known', async () => {
    const machine = createMachine({ appOffered: 'app-expired' });
    const { doors } = openDoors(machine);
    await expect(lookForApp(doors, signal)).rejects.toThrow('app-expired');
    expect(machine.receipts).toMatchObject({
      appLook: null,
      appRefusal: { why: 'app-expired', at: machine.now },
    });
  });

  it('writes nothing down when nobody can be asked', async () => {
    const machine = createMachine({ appOffered: 'source-silent' });
    await expect(lookForApp(openDoors(machine).doors, signal)).rejects.toThrow('source-silent');
    expect(machine.receipts).toMatchObject({ appLook: null, appRefusal: null });
  });

  it('does not believe that the newest is an older one than before', async () => {
    const machine = createMachine({ appOffered: release('1.4.0') });
    const { doors } = openDoors(machine);
    await lookForApp(doors, signal);
    machine.appOffered = release('1.3.0');
    await expect(lookForApp(doors, signal)).rejects.toThrow('app-went-back');
    expect(machine.receipts).toMatchObject({
      appLook: { newest: '1.4.0' },
      appRefusal: { why: 'app-went-back' },
    });
  });

  it('remembers since when a version is there for us, unless the clock was set back', () => {
    const staged = lookAfter(null, release('1.3.0', false), 100);
    expect(staged.since).toBeNull();
    const first = lookAfter(staged, release('1.3.0'), 200);
    expect(first.since).toBe(200);
    expect(lookAfter(first, release('1.3.0'), 300).since).toBe(200);
    expect(lookAfter(first, release('1.3.0'), 150).since).toBe(150);
    expect(lookAfter(first, release('1.3.1'), 300).since).toBe(300);
  });

  it('finds something newer only where it is newer, and our turn', () => {
    const known = (version: string, isOurTurn = true) => lookAfter(null, release(version, isOurTurn), 1);
    expect(newerApp('1.2.3', known('1.3.0'))).toBe('1.3.0');
    expect(newerApp('1.2.3', known('1.3.0', false))).toBeNull();
    expect(newerApp('1.2.3', known('1.2.3'))).toBeNull();
    expect(newerApp('1.2.3', known('1.2.2'))).toBeNull();
    expect(newerApp('1.2.3', null)).toBeNull();
  });
});
