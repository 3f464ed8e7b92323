/** The whole app on Windows' own doors, from welcome to home, with everything behind the doors as a strict double. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { ProblemCode } from '../../contract.ts';
import { emptyRoot, goTo, removeRoot } from '../../testing/systems/elsewhere.ts';
import { transcriptOf } from '../../testing/systems/transcript.ts';
import {
  createWindowsComputer,
  type TestWindows,
  type WindowsComputerOptions,
} from '../../testing/systems/windows-computer.ts';
import { missingWords, openWizard } from '../../testing/systems/wizard.ts';

const there = vi.hoisted(() => async (name: string) => {
  const { elsewhere } = await import('../../testing/systems/elsewhere.ts');
  return elsewhere(name as Parameters<typeof elsewhere>[0], 'windows');
});
vi.mock('node:fs', () => there('node:fs'));
vi.mock('node:fs/promises', () => there('node:fs/promises'));
vi.mock('node:path', () => there('node:path'));
vi.mock('node:os', () => there('node:os'));
vi.mock('node:net', () => there('node:net'));
vi.mock('systeminformation', () => there('systeminformation'));
vi.mock('write-file-atomic', () => there('write-file-atomic'));

const GiB = 1024 ** 3;
let cleanUp: (() => void)[] = [];
afterEach(() => {
  for (const step of cleanUp) step();
  cleanUp = [];
});

async function windows(
  options: Partial<WindowsComputerOptions> = {},
  freeDisk = 200 * GiB,
): Promise<TestWindows> {
  const root = emptyRoot();
  cleanUp.push(() => removeRoot(root));
  goTo({
    ...{ system: 'windows', root, memoryBytes: 16 * GiB, freeDisk: () => freeDisk, uid: 0 },
    ...{ takenPorts: new Set(), systemName: ['Microsoft Windows 11 Home', '10.0.26100'] },
  });
  return createWindowsComputer({ user: '王小明', language: 'zh-CN', ...options });
}

/** Commands that show Windows' prompt. */
const prompts = ({ commands }: TestWindows) =>
  commands().filter((words) => words.at(-1)?.includes("Verb = 'runas'")).length;

/** The set-up ends with a problem that has its sentences, and nothing was run that nobody foresaw. */
async function endsWith(computer: TestWindows, code: ProblemCode) {
  const wizard = openWizard(await computer.open());
  expect(await wizard.setUp()).toMatchObject({ is: 'failed', problem: { code } });
  const { work } = wizard.app.state.get();
  expect(missingWords(code, work.is === 'failed' ? work.problem.facts : {}, 'WSL')).toEqual([]);
  expect(computer.unexpected()).toEqual([]);
  return wizard;
}

async function goesThrough(computer: TestWindows) {
  const wizard = openWizard(await computer.open());
  expect(await wizard.setUp()).toEqual({ is: 'done' });
  expect(wizard.notOk()).toEqual([]);
  expect(computer.unexpected()).toEqual([]);
  return wizard;
}

