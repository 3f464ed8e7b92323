/** Measures what docs/benchmarks.md promises, as ratios within one run, and writes it there. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { _electron, type ElectronApplication } from '@playwright/test';
import { cleanHome } from '../rig/clean-home.ts';
import { prepareRig, type Rig } from '../rig/rig.ts';
import { asUser } from '../rig/user.ts';
import { setUpByHand } from './by-hand.ts';
import { memoryBytes, processorSeconds } from './processes.ts';

const rounds = 7;
const memoryRounds = 3;
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

type Pair = { readonly ours: number; readonly bare: number };

/** Medians of two things that are measured in turn, so that a busy moment hits both. */
async function inTurn(
  times: number,
  ours: () => Promise<number>,
  bare: () => Promise<number>,
): Promise<Pair> {
  const all = { ours: [] as number[], bare: [] as number[] };
  for (let round = 0; round < times; round++) {
    all.bare.push(await bare());
    all.ours.push(await ours());
  }
  return { ours: median(all.ours), bare: median(all.bare) };
}

async function startUp(rig: Rig, bare: string): Promise<Pair> {
  // The first start of all reads Electron itself from the disk.
  await untilUsable(rig, bare);
  return inTurn(
    rounds,
    () => untilUsable(rig, rig.checkout),
    () => untilUsable(rig, bare),
  );
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
  inTurn(
    3,
    () => cleanHome().then(() => setUpInWindow(rig)),
    () => cleanHome().then(setUpByHand),
  );

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
const mega = (bytes: number) => `${(bytes / 1e6).toFixed(0)} MB`;
const row = (what: string, figure: string, against: string, ratio: string, limit: string) =>
  `| ${what} | ${figure} | ${against} | ${ratio} | ${limit} |`;

await cleanHome();
const window = await startUp(rig, bare);
say(`start-up ${JSON.stringify(window)}`);
const setup = await setUp(rig);
say(`set-up ${JSON.stringify(setup)}`);
const looking = await look(rig);
say(`look ${looking}`);
const checking = command(rig, 'check');
const open = await inTurn(
  memoryRounds,
  () => memoryOpen(rig, rig.checkout),
  () => memoryOpen(rig, bare),
);
say(`memory ${JSON.stringify(open)}`);
const tray = await idle(rig, rig.checkout, idleSeconds);
const bareTray = await idle(rig, bare, idleSeconds);
say(`idle ${JSON.stringify({ tray, bareTray })}`);

const table = [
  '# Benchmarks',
  '',
  'Written by `npm run bench`: medians, each pair measured in turn in the same run; the whole process and the',
  'tray are measured once. The machines these come from are shared and noisy: the ratios are what counts.',
  '',
  `Electron ${rig.electron.version}, Podman on ${new Date().toISOString().slice(0, 10)}, ${cpus().length} cores.`,
  '',
  '| what | ClawCove | against | ratio | at most |',
  '| --- | --- | --- | --- | --- |',
  row(
    'window usable after launch',
    `${window.ours.toFixed(2)} s`,
    `bare Electron window ${window.bare.toFixed(2)} s`,
    (window.ours / window.bare).toFixed(2),
    '1.5',
  ),
  row(
    'set-up, from agreeing to all green',
    `${setup.ours.toFixed(1)} s`,
    `the same by hand ${setup.bare.toFixed(1)} s`,
    (setup.ours / setup.bare).toFixed(2),
    '1.25',
  ),
  row('one look at all safeguards', `${looking.toFixed(2)} s`, '–', '–', '2 s'),
  row('`clawcove check` as a whole process', `${checking.toFixed(2)} s`, '–', '–', '–'),
  row(
    `tray left alone for ${idleSeconds} s, checks included`,
    `${(tray.share * 100).toFixed(2)} % of a core`,
    `bare tray ${(bareTray.share * 100).toFixed(2)} %`,
    '–',
    '1 %',
  ),
  row(
    'memory, tray only (PSS)',
    mega(tray.bytes),
    `bare tray ${mega(bareTray.bytes)}`,
    (tray.bytes / bareTray.bytes).toFixed(2),
    '1.3',
  ),
  row(
    'memory, window open (PSS)',
    mega(open.ours),
    `bare window with tray ${mega(open.bare)}`,
    (open.ours / open.bare).toFixed(2),
    '1.3',
  ),
  '',
].join('\n');
writeFileSync(new URL('../../docs/benchmarks.md', import.meta.url), table);
say(table);
