/**
 * Measures what docs/benchmarks.md promises, as ratios within one run, and writes it there. Words on
 * the command line name the parts to measure; the figures of the others stay then. Ends with 1 when
 * something is over its limit.
 */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { _electron, type ElectronApplication } from '@playwright/test';
import { cleanHome } from '../rig/clean-home.ts';
import { prepareRig, type Rig } from '../rig/rig.ts';
import { asUser } from '../rig/user.ts';
import { setUpByHand } from './by-hand.ts';
import { restartByHand, saveOlderHome, updateByClawCove, updateByHand } from './downtime.ts';
import { memoryBytes, processorSeconds } from './processes.ts';
import { writeReport } from './report.ts';
import { cellsOf, type Figure, type Row, tooMuch } from './row.ts';

const rounds = 7;
const memoryRounds = 3;
const updateRounds = 3;
/** How long the tray is left alone while its processor time is counted, in seconds. */
const idleSeconds = Number(process.env.CLAWCOVE_BENCH_IDLE ?? 300);

const median = (values: readonly number[]) =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
const say = (text: string) => console.log(text);

function launch(rig: Rig, folder: string, ...words: string[]): Promise<ElectronApplication> {
  return _electron.launch({
    executablePath: rig.electron.wrapper,
    args: [folder, ...words],
    env: { ...rig.env, CLAWCOVE_RIG_HOME: rig.user.home },
    cwd: rig.user.home,
  });
}

/** Seconds from the start of the program until its first button can be pressed. */
async function untilUsable(rig: Rig, folder: string): Promise<number> {
  const began = performance.now();
  const electron = await launch(rig, folder);
  const page = await electron.firstWindow();
  await page.getByRole('button').first().waitFor();
  const seconds = (performance.now() - began) / 1000;
  await electron.close();
  return seconds;
}

function command(rig: Rig, ...words: string[]): number {
  const [file = '', ...args] = asUser([rig.electron.executable, rig.checkout, ...words]);
  const began = performance.now();
  execFileSync(file, args, { cwd: '/', stdio: 'ignore' });
  return (performance.now() - began) / 1000;
}

type Pair = Record<'ours' | 'bare', number>;

/** Medians of things that are measured in turn, so that a busy moment hits all of them. */
async function inTurn<Name extends string>(
  times: number,
  ways: Record<Name, () => Promise<number>>,
): Promise<Record<Name, number>> {
  const names = Object.keys(ways) as Name[];
  const all = new Map(names.map((name) => [name, [] as number[]]));
  for (let round = 0; round < times; round++)
    for (const name of names) {
      const figure = await ways[name]();
      all.get(name)?.push(figure);
      say(`${name} ${figure.toFixed(2)}`);
    }
  return Object.fromEntries(names.map((name) => [name, median(all.get(name) ?? [])])) as Record<Name, number>;
}

async function startUp(rig: Rig, bare: string): Promise<Pair> {
  // The first start of all reads Electron itself from the disk.
  await untilUsable(rig, bare);
  return inTurn(rounds, {
    bare: () => untilUsable(rig, bare),
    ours: () => untilUsable(rig, rig.checkout),
  });
}

/** Seconds from "Agree and set up" until every safeguard is green, in the window. */
async function setUpInWindow(rig: Rig): Promise<number> {
  const electron = await launch(rig, rig.checkout);
  const page = await electron.firstWindow();
  await page.getByRole('button', { name: 'Let’s begin' }).click();
  await page.getByRole('button', { name: 'Continue' }).click({ timeout: 60_000 });
  await page.getByRole('button', { name: 'Continue' }).click();
  const agree = page.getByRole('button', { name: 'Agree and set up' });
  await agree.waitFor();
  const began = performance.now();
  await agree.click({ timeout: 60_000 });
  await page.locator('[data-screen="done"]').waitFor({ timeout: 300_000 });
  const seconds = (performance.now() - began) / 1000;
  await page.getByRole('button', { name: 'Go to my safe home' }).click();
  await page.locator('[data-screen="home"]').waitFor();
  await electron.close();
  return seconds;
}

/** Each on a new computer; afterwards ours is at home there. */
const setUp = (rig: Rig): Promise<Pair> =>
  inTurn(3, {
    bare: () => cleanHome().then(setUpByHand),
    ours: () => cleanHome().then(() => setUpInWindow(rig)),
  });

/** One look at everything in the open window, from the press of the button to its end, in seconds. */
async function look(rig: Rig): Promise<number> {
  const electron = await launch(rig, rig.checkout);
  const page = await electron.firstWindow();
  const button = page.getByRole('button', { name: 'Check now', exact: true });
  const isIdle = () => button.isEnabled();
  while (!(await isIdle())) await sleep(100);
  const took: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const began = performance.now();
    await button.click();
    await page
      .getByRole('button', { name: 'Checking…' })
      .waitFor({ timeout: 2_000 })
      .catch(() => {});
    while (!(await isIdle())) await sleep(10);
    took.push((performance.now() - began) / 1000);
  }
  await electron.close();
  return median(took);
}

