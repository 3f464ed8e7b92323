/**
 * The whole way of an OpenClaw of Windows' and of a Mac's into its home and back, killed after each of ClawCove's calls: the
 * home is in memory, the old one's files are real, and its system answers as documented.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Answer, Intent, Question } from '../../contract.ts';
import type { HostOpenClaw } from '../../doors.ts';
import { movedInMachine, startApp, type TestApp } from '../../testing/apps.ts';
import { livesOnComputer } from '../../testing/host-openclaw.ts';
import { killEverywhere } from '../../testing/kill-everywhere.ts';
import type { Machine } from '../../testing/machine.ts';
import { createMacHostOpenClaw } from '../macos/host-openclaw.ts';
import { OpenClawMac, uid } from '../macos/testing/openclaw-mac.ts';
import { testFolder } from '../test-folder.ts';
import { createWindowsHostOpenClaw } from '../windows/host-openclaw.ts';
import { OpenClawWindows, programs } from '../windows/testing/openclaw-windows.ts';
import { everythingIn, write } from './testing/files.ts';
import { quickClock } from './testing/quick-clock.ts';

/** A computer on which an OpenClaw runs. */
interface Lived {
  readonly host: () => HostOpenClaw;
  readonly folder: string;
  /** All that must be as it was, and what starts by itself. */
  all(): Promise<unknown>;
  runs(): boolean;
}

const log = { info() {}, error() {} };
const settings = JSON.stringify({
  meta: { lastTouchedVersion: '2026.9.5' },
  models: { providers: { old: { baseUrl: 'https://old.example/v1' } } },
});
const agent = `<plist version="1.0"><dict><key>RunAtLoad</key><true/></dict></plist>`;

async function windowsComputer(): Promise<Lived> {
  const home = join(await testFolder(), '王小明');
  const startup = 'AppData/Roaming/Microsoft/Windows/Start Menu/Programs/Startup';
  await write(home, { '.openclaw/openclaw.json': settings, [`${startup}/OpenClaw Gateway.cmd`]: 'start' });
  const windows = new OpenClawWindows();
  windows.tasks.set('OpenClaw Gateway', { isOn: true });
  windows.gateway(9032, `${home}\\.openclaw`);
  const environment = { APPDATA: join(home, 'AppData/Roaming') };
  const [run, clock] = [windows.run, quickClock()];
  return {
    folder: home,
    host: () => createWindowsHostOpenClaw({ run, log, programs, home, environment, clock }),
    all: async () => ({ files: await everythingIn(home), tasks: [...windows.tasks] }),
    runs: () => windows.processes.length > 0 || windows.begun.length > 0,
  };
}

async function macComputer(): Promise<Lived> {
  const top = await testFolder();
  const home = join(top, '王小明');
  await write(home, {
    '.openclaw/openclaw.json': settings,
    'Library/LaunchAgents/ai.openclaw.gateway.plist': agent,
    'Library/LaunchAgents/ai.openclaw.mac.plist': agent,
  });
  const mac = new OpenClawMac();
  mac.loaded.set('ai.openclaw.gateway', 4211);
  mac.add({ pid: 4211, paths: [join(home, '.openclaw/x')] });
  mac.app(4400);
  const { run, kill } = mac;
  return {
    folder: home,
    host: () =>
      createMacHostOpenClaw({
        run,
        kill,
        log,
        home,
        uid,
        environment: {},
        applications: top,
        clock: quickClock(),
      }),
    all: () => everythingIn(home),
    runs: () => mac.loaded.has('ai.openclaw.gateway'),
  };
}

const doors = ['look', 'read', 'measure', 'stop', 'wake', 'putToRest', 'canTakeBack', 'takeBack'] as const;

/** Starts ClawCove with the real door, on the same computer for the same machine. */
function starterOn(make: () => Promise<Lived>) {
  const computers = new WeakMap<Machine, Promise<Lived>>();
  const on = (machine: Machine): Promise<Lived> => {
    const known = computers.get(machine) ?? make();
    computers.set(machine, known);
    return known;
  };
  const start = (machine: Machine): TestApp => {
    const test = startApp(machine);
    for (const name of doors)
      test.instead(`hostOpenClaw.${name}`, async (_, __, args) => {
        const door = (await on(machine)).host()[name] as (...words: unknown[]) => unknown;
        return door(...args);
      });
    test.instead('hostOpenClaw.pack', async (_, usual, args) => {
      const { host, folder } = await on(machine);
      const [profile, cargo, , report] = args as Parameters<HostOpenClaw['pack']>;
      await mkdir(`${folder} packed`, { recursive: true });
      await host().pack(profile, cargo, join(`${folder} packed`, 'one.tar'), report);
      // The home in memory unpacks what it knows of it.
      return usual();
    });
    return test;
  };
  return { start, on };
}

const fix: Intent = { do: 'fix', id: 'host-clean' };
const moveIt = (question: Question): Answer => {
  if (question.is === 'model-key') return { is: 'model-key', key: 'sk-of-mine' };
  return question.is === 'move-in' ? { is: 'move', profile: 'default' } : { is: 'yes' };
};

describe.each([
  ['Windows', windowsComputer],
  ['a Mac', macComputer],
])('an OpenClaw of %s', (_, make) => {
  const lived = async () => {
    const machine = await movedInMachine();
    machine.onComputer = { ...livesOnComputer(), running: [] };
    return machine;
  };
  /** As it is wherever nothing has been done yet; folders of tests have different names. */
  const untouched = async () => {
    const made = await make();
    return { all: await made.all(), look: await made.host().look(new AbortController().signal) };
  };

  it('moves in, and goes back, and everything is as it was', async () => {
    const { start, on } = starterOn(make);
    const machine = await lived();
    const test = start(machine);
    expect(await test.do(fix, moveIt)).toEqual({ is: 'done' });
    const computer = await on(machine);
    expect(machine.state?.memories).toEqual(['my name is Grace']);
    expect(await computer.host().look(new AbortController().signal)).toMatchObject({
      is: 'seen',
      homes: [],
      services: [],
      gateways: [],
    });
    expect(await test.do({ do: 'undo-move-in' })).toEqual({ is: 'done' });
    expect(machine.state?.memories).toEqual(['my name is Ada']);
    expect(await computer.all()).toEqual((await untouched()).all);
    expect(computer.runs()).toBe(true);
  });

  it('killed anywhere on the way in: the old or the new one works, and all of it goes on', async () => {
    const { start, on } = starterOn(make);
    const { all } = await untouched();
    await killEverywhere(
      await lived(),
      fix,
      async (left, at) => {
        const again = start(left);
        // Any work goes on with it first.
        await again.do({ do: 'start' });
        const computer = await on(left);
        const look = await computer.host().look(new AbortController().signal);
        if (left.receipts.hostMove?.stage === 'done') {
          expect(left.state?.memories, at).toEqual(['my name is Grace']);
          expect(look, at).toMatchObject({ homes: [], services: [], gateways: [] });
        } else {
          expect(left.receipts.hostMove, at).toBeNull();
          expect(left.state?.memories, at).toEqual(['my name is Ada']);
          expect(await computer.all(), at).toEqual(all);
          expect(computer.runs(), at).toBe(true);
        }
      },
      moveIt,
      start,
      // What the home does in between is the same on every system: moving-in/move-in.test.ts.
      (call) => /^(?:hostOpenClaw\.|store\.save)/.test(call),
    );
  }, 600_000);
});
