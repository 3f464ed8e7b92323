import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { idle } from '../sandbox/silent-report.ts';
import { movedInMachine } from '../testing/apps.ts';
import { check, fix } from '../testing/checks.ts';
import { openDoors } from '../testing/doors.ts';
import { createMachine, freshChoices, type Machine, sharedFolder } from '../testing/machine.ts';
import { goodProcess, inside } from '../testing/sandbox.ts';
import { folderDedicated, judgeFolder, strangeMounts } from './folder-dedicated.ts';

const { known } = createMachine();
const withFolder = (folder: string, change: Partial<Machine> = {}) =>
  createMachine({
    folders: new Set([folder]),
    choices: { ...freshChoices, sharedFolder: folder },
    ...change,
  });

describe('a home that sees no folder of this computer', () => {
  const bind = { source: '/home/ada', target: '/x', kind: 'bind', writable: true } as const;

  it.each([
    ['none', [], [], 'ok'],
    ['none, although it was made with one', [bind], [], 'danger folder-not-the-only-one'],
    [
      'one that was added while it runs',
      [],
      [{ target: '/x', writable: true }],
      'danger folder-not-the-only-one',
    ],
  ] as const)('is looked at for any: %s', async (_, mounts, hostMounts, said) => {
    const { doors } = openDoors(await movedInMachine());
    const there = await doors.sandbox.inspect(idle());
    if (there.is !== 'present') throw new Error(there.is);
    const finding = await folderDedicated.check(
      {
        ...doors,
        sandbox: {
          ...doors.sandbox,
          shares: 'nothing',
          inspect: async () => ({ ...there, mounts }),
          observe: async () => ({ ...goodProcess, hostMounts }),
        },
      },
      idle(),
    );
    expect(finding.is === 'broken' ? `${finding.gravity} ${finding.why}` : finding.is).toBe(said);
  });
});

describe('judgeFolder', () => {
  it.each([
    ['/home/ada/OpenClaw', null],
    ['/home/ada/Documents/OpenClaw', null],
    ['/data/claw', null],
    ['/home/adam', null],
    ['/home/ada/Dropbox2', null],
    ['/home/ada', 'folder-holds-home'],
    ['/home', 'folder-holds-home'],
    ['/', 'folder-holds-home'],
    ['/home/ada/Documents', 'folder-holds-private'],
    ['/home/ada/Dropbox', 'folder-holds-private'],
    ['/home/ada/.ssh', 'folder-holds-private'],
    ['/home/ada/Dropbox/claw', 'folder-is-synced'],
    ['/home/ada/Dropbox/..hidden', 'folder-is-synced'],
    ['/home/ada/.ssh/keys', 'folder-is-secret'],
  ])('%s: %s', (path, why) => {
    expect(judgeFolder(path, known)).toBe(why);
  });

  it('a folder above one with secrets holds them, even when it is not the home', () => {
    const other = { ...known, secrets: ['/data/keys/pass'] };
    expect(judgeFolder('/data', other)).toBe('folder-holds-private');
    expect(judgeFolder('/data/keys', other)).toBe('folder-holds-private');
  });

  it('refuses whatever holds, or lies in, a folder that must not be seen, however it is called', () => {
    const name = fc.stringMatching(/^[\w.-]{1,8}$/).filter((it) => it !== '.' && it !== '..');
    const way = fc.array(name, { maxLength: 4 });
    fc.assert(
      fc.property(way, way, (above, below) => {
        const secret = join('/', ...above, 'secret');
        const only = { home: '/home/ada', personal: [], synced: [], secrets: [secret] };
        expect(judgeFolder(join(secret, ...below), only)).not.toBeNull();
        expect(judgeFolder(join('/', ...above), only)).not.toBeNull();
      }),
    );
  });
});

it('strangeMounts are all but the shared folder and what lies in it', () => {
  const others = ['/', '/mnt', '/home/openclaw', '/home/openclaw/shared2', '/dev/sda'];
  const own = [inside.shared, `${inside.shared}/usb`, `${inside.shared}/..x`];
  expect(strangeMounts([...own, ...others], inside.shared)).toEqual(others);
});

