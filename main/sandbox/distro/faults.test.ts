import { describe, expect, it } from 'vitest';
import type { EngineState } from '../sandbox.ts';
import { engineWith, faultOf, faultProblem, mayRun } from './faults.ts';
import type { MachineFault, MachineState } from './machine.ts';

const ready: EngineState = { is: 'ready', version: '7.2.22', limits: 'enforced' };
const faulty = (why: MachineFault) => ({ is: 'faulty', why, detail: 'x' }) as const;
const faults: readonly MachineFault[] = [
  'disk-damaged',
  'host-disk-full',
  'host-key-changed',
  'no-virtualization',
  'gives-no-answer',
];

describe('a fault of a machine', () => {
  it('is the engine’s to bring back where the disks have no part in it', () => {
    const own = faults.filter((why) => engineWith(ready, faulty(why)).is === 'ready');
    expect(own).toEqual(['disk-damaged', 'host-disk-full', 'host-key-changed']);
    for (const why of faults) expect(faultOf(faulty(why))).toEqual({ why, detail: 'x' });
  });

  it('changes nothing about an engine that isn’t there', () => {
    for (const why of faults) expect(engineWith({ is: 'absent' }, faulty(why))).toEqual({ is: 'absent' });
  });

  it.each<MachineState>([{ is: 'missing' }, { is: 'stopped' }, { is: 'running', startedAt: null }])(
    'is none where the machine is %j',
    (state) => {
      expect(engineWith(ready, state)).toBe(ready);
      expect(faultOf(state)).toBeNull();
    },
  );

  it('has a problem of its own for whoever wants something of the machine', () => {
    expect(faults.map((why) => faultProblem(faulty(why)).problem.code)).toEqual([
      'machine-disk-damaged',
      'no-room-on-disk',
      'machine-host-key-changed',
      'virtualization-broken',
      'machine-hangs',
    ]);
  });

  it('lets nobody believe that a machine rests which may go on', () => {
    expect(faults.filter((why) => !mayRun(faulty(why)))).toEqual(['disk-damaged']);
  });
});