/** Share of one core and bytes of memory while only the tray runs. */
async function idle(rig: Rig, folder: string, seconds: number): Promise<{ share: number; bytes: number }> {
  const electron = await launch(rig, folder, '--hidden');
  await sleep(20_000);
  const pid = Number(electron.process().pid);
  const before = processorSeconds(pid);
  await sleep(seconds * 1000);
  const share = (processorSeconds(pid) - before) / seconds;
  const bytes = memoryBytes(pid);
  await electron.close();
  return { share, bytes };
}

/** Memory of the whole app with its window open, in bytes. */
async function memoryOpen(rig: Rig, folder: string): Promise<number> {
  const electron = await launch(rig, folder);
  const page = await electron.firstWindow();
  await page.getByRole('button').first().waitFor();
  await sleep(15_000);
  const bytes = memoryBytes(Number(electron.process().pid));
  await electron.close();
  return bytes;
}

const rig = await prepareRig();
const bare = join(rig.checkout, 'e2e/bench/bare');
const seconds = (value: number, digits: number): Figure => ({ value, digits, unit: 's' });
const memory = (bytes: number): Figure => ({ value: bytes / 1e6, digits: 0, unit: 'MB' });
const share = (value: number): Figure => ({ value: value * 100, digits: 2, unit: '% of a core' });

/** ClawCove is at home here: what set-up leaves, or made for the one part that wants it. */
let isAtHome = false;
async function beAtHome(): Promise<void> {
  if (isAtHome) return;
  await cleanHome();
  await setUpInWindow(rig);
  isAtHome = true;
}

const parts: Record<string, () => Promise<Row[]>> = {
  async 'start-up'() {
    await cleanHome();
    const { ours, bare: without } = await startUp(rig, bare);
    return [
      {
        what: 'window usable after launch',
        figure: seconds(ours, 2),
        counts: 'ratio',
        against: { what: 'bare Electron window', figure: seconds(without, 2) },
        atMost: 1.5,
      },
    ];
  },
  async 'set-up'() {
    const { ours, bare: byHand } = await setUp(rig);
    isAtHome = true;
    return [
      {
        what: 'set-up, from agreeing to all green',
        figure: seconds(ours, 1),
        counts: 'ratio',
        against: { what: 'the same by hand', figure: seconds(byHand, 1) },
        atMost: 1.25,
      },
    ];
  },
  async look() {
    await beAtHome();
    const looking = await look(rig);
    const checking = command(rig, 'check');
    return [
      {
        what: 'one look at all safeguards',
        figure: seconds(looking, 2),
        counts: 'figure',
        against: null,
        atMost: 2,
      },
      {
        what: '`clawcove check` as a whole process',
        figure: seconds(checking, 2),
        counts: 'figure',
        against: null,
        atMost: null,
      },
    ];
  },
  async memory() {
    await beAtHome();
    const { ours, bare: without } = await inTurn(memoryRounds, {
      bare: () => memoryOpen(rig, bare),
      ours: () => memoryOpen(rig, rig.checkout),
    });
    return [
      {
        what: 'memory, window open (PSS)',
        figure: memory(ours),
        counts: 'ratio',
        against: { what: 'bare window with tray', figure: memory(without) },
        atMost: 1.3,
      },
    ];
  },
  async tray() {
    await beAtHome();
    const ours = await idle(rig, rig.checkout, idleSeconds);
    const without = await idle(rig, bare, idleSeconds);
    const bareTray = 'bare tray';
    return [
      {
        what: `tray left alone for ${idleSeconds} s, checks included`,
        figure: share(ours.share),
        counts: 'figure',
        against: { what: bareTray, figure: share(without.share) },
        atMost: 1,
      },
      {
        what: 'memory, tray only (PSS)',
        figure: memory(ours.bytes),
        counts: 'ratio',
        against: { what: bareTray, figure: memory(without.bytes) },
        atMost: 1.3,
      },
    ];
  },
  async downtime() {
    const saved = await saveOlderHome(rig);
    isAtHome = false;
    const { restart, byHand, ours } = await inTurn(updateRounds, {
      ours: () => updateByClawCove(rig, saved),
      byHand: () => updateByHand(saved),
      restart: () => restartByHand(saved),
    });
    saved.forget();
    const figure = seconds(ours, 1);
    return [
      {
        what: 'nobody answers during an update',
        figure,
        counts: 'ratio',
        against: {
          what: 'the same stop, copy of the state, migration and start by hand',
          figure: seconds(byHand, 1),
        },
        atMost: 1.3,
      },
      {
        what: 'the same, which migrates the state',
        figure,
        counts: 'ratio',
        against: {
          what: 'the older one stopped, its state copied, and started: nothing to migrate',
          figure: seconds(restart, 1),
        },
        atMost: null,
      },
    ];
  },
};

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(name in parts));
if (unknown.length > 0) throw new Error(`There are only ${Object.keys(parts).join(', ')}.`);

const measured: Row[] = [];
for (const [name, measure] of Object.entries(parts)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  for (const row of await measure()) {
    measured.push(row);
    say(cellsOf(row).join(' · '));
  }
}

const day = new Date().toISOString().slice(0, 10);
say(writeReport(measured, { electron: rig.electron.version, day, isWhole: asked.length === 0 }));
const over = tooMuch(measured);
for (const line of over) say(line);
if (over.length > 0) process.exitCode = 1;