describe('set-up on Windows', () => {
  it('goes from welcome to home', async () => {
    const computer = await windows();
    const doors = await computer.open();
    const { app, setUp, notOk } = openWizard(doors);
    await app.start();
    expect(app.state.get()).toMatchObject({
      choices: {
        engine: 'WSL',
        language: 'zh-CN',
        sharedFolder: 'C:\\Users\\王小明\\OpenClaw',
        port: 18_789,
      },
      computer: { systemName: 'Microsoft Windows 11 Home 10.0.26100', memoryBytes: 16 * GiB },
      plan: {
        changes: [
          { code: 'install-engine' },
          { code: 'download-openclaw' },
          { code: 'make-folder' },
          { code: 'make-home' },
          { code: 'start-at-login' },
        ],
        admin: [
          {
            id: 'install-engine',
            commands: [
              'dism.exe /online /enable-feature /featurename:VirtualMachinePlatform /all /norestart /quiet',
              'wsl.exe --install --no-distribution',
              'wsl.exe --update',
            ],
          },
        ],
      },
      homes: [{ engine: 'WSL', is: 'recommended', why: 'part-of-system' }],
    });
    expect(await setUp()).toEqual({ is: 'done' });
    expect(notOk()).toEqual([]);
    expect(app.state.get()).toMatchObject({ light: 'good', openClawVersion: '2026.9.6' });
    expect(await app.act({ do: 'move-in' })).toEqual({ ok: true });
    expect(computer.desktop.startsAtLogin).toBe(true);
    // The home comes by itself after the next login, and as this person's.
    const [task] = computer.state.tasks.values();
    expect(task).toContain('<RunLevel>LeastPrivilege</RunLevel>');
    await app.close();
    expect(computer.unexpected()).toEqual([]);
    expect(prompts(computer)).toBe(1);
    const token = await doors.vault.read('gateway-token');
    expect(token).toMatch(/^[\w-]{40,}$/);
    expect(JSON.stringify(computer.commands())).not.toContain(token);
    expect(computer.logged.join('\n')).not.toContain(token);
    // Nothing that concerns all of the person's distributions is ever said.
    expect(computer.commands().flat().join(' ')).not.toMatch(/--shutdown|--set-default|--unregister/);
    await expect(transcriptOf(computer.commands())).toMatchFileSnapshot('wizard-commands/all.txt');
  });

  it('goes on by itself after the restart that Windows needs', async () => {
    const computer = await windows({ state: { needsRestart: true } });
    await endsWith(computer, 'restart-needed');
    expect(computer.desktop.startsAtLogin).toBe(true);
    // Looking again before that finds the same, and asks nobody.
    await endsWith(computer, 'restart-needed');
    expect(prompts(computer)).toBe(1);
    computer.restart();
    const { app, notOk } = openWizard(await computer.open());
    await app.start();
    expect(await app.settled()).toEqual({ is: 'done' });
    expect(notOk()).toEqual([]);
    await app.close();
    expect(prompts(computer)).toBe(1);
    expect(computer.unexpected()).toEqual([]);
  });

  it('says where virtualization is switched off, and asks for no administrator in vain', async () => {
    const computer = await windows({ state: { firmwareAllows: false } });
    await endsWith(computer, 'virtualization-off');
    expect(prompts(computer)).toBe(0);
    computer.state.firmwareAllows = true;
    await goesThrough(computer);
  });

  it('says where whoever looks after the computer forbids it', async () => {
    const computer = await windows({ state: { forbiddenByPolicy: true } });
    await endsWith(computer, 'engine-blocked');
    expect(prompts(computer)).toBe(0);
  });

  it.each([
    ['no', 'admin-dismissed'],
    ['forbidden', 'admin-refused'],
  ] as const)('takes “%s” of Windows’ prompt for an answer, and can be asked again', async (prompt, code) => {
    const computer = await windows({ state: { prompt } });
    const wizard = await endsWith(computer, code);
    expect(wizard.app.state.get().rows.find(({ id }) => id === 'engine-ready')?.finding).toMatchObject({
      is: 'broken',
      why: 'engine-absent',
    });
    computer.state.prompt = 'yes';
    await goesThrough(computer);
  });

  it('asks nothing of Windows where the person says no to ClawCove', async () => {
    const computer = await windows();
    const { setUp } = openWizard(await computer.open());
    expect(await setUp(() => ({ is: 'no' }))).toMatchObject({ problem: { code: 'admin-declined' } });
    expect(prompts(computer)).toBe(0);
    expect(computer.unexpected()).toEqual([]);
  });

  it('says so when WSL is there and gives no answer, and goes on when it does', async () => {
    const computer = await windows({ state: { wsl: '2.7.1.0', platform: true, hangs: true } });
    const wizard = await endsWith(computer, 'still-broken');
    expect(wizard.app.state.get().rows.find(({ id }) => id === 'engine-ready')?.finding).toMatchObject({
      is: 'broken',
      why: 'engine-broken',
    });
    computer.state.hangs = false;
    await goesThrough(computer);
  });

  it('says so when the disk is full, before and in the middle', async () => {
    const small = await windows({}, 2 * GiB);
    await endsWith(small, 'still-broken').then(({ app }) =>
      expect(app.state.get().rows.find(({ id }) => id === 'room-to-work')?.finding).toMatchObject({
        why: 'disk-short',
      }),
    );
    const computer = await windows({ state: { isDiskFull: true } });
    await endsWith(computer, 'no-room-on-disk');
    expect(computer.state.distro).toBeNull();
    computer.state.isDiskFull = false;
    await goesThrough(computer);
  });

  it.each([
    ["Claire O'Brien", 'apostrophe'],
    ['Jürgen Müller', 'umlauts'],
    ['a&b (c) %PATH% ^d', 'signs'],
    ['王 小明', 'chinese'],
  ])('hands every word over as it is where the person is called “%s”', async (user, file) => {
    const computer = await windows({ user, language: 'en' });
    await goesThrough(computer);
    const words = computer.commands().flat();
    expect(words).toContain(`C:\\Users\\${user}\\AppData\\Local\\ClawCove\\wsl\\disk`);
    await expect(
      transcriptOf(computer.commands().filter((each) => each.some((word) => word.includes(user)))),
    ).toMatchFileSnapshot(`wizard-commands/${file}.txt`);
  });
});
