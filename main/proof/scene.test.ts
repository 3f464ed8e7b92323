import { describe, expect, it } from 'vitest';
import { movedInMachine } from '../testing/apps.ts';
import { openDoors } from '../testing/doors.ts';
import { goodProcess } from '../testing/sandbox.ts';
import { memoryGoal, setScene } from './scene.ts';

const GiB = 1024 ** 3;
const MiB = 1024 ** 2;
const open = () => new AbortController().signal;
const limited = (memoryLimit: number | null, dataBytes: number | null) => ({
  ...goodProcess,
  memoryLimit,
  processLimits: { processes: null, dataBytes },
});

describe('how much memory is gone for', () => {
  it('is a little past what the home may use, where that leaves enough for everybody else', () => {
    expect(memoryGoal(limited(2 * GiB, null), 8 * GiB, 16 * GiB)).toEqual({
      is: 'use',
      bytes: 2 * GiB + 64 * MiB,
    });
    expect(memoryGoal(limited(2 * GiB, null), 3 * GiB, 16 * GiB)).toEqual({
      is: 'none',
      why: 'little-memory',
    });
  });

  it('is only claimed where nothing limits the use: past the limit of claims, or all there is', () => {
    expect(memoryGoal(limited(null, 19 * GiB), 0, 16 * GiB)).toEqual({
      is: 'claim',
      bytes: 19 * GiB + 256 * MiB,
    });
    expect(memoryGoal(limited(null, null), 0, 16 * GiB)).toEqual({
      is: 'claim',
      bytes: 16 * GiB + 256 * MiB,
    });
  });

  it('is nothing where the limit can’t be seen', () => {
    for (const seen of [{ is: 'not-running' }, { is: 'unreadable', detail: '' }] as const)
      expect(memoryGoal(seen, 8 * GiB, 16 * GiB)).toEqual({ is: 'none', why: 'unseen' });
  });
});

describe('the scene', () => {
  it('has listeners on this computer’s addresses and a bait, and leaves nothing behind', async () => {
    const { doors, machine } = openDoors(
      await movedInMachine({
        addresses: ['192.168.1.20', 'fe80::1%eth0', '2001:db8::1'],
        neighbours: new Set(['192.168.1.1:443', '169.254.169.254:80']),
      }),
    );
    const scene = await setScene(doors, 'words', open());
    expect(machine.listened).toEqual(['127.0.0.1', '192.168.1.20', '2001:db8::1']);
    expect(machine.bait).toBe('words');
    expect(scene).toMatchObject({
      loopbackPort: expect.any(Number),
      hostTargets: [{ address: '192.168.1.20' }, { address: '2001:db8::1' }],
      neighbour: { address: '192.168.1.1', port: 443 },
      metadata: { address: '169.254.169.254', port: 80 },
      processes: 512,
      memory: { is: 'use' },
    });
    await scene.close();
    expect(machine).toMatchObject({ listened: [], bait: null });
  });

  it('names nobody who does not answer this computer', async () => {
    const { doors } = openDoors(await movedInMachine());
    const scene = await setScene(doors, 'words', open());
    expect(scene).toMatchObject({ neighbour: null, metadata: null });
    await scene.close();
  });

  it('listens nowhere when it can’t be set', async () => {
    const { doors, machine, failNext } = openDoors(await movedInMachine());
    failNext('bait.lay', new Error('no room'));
    await expect(setScene(doors, 'words', open())).rejects.toThrow('no room');
    expect(machine.listened).toEqual([]);
  });
});
