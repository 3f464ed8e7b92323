/** The whole app on a Mac's own doors, from welcome to home, with everything behind the doors as a strict double. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { ProblemCode, SafeguardId } from '../../contract.ts';
import { emptyRoot, goTo, removeRoot } from '../../testing/systems/elsewhere.ts';
import {
  createMacComputer,
  type MacComputerOptions,
  macUid,
  type TestMac,
} from '../../testing/systems/mac-computer.ts';
import { transcriptOf } from '../../testing/systems/transcript.ts';
import { missingWords, openWizard } from '../../testing/systems/wizard.ts';

const there = vi.hoisted(() => async (name: string) => {
  const { elsewhere } = await import('../../testing/systems/elsewhere.ts');
  return elsewhere(name as Parameters<typeof elsewhere>[0], 'macos');
});
vi.mock('node:fs', () => there('node:fs'));
vi.mock('node:fs/promises', () => there('node:fs/promises'));
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

async function mac(options: Partial<MacComputerOptions> = {}, freeDisk = 200 * GiB): Promise<TestMac> {
  const root = emptyRoot();
  cleanUp.push(() => removeRoot(root));
  goTo({
    ...{ system: 'macos', root, memoryBytes: 16 * GiB, freeDisk: () => freeDisk, uid: macUid },
    ...{ takenPorts: new Set(), systemName: ['macOS', '15.5'] },
  });
  return createMacComputer({ user: 'anna', language: 'zh-CN', ...options });
}

/** The set-up ends with a problem that has its sentences, and nothing was run that nobody foresaw. */
async function endsWith(computer: TestMac, code: ProblemCode, row?: { id: SafeguardId; why: string }) {
  const wizard = openWizard(await computer.open());
  expect(await wizard.setUp()).toMatchObject({ is: 'failed', problem: { code } });
  const { work, rows } = wizard.app.state.get();
  expect(missingWords(code, work.is === 'failed' ? work.problem.facts : {}, 'Lima')).toEqual([]);
  if (row)
    expect(rows.find(({ id }) => id === row.id)?.finding).toMatchObject({ is: 'broken', why: row.why });
  expect(computer.unexpected()).toEqual([]);
  return wizard;
}

async function goesThrough(computer: TestMac) {
  const wizard = openWizard(await computer.open());
  expect(await wizard.setUp()).toEqual({ is: 'done' });
  expect(wizard.notOk()).toEqual([]);
  expect(computer.unexpected()).toEqual([]);
  // A home that Lima keeps needs no administrator at all.
  expect(computer.commands().flat()).not.toContain('/usr/bin/osascript');
  return wizard;
}

describe('set-up on a Mac', () => {
  it('goes from welcome to home', async () => {
    const computer = await mac();
    const doors = await computer.open();
    const { app, setUp, notOk } = openWizard(doors);
    await app.start();
    expect(app.state.get()).toMatchObject({
      choices: { engine: 'Lima', language: 'zh-CN', sharedFolder: '/Users/anna/OpenClaw', port: 18_789 },
      computer: { systemName: 'macOS 15.5', memoryBytes: 16 * GiB },
      plan: {
        changes: [
          { code: 'download-openclaw' },
          { code: 'make-folder' },
          { code: 'make-home' },
          { code: 'start-at-login' },
        ],
        admin: [],
      },
      homes: [{ engine: 'Lima', is: 'recommended', why: 'own-system' }],
    });
    expect(await setUp()).toEqual({ is: 'done' });
    expect(notOk()).toEqual([]);
    expect(app.state.get()).toMatchObject({ light: 'good', openClawVersion: '2026.9.6' });
    expect(await app.act({ do: 'move-in' })).toEqual({ ok: true });
    expect(computer.desktop.startsAtLogin).toBe(true);
    await app.close();
    expect(computer.unexpected()).toEqual([]);
    const token = await doors.vault.read('gateway-token');
    expect(token).toMatch(/^[\w-]{40,}$/);
    expect(JSON.stringify(computer.commands())).not.toContain(token);
    expect(computer.logged.join('\n')).not.toContain(token);
    expect(computer.commands().flat()).not.toContain('/usr/bin/osascript');
    await expect(transcriptOf(computer.commands())).toMatchFileSnapshot('wizard-commands/all.txt');
  });

  it('goes on by itself after the next login, where the Mac was restarted in the middle', async () => {
    const computer = await mac({ state: { neverAnswers: true } });
    await endsWith(computer, 'machine-no-answer');
    computer.restart();
    computer.state.neverAnswers = false;
    const { app, notOk } = openWizard(await computer.open());
    await app.start();
    expect(await app.settled()).toEqual({ is: 'done' });
    expect(notOk()).toEqual([]);
    await app.close();
    expect(computer.unexpected()).toEqual([]);
  });

  it.each<[string, Partial<TestMac['state']>, ProblemCode, string]>([
    [
      'a Mac that can’t virtualize',
      { canVirtualize: false },
      'virtualization-missing',
      'engine-virtualization-missing',
    ],
    ['a copy of Lima that may not', { isEntitled: false }, 'machine-not-permitted', 'engine-not-permitted'],
    ['a macOS from before', { system: '12.7.6' }, 'machine-system-too-old', 'engine-system-too-old'],
    ['an app without its Lima', { hasLima: false }, 'app-incomplete', 'engine-incomplete'],
  ])('says so of %s', async (_, state, code, why) => {
    const computer = await mac({ state });
    await endsWith(computer, code, { id: 'engine-ready', why });
    Object.assign(computer.state, { canVirtualize: true, isEntitled: true, system: '15.5', hasLima: true });
    await goesThrough(computer);
  });

  it('says so when the disk is full, before and in the middle', async () => {
    await endsWith(await mac({}, 2 * GiB), 'still-broken', { id: 'room-to-work', why: 'disk-short' });
    const computer = await mac({ state: { isDiskFull: true } });
    await endsWith(computer, 'no-room-on-disk');
    computer.state.isDiskFull = false;
    await goesThrough(computer);
  });

  it.each(['王小明', "Claire O'Brien", 'a$(x) {{y}}'])(
    'hands every word over as it is where the person is called “%s”',
    async (user) => {
      const computer = await mac({ user, language: 'en' });
      await goesThrough(computer);
      const words = computer.commands().flat();
      // Sockets take no such names: the machine lies where everybody's folders are.
      expect(words).toContain('/Users/Shared/.clawcove-501/clawcove.next.yaml');
      const own = computer.commands().filter((each) => each.some((word) => word.includes(user)));
      expect(own).toEqual([]);
    },
  );
});