describe('the shared folder', () => {
  it('is ok when it is there, before there is a home', async () => {
    expect(await check(folderDedicated, withFolder('/home/ada/OpenClaw'))).toMatchObject({
      is: 'ok',
      evidence: [{ code: 'folder-chosen' }],
    });
  });

  it('is ok when the home sees it and nothing else', async () => {
    expect(await check(folderDedicated, await movedInMachine())).toMatchObject({
      is: 'ok',
      evidence: [
        { code: 'folders-visible', facts: { count: 1, paths: sharedFolder } },
        { code: 'process-mounts', facts: { count: 1, paths: inside.shared } },
      ],
    });
  });

  it('is a danger when the running process sees more than what its home was made with', async () => {
    const machine = await movedInMachine();
    const hostMounts = [...goodProcess.hostMounts, { target: '/mnt', writable: false }];
    if (machine.home) machine.home.seen = { hostMounts };
    expect(await check(folderDedicated, machine)).toMatchObject({
      why: 'folder-not-the-only-one',
      gravity: 'danger',
      facts: { count: 2 },
    });
    expect(await fix(folderDedicated, machine)).toMatchObject({ is: 'done' });
    expect(await check(folderDedicated, machine)).toMatchObject({ is: 'ok' });
  });

  it('is judged by what its home was made with while nothing runs', async () => {
    const machine = await movedInMachine();
    if (machine.home) machine.home.observation = { is: 'not-running' };
    expect(await check(folderDedicated, machine)).toMatchObject({
      is: 'ok',
      evidence: [{ code: 'folders-visible' }],
    });
  });

  it('is neither fine nor broken where the running process can’t be read', async () => {
    const machine = await movedInMachine();
    if (machine.home) machine.home.observation = { is: 'unreadable', detail: 'EPERM' };
    expect(await check(folderDedicated, machine)).toMatchObject({ is: 'unknown', why: 'process-unreadable' });
  });

  it('that is missing is broken, but endangers nobody', async () => {
    expect(await check(folderDedicated, createMachine())).toMatchObject({
      why: 'folder-missing',
      gravity: 'attention',
    });
  });

  it.each([
    ['/home/ada', 'folder-holds-home'],
    ['/home/ada/Documents', 'folder-holds-private'],
    ['/home/ada/.ssh/x', 'folder-is-secret'],
    ['/home/ada/Dropbox/x', 'folder-is-synced'],
  ])('that is %s is a danger: %s', async (folder, why) => {
    expect(await check(folderDedicated, withFolder(folder))).toMatchObject({ why, gravity: 'danger' });
  });

  it('is judged by what it really is', async () => {
    const machine = withFolder('/home/ada/Documents', {
      choices: { ...freshChoices, sharedFolder: '/mnt/link' },
      links: new Map([['/mnt/link', '/home/ada/Documents']]),
    });
    expect(await check(folderDedicated, machine)).toMatchObject({ why: 'folder-holds-private' });
  });

  it('is a danger when the home sees a private folder, whatever was chosen', async () => {
    const machine = await movedInMachine();
    const bind = (source: string) => ({ source, target: '/x', kind: 'bind', writable: true }) as const;
    if (machine.home) machine.home.tampered = { mounts: [bind(sharedFolder), bind('/home/ada/Documents')] };
    expect(await check(folderDedicated, machine)).toMatchObject({
      why: 'folder-holds-private',
      gravity: 'danger',
      facts: { path: `${sharedFolder}, /home/ada/Documents` },
    });
    if (machine.home) machine.home.tampered = { mounts: [bind('/data/other')] };
    expect(await check(folderDedicated, machine)).toMatchObject({ why: 'folder-not-the-only-one' });
    if (machine.home) machine.home.tampered = { mounts: [] };
    expect(await check(folderDedicated, machine)).toMatchObject({ why: 'folder-not-the-only-one' });
  });

  it('is made where it is missing, with a receipt', async () => {
    const machine = createMachine();
    expect(await fix(folderDedicated, machine)).toMatchObject({ is: 'done' });
    expect(machine.folders).toContain(sharedFolder);
    expect(machine.receipts.folderMade).toBe(sharedFolder);
    expect(machine.home).toBeNull();
    expect(await check(folderDedicated, machine)).toMatchObject({ is: 'ok' });
  });

  it('that the person had already is used, without a receipt for it', async () => {
    const machine = withFolder('/data/claw');
    await fix(folderDedicated, machine);
    expect(machine.receipts.folderMade).toBeNull();
    expect(machine.choices.sharedFolder).toBe('/data/claw');
  });

  it('that must not be shared is given up for the recommended one, and the home is made anew', async () => {
    const machine = await movedInMachine();
    machine.choices = { ...machine.choices, sharedFolder: '/home/ada/Documents' };
    if (machine.home)
      machine.home = { ...machine.home, spec: { ...machine.home.spec, sharedFolder: '/home/ada' } };
    const { is, log } = await fix(folderDedicated, machine);
    expect(is).toBe('done');
    expect(log[0]).toBe(`using ${sharedFolder} instead of /home/ada/Documents`);
    expect(machine.home).toMatchObject({ isRunning: true, spec: { sharedFolder } });
    expect(await check(folderDedicated, machine)).toMatchObject({ is: 'ok' });
  });
});
