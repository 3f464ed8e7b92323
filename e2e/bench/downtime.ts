/** How long nobody answers while a newer OpenClaw takes the older one's place: through ClawCove, and by hand. */
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { container, createdBy, globalWords, replacing, writeState } from '../break.ts';
import { savedChoices } from '../fixtures.ts';
import { cleanHome } from '../rig/clean-home.ts';
import { podman } from '../rig/podman.ts';
import { whileHidden } from '../rig/registry.ts';
import type { Rig } from '../rig/rig.ts';
import { latestOpenClaw, olderOpenClaw } from '../rig/settings.ts';
import { asUser } from '../rig/user.ts';
import { type SavedHome, saveHome } from '../saved-home.ts';
import { memoryFile, whoAnswers } from '../well.ts';

const image = `ghcr.io/openclaw/openclaw:${latestOpenClaw}`;
const state = 'clawcove-openclaw-state';
const copy = 'by-hand-before';
const pollEvery = 50;
/** What is asked while the port changes hands may never be answered (ms). */
const patience = 1_000;

async function isReady(port: number): Promise<boolean> {
  const signal = AbortSignal.timeout(patience);
  const answer = await fetch(`http://127.0.0.1:${port}/readyz`, { signal }).catch(() => null);
  await answer?.body?.cancel();
  return answer?.status === 200;
}

/** The longest time without an answer of somebody ready, from outside, while `work` is done; in seconds. */
async function silence(work: () => Promise<unknown>): Promise<number> {
  const port = Number(savedChoices().port);
  let longest = 0;
  let last = performance.now();
  const hear = async () => {
    if (!(await isReady(port))) return;
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
  };
  let isOver = false;
  const done = work().finally(() => {
    isOver = true;
  });
  while (!isOver) {
    await hear();
    await sleep(pollEvery);
  }
  await done;
  // Who was waited for may have been heard there first.
  await hear();
  return longest / 1000;
}

async function untilReady(): Promise<void> {
  const port = Number(savedChoices().port);
  while (!(await isReady(port))) await sleep(pollEvery);
}

async function mustAnswer(version: string): Promise<void> {
  const who = await whoAnswers();
  if (who !== version) throw new Error(`${who ?? 'nobody'} answers instead of ${version}`);
}

/** The product's own command line, which may take its time. */
function clawcove(rig: Rig, ...words: string[]) {
  const [file = '', ...args] = asUser([rig.electron.executable, rig.checkout, ...words]);
  return execa(file, args, { cwd: '/', stdin: 'ignore' });
}

/** Twenty megabytes of somebody's work, which no copy makes any smaller. */
const livingIn = 'for n in $(seq 200); do head -c 100000 /dev/urandom > "$1/work-$n"; done';

/** A home with the older version that is lived in, on a computer that has the newer one already. */
export async function saveOlderHome(rig: Rig): Promise<SavedHome> {
  await cleanHome({ keepImages: true });
  await whileHidden(latestOpenClaw, () => clawcove(rig, 'setup', '--yes'));
  await mustAnswer(olderOpenClaw);
  await podman(['exec', container, 'sh', '-c', livingIn, 'sh', '/home/node/.openclaw/workspace']);
  await writeState(memoryFile, 'she likes lighthouses');
  await podman(['pull', '--quiet', image]);
  const saved = await saveHome();
  // The first home of an image takes its time, as ClawCove's rehearsal does before anything stops.
  await saved.putBack();
  await podman(await newerOne());
  await podman(['rm', '--volumes', container + newer]);
  return saved;
}

const newer = '-newer';
/** The words that make the same home from the newer version, beside the older one. */
async function newerOne(): Promise<string[]> {
  const words = replacing('--name', () => container + newer)(await createdBy());
  return words.map((word) => (/^ghcr\.io\/openclaw\/openclaw@sha256:/.test(word) ? image : word));
}

/** The saved home, up and left alone for a while. */
async function begin(saved: SavedHome): Promise<string[]> {
  await saved.putBack();
  const words = globalWords(await createdBy());
  await podman([...words, 'start', container]);
  await untilReady();
  await mustAnswer(olderOpenClaw);
  await sleep(5_000);
  return words;
}

/** The product's own way, with everything that it does besides. */
export async function updateByClawCove(rig: Rig, saved: SavedHome): Promise<number> {
  await begin(saved);
  const seconds = await silence(() => clawcove(rig, 'update'));
  await mustAnswer(latestOpenClaw);
  return seconds;
}

async function copyState(): Promise<void> {
  const folders: string[] = [];
  for (const name of [state, copy]) {
    const { stdout } = await podman(['volume', 'inspect', '--format', '{{.Mountpoint}}', name]);
    folders.push(String(stdout));
  }
  const [from, to = ''] = folders;
  await podman(['unshare', 'cp', '--archive', '--reflink=auto', '--', `${from}/.`, to]);
  await podman(['unshare', 'sync', '-f', to]);
}

/** The quickest that anybody could type: what can be made before is made before. */
export async function updateByHand(saved: SavedHome): Promise<number> {
  const words = await begin(saved);
  await podman(await newerOne());
  await podman(['volume', 'create', copy]);
  const seconds = await silence(async () => {
    await podman(['stop', container]);
    await copyState();
    await podman([...words, 'start', container + newer]);
    await untilReady();
  });
  await mustAnswer(latestOpenClaw);
  return seconds;
}

/** The same without the newer version: nothing has to be migrated, and compiled code is there already. */
export async function restartByHand(saved: SavedHome): Promise<number> {
  const words = await begin(saved);
  await podman(['volume', 'create', copy]);
  const seconds = await silence(async () => {
    await podman(['stop', container]);
    await copyState();
    await podman([...words, 'start', container]);
    await untilReady();
  });
  await mustAnswer(olderOpenClaw);
  return seconds;
}
