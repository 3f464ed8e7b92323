import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AdminTaskId, EngineName } from '../contract.ts';
import { noReceipts } from '../host/store.ts';
import type { EngineState } from '../sandbox/sandbox.ts';
import { openDoors } from '../testing/doors.ts';
import { createMachine, freshChoices, imageOf } from '../testing/machine.ts';
import { adminTaskFor, plan, planFrom, removalFrom } from './plan.ts';
import { type SizeFacts, sizesFrom } from './plan-sizes.ts';

const facts = {
  task: null,
  commands: [],
  folder: '/home/ada/OpenClaw',
  isFolderThere: true,
  sizes: {
    engine: 'Podman',
    install: null,
    system: { is: 'none' },
    isImageHere: true,
    imageBytes: null,
    homeMemoryBytes: 3e9,
  },
  startAtLogin: false,
  onComputer: [],
} satisfies Parameters<typeof planFrom>[0];
/** What is asked of sizes where everything is here but this. */
const asked = (change: Partial<SizeFacts>): SizeFacts => ({ ...facts.sizes, ...change });
const codes = (change: Partial<Parameters<typeof planFrom>[0]>) =>
  planFrom({ ...facts, ...change }).changes.map(({ code }) => code);
const open = () => new AbortController().signal;

describe('adminTaskFor', () => {
  const install = {
    Podman: 'install-engine',
    QEMU: 'install-machine-engine',
    WSL: 'install-engine',
    Docker: null,
    Lima: null,
    SSH: null,
  };
  const names = EngineName.options;

  it.each<EngineState>([
    { is: 'absent' },
    { is: 'too-old', version: '3', needs: '4' },
    { is: 'no-runtime-for-cgroups', version: '4' },
    { is: 'no-fence', version: '4' },
    { is: 'feature-missing' },
    { is: 'no-virtualization', why: 'not-started' },
    { is: 'broken', detail: '' },
  ])('%j is for the installer of that engine', (state) => {
    expect(Object.fromEntries(names.map((name) => [name, adminTaskFor(name, state)]))).toEqual(install);
  });

  it.each<[EngineState, AdminTaskId | null]>([
    [{ is: 'ready', version: '4', limits: 'enforced' }, null],
    [{ is: 'stuck', detail: '' }, null],
    [{ is: 'asleep' }, null],
    [{ is: 'not-allowed' }, null],
    [{ is: 'restart-needed' }, null],
    [{ is: 'blocked', by: 'policy' }, null],
    [{ is: 'no-virtualization', why: 'not-allowed' }, 'grant-virtualization'],
    [{ is: 'no-virtualization', why: 'switched-off' }, null],
    [{ is: 'no-virtualization', why: 'missing' }, null],
    [{ is: 'no-virtualization', why: 'off-or-missing' }, null],
    [{ is: 'no-virtualization', why: 'not-this-copy' }, null],
    [{ is: 'no-virtualization', why: 'does-not-work' }, null],
    [{ is: 'system-too-old', system: 'macOS 12.7', needs: 'macOS 13' }, null],
    [{ is: 'wrong-processor' }, null],
    [{ is: 'incomplete' }, null],
    [{ is: 'no-room', freeBytes: 1e9, neededBytes: 8e9 }, null],
    [{ is: 'no-subordinate-ids', version: '4', user: 'ada' }, 'grant-subordinate-ids'],
  ])('%j needs %s, whatever the engine', (state, task) => {
    for (const name of names) expect([name, adminTaskFor(name, state)]).toEqual([name, task]);
  });
});

describe('planFrom', () => {
  it('always builds the home, and names only what is not there yet', () => {
    expect(codes({})).toEqual(['use-folder', 'make-home']);
    expect(codes({ isFolderThere: false })).toEqual(['make-folder', 'make-home']);
    expect(codes({ sizes: asked({ isImageHere: false }) })).toEqual([
      'download-openclaw',
      'use-folder',
      'make-home',
    ]);
    expect(codes({ task: 'install-engine', startAtLogin: true })).toEqual([
      'install-engine',
      'use-folder',
      'make-home',
      'start-at-login',
    ]);
  });

  it('shows the exact commands of what an administrator is asked for, and asks for nothing else', () => {
    const commands = ['apt-get install podman'];
    expect(planFrom({ ...facts, task: 'install-engine', commands }).admin).toEqual([
      { id: 'install-engine', commands },
    ]);
    expect(planFrom(facts).admin).toEqual([]);
  });

  it('never promises less download or disk than it would with more of it there already', () => {
    fc.assert(
      fc.property(fc.constantFrom(null, { sizes: null }), fc.boolean(), (install, isImageHere) => {
        const some = planFrom({ ...facts, sizes: asked({ install, isImageHere }) });
        const most = planFrom({ ...facts, sizes: asked({ install: { sizes: null }, isImageHere: false }) });
        expect(some.downloadBytes).toBeLessThanOrEqual(most.downloadBytes);
        expect(some.diskBytes).toBeLessThanOrEqual(most.diskBytes);
        expect(some.diskBytes).toBeGreaterThanOrEqual(some.downloadBytes);
      }),
    );
    expect(planFrom(facts).downloadBytes).toBe(0);
  });
});

