import { describe, expect, it } from 'vitest';
import { choose, type EngineSeen } from './choose.ts';

const GiB = 1024 ** 3;
const roomy = { memoryBytes: 16 * GiB, freeDiskBytes: 100 * GiB };
const ready = { is: 'ready', version: '1', limits: 'enforced' } as const;
const podman = (change: Partial<EngineSeen> = {}): EngineSeen => ({
  engine: 'Podman',
  state: ready,
  needsAdministrator: false,
  ...change,
});
const docker = (change: Partial<EngineSeen> = {}): EngineSeen => ({ ...podman(change), engine: 'Docker' });
const machine = (change: Partial<EngineSeen> = {}): EngineSeen => ({ ...podman(change), engine: 'QEMU' });

const inShort = (...[seen, room = roomy]: [readonly EngineSeen[], typeof roomy?]) =>
  choose(seen, room).map(({ engine, is, needs }) => [engine, is, ...needs.map(({ code }) => code)].join(' '));

describe('which home suits this computer', () => {
  it('is the first one where all would do', () => {
    expect(inShort([podman(), machine(), docker()])).toEqual([
      'Podman recommended',
      'QEMU possible',
      'Docker possible',
    ]);
  });

  it('is one that needs nothing, rather than one that needs an administrator', () => {
    const absent = podman({ state: { is: 'absent' }, needsAdministrator: true });
    expect(inShort([absent, docker()])).toEqual(['Docker recommended', 'Podman possible administrator']);
  });

  it('is an administrator’s prompt rather than an engine that hands out the whole computer', () => {
    const absent = podman({ state: { is: 'absent' }, needsAdministrator: true });
    const rootful = docker({ state: { ...ready, notes: ['engine-controls-computer'] } });
    expect(choose([absent, rootful], roomy)).toMatchObject([
      { engine: 'Podman', is: 'recommended', why: 'light' },
      { engine: 'Docker', is: 'possible', why: 'controls-computer' },
    ]);
  });

  it.each<[EngineSeen['state'], string]>([
    [{ is: 'absent' }, 'engine-installed'],
    [{ is: 'asleep' }, 'engine-started'],
    [{ is: 'not-allowed' }, 'engine-for-you'],
    [{ is: 'broken', detail: '' }, 'engine-mended'],
    [{ is: 'no-virtualization', why: 'switched-off' }, 'virtualization-on'],
    [{ is: 'no-virtualization', why: 'does-not-work' }, 'virtualization-here'],
    [{ is: 'system-too-old', system: '1', needs: '2' }, 'newer-system'],
    [{ is: 'incomplete' }, 'other-clawcove'],
    [{ is: 'restart-needed' }, 'restart'],
    [{ is: 'blocked', by: 'policy' }, 'permission'],
    [{ is: 'no-room', freeBytes: 1, neededBytes: 2 }, 'free-disk'],
  ])('is none that has something in its way: %o', (state, need) => {
    expect(inShort([machine({ state }), podman()])).toEqual(['Podman recommended', `QEMU not-here ${need}`]);
  });

  it('is a container where memory or disk is short for a machine', () => {
    expect(inShort([machine(), podman()], { memoryBytes: 4 * GiB, freeDiskBytes: 8 * GiB })).toEqual([
      'Podman recommended',
      'QEMU not-here memory free-disk',
    ]);
  });

  const computer = (state: EngineSeen['state']): EngineSeen => ({ ...podman({ state }), engine: 'SSH' });

  it.each<[EngineSeen['state'], string]>([
    [{ is: 'not-prepared', lacks: 'name' }, 'possible computer-named'],
    [{ is: 'not-prepared', lacks: 'way-in' }, 'possible computer-let-in'],
    [{ is: 'unreachable', host: 'x' }, 'not-here computer-on'],
    [{ is: 'other-key', host: 'x' }, 'not-here computer-known'],
    [{ is: 'unsuited', why: 'memory' }, 'not-here computer-fit'],
    [ready, 'possible'],
  ])('can be another computer, of which this one’s size says nothing: %o', (state, offer) => {
    const small = { memoryBytes: 3 * GiB, freeDiskBytes: 5 * GiB };
    expect(inShort([podman(), computer(state)], small)).toEqual(['Podman recommended', `SSH ${offer}`]);
  });

  it('is a computer that somebody lives with only where nothing else would do', () => {
    const livedIn = computer({ ...ready, notes: ['computer-lived-in'] });
    const absent = podman({ state: { is: 'absent' }, needsAdministrator: true });
    expect(choose([livedIn, absent], roomy)).toMatchObject([
      { engine: 'Podman', is: 'recommended' },
      { engine: 'SSH', is: 'possible', why: 'lived-in' },
    ]);
    expect(choose([computer(ready), absent], roomy)[0]).toMatchObject({ engine: 'SSH', is: 'recommended' });
  });

  it('is none where nothing would do, and says what each needs', () => {
    expect(inShort([podman()], { memoryBytes: GiB, freeDiskBytes: GiB })).toEqual([
      'Podman not-here memory free-disk',
    ]);
  });
});