describe('how much it takes', () => {
  const own = { is: 'own', downloadBytes: 335e6, memoryBytes: 512e6, mostDiskBytes: 32e9 } as const;
  const partOf = (sizes: SizeFacts, what: string) =>
    sizesFrom(sizes).parts.find((part) => part.what === what);

  it('is what those say who offer it, wherever they say it', () => {
    const sizes = asked({
      install: { sizes: { downloadBytes: 14.1e6, diskBytes: 90.2e6 } },
      isImageHere: false,
      imageBytes: 700e6,
    });
    expect(partOf(sizes, 'engine')).toMatchObject({ download: { is: 'said', bytes: 14.1e6 } });
    expect(partOf(sizes, 'openclaw')).toMatchObject({
      download: { is: 'said', bytes: 700e6 },
      // What it takes unpacked nobody says: so many times as much as was measured.
      disk: { is: 'measured' },
    });
    expect(sizesFrom(sizes).downloadBytes).toBe(714.1e6);
    expect(sizesFrom(sizes).diskBytes).toBeGreaterThan(2 * 700e6);
  });

  it('counts a machine’s own system, its memory, and how far its disk may grow', () => {
    const sizes = asked({ engine: 'QEMU', system: own, isImageHere: false, imageBytes: 400e6 });
    expect(partOf(sizes, 'system')).toEqual({
      what: 'system',
      download: { is: 'said', bytes: 335e6 },
      disk: { is: 'said', bytes: 670e6 },
    });
    expect(sizesFrom(sizes)).toMatchObject({
      downloadBytes: 735e6,
      memoryBytes: 3.512e9,
      mostDiskBytes: 32e9,
    });
    // One that is here already comes no more.
    expect(partOf(asked({ system: { ...own, downloadBytes: 0 } }), 'system')).toBeUndefined();
  });

  it('makes nothing up of what nobody says', () => {
    const sizes = asked({
      engine: 'QEMU',
      install: { sizes: null },
      system: { ...own, downloadBytes: null },
    });
    for (const what of ['engine', 'system'])
      expect(partOf(sizes, what)).toMatchObject({ download: { is: 'unknown' }, disk: { is: 'unknown' } });
    expect(partOf(asked({ install: { sizes: null } }), 'engine')).toMatchObject({
      download: { is: 'measured' },
    });
  });

  it('is asked where the plan is made, and a source that is silent is no reason for no plan', async () => {
    const { doors, instead } = openDoors(createMachine({ systemCost: own }));
    instead('sandbox.describeVersion', async (_, usual) => ({
      ...((await usual()) as object),
      downloadBytes: 9e8,
    }));
    expect(await plan(doors, open())).toMatchObject({
      downloadBytes: 335e6 + 9e8,
      memoryBytes: 3 * 1024 ** 3 + 512e6,
    });
    const silent = openDoors(createMachine({ offered: null }));
    silent.failNext('sandbox.systemCost', new Error('no'));
    const made = await plan(silent.doors, open());
    expect(made.parts.find(({ what }) => what === 'openclaw')).toMatchObject({
      download: { is: 'measured' },
    });
  });
});

describe('plan', () => {
  it('only looks', async () => {
    const { doors, calls } = openDoors(createMachine({ engine: { is: 'absent' } }));
    const made = await plan(doors, open());
    expect(made.admin).toEqual([{ id: 'install-engine', commands: ['apt-get install podman'] }]);
    expect(made.changes.map(({ code }) => code)).toContain('make-folder');
    expect(calls.sort()).toEqual(
      [
        'admin.commands',
        'computer.realPath',
        'computer.look',
        'hostOpenClaw.look',
        'sandbox.listVersions',
        'sandbox.probe',
        'sandbox.systemCost',
      ].sort(),
    );
  });

  it('sees the folder and the image that are there', async () => {
    const { doors } = openDoors(
      createMachine({
        folders: new Set([freshChoices.sharedFolder]),
        images: new Map([['2026.9.6', imageOf('2026.9.6')]]),
        receipts: {
          ...noReceipts,
          sandbox: { image: imageOf('2026.9.6').reference, version: '2026.9.6', madeAt: 1 },
        },
      }),
    );
    const made = await plan(doors, open());
    expect(made.changes.map(({ code }) => code)).toEqual(['use-folder', 'make-home', 'start-at-login']);
    expect(made.downloadBytes).toBe(0);
  });
});

describe('removalFrom', () => {
  it.each([true, false])(
    'names every thing once: what goes does not stay (memories kept: %s)',
    (keepData) => {
      const { goes, stays } = removalFrom(
        {
          shared: '/home/ada/OpenClaw',
          backups: '/backups',
          kept: ['/home/ada/kept'],
          resting: ['/home/ada/.openclaw.moved'],
        },
        keepData,
      );
      const all = [...goes, ...stays].map(({ code }) => code);
      expect(new Set(all).size).toBe(all.length);
      expect(stays).toContainEqual({ code: 'shared-folder', facts: { path: '/home/ada/OpenClaw' } });
      expect(stays).toContainEqual({ code: 'kept-files', facts: { path: '/home/ada/kept' } });
      expect(stays).toContainEqual({ code: 'old-openclaw', facts: { path: '/home/ada/.openclaw.moved' } });
      expect(stays.map(({ code }) => code)).toContain('engine');
      expect(goes.map(({ code }) => code)).toEqual(expect.arrayContaining(['home', 'keys', 'packages']));
      const data = [
        { code: 'memories', facts: {} },
        { code: 'backups', facts: { path: '/backups' } },
      ];
      expect(keepData ? stays : goes).toEqual(expect.arrayContaining(data));
    },
  );
});
