/** The one judge of what an update has left: one OpenClaw, whole, with everything it knew. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import { network } from '../main/host/network.ts';
import { knock } from '../main/openclaw/gateway.ts';
import { container, readState } from './break.ts';
import { dataFolder, engineNames, type Running, savedChoices, savedReceipts } from './fixtures.ts';
import { snapshotOf } from './pages/work.ts';
import { podman } from './rig/podman.ts';
import { markOfTheNew } from './rig/variants.ts';

/** What a home knows that must not get lost. */
export interface Belongings {
  readonly token: string;
  readonly memory: string;
  /** What OpenClaw's settings say of the model: service, address, name. */
  readonly model: unknown;
  /** Names of what the home is told in confidence. */
  readonly secrets: readonly string[];
}

export const memoryFile = 'workspace/MEMORY.md';
/** Said to the agent in the beginning; part of the conversation ever after. */
export const said = 'my name is Ada of the test';

/** What opens the home, as ClawCove keeps it. */
export const token = (): string => readFileSync(join(dataFolder(), 'vault/gateway-token'), 'utf8').trim();
export function modelOf(config: string): unknown {
  const { agents, models } = JSON.parse(config);
  return { chosen: agents.defaults.model, providers: models?.providers };
}

export const belongings = async (): Promise<Belongings> => ({
  token: token(),
  memory: await readState(memoryFile),
  model: modelOf(await readState('openclaw.json')),
  secrets: (await engineNames()).secrets.toSorted(),
});

/** The version that answers to the token; null: none does. */
export async function whoAnswers(): Promise<string | null> {
  const answer = await knock(network, Number(savedChoices().port), token(), AbortSignal.timeout(10_000));
  return answer.is === 'let-in' ? answer.version : null;
}

function journal(): { stage: string | null; failed: string | null } {
  const file = join(dataFolder(), 'updates.json');
  // Struck before there was anything to write down.
  if (!existsSync(file)) return { stage: null, failed: null };
  const { open, failed } = JSON.parse(readFileSync(file, 'utf8'));
  return { stage: open?.stage ?? null, failed: failed?.version ?? null };
}

/** What something that was broken off may leave in ClawCove's own folder. */
const halfDone = (): string[] =>
  readdirSync(dataFolder(), { recursive: true, encoding: 'utf8' }).filter((name) =>
    /(^|\/)pull-|\.part$|\.tmp/.test(name),
  );

/**
 * Volumes without a name that belong to no container, and hold something. An empty one is what Podman itself leaves when
 * it is killed after it has made the volume and before it has made the container; nothing tells then whose it was.
 */
async function orphans(): Promise<string[]> {
  const { stdout } = await podman([
    'volume',
    'ls',
    '--filter=dangling=true',
    '--format={{.Name}} {{.Mountpoint}}',
  ]);
  const found: string[] = [];
  for (const line of String(stdout).split('\n')) {
    const [name = '', folder = ''] = line.split(' ');
    if (!/^[0-9a-f]{64}$/.test(name)) continue;
    const inside = await podman(['unshare', 'find', folder, '-mindepth', '1', '-print', '-quit']);
    if (String(inside.stdout) !== '') found.push(name);
  }
  return found;
}

/** What was told to end when its engine was killed answers for a moment longer, and belongs to nobody. */
const settlingMs = 10_000;

/** The version that answers while nothing is being done; else what is in the way, in words. */
async function stateOfThings(page: Page): Promise<string> {
  const { work } = await snapshotOf(page);
  if (work.is !== 'idle' && work.is !== 'failed') return `work is ${work.is}`;
  const { stage } = journal();
  if (stage !== null && stage !== 'watching') return `stage ${stage}`;
  return (await whoAnswers()) ?? 'nobody answers';
}

/**
 * Waits until ClawCove has done what it has to, and judges.
 * @param versions those that may run
 * @param blamed the version that is noted as one that doesn't work here; null: none is
 * @returns the version that runs
 */
export async function expectWell(
  { page }: Running,
  before: Belongings,
  versions: readonly string[],
  blamed: string | null = null,
): Promise<string> {
  const seen = { is: '', since: 0 };
  await expect
    .poll(
      async () => {
        const is = await stateOfThings(page);
        if (is !== seen.is) Object.assign(seen, { is, since: Date.now() });
        return Date.now() - seen.since < settlingMs ? `${is} for a moment` : is;
      },
      { timeout: 420_000, intervals: [1_000] },
    )
    .toMatch(/^20\d\d\.\S+$/);
  const version = (await whoAnswers()) ?? '';
  expect(versions).toContain(version);
  const { containers, volumes } = await engineNames();
  expect(containers).toEqual([container]);
  const ours = volumes.filter((name) => name.startsWith('clawcove'));
  const { stage, failed } = journal();
  const way = stage === 'watching' ? ['clawcove-openclaw-state-before'] : [];
  expect(ours.toSorted()).toEqual(['clawcove-openclaw-state', ...way]);
  expect(await orphans()).toEqual([]);
  expect(halfDone()).toEqual([]);
  expect(failed).toBe(blamed);
  expect(savedReceipts().sandbox).toMatchObject({ version });
  expect(await belongings()).toEqual(before);
  const conversations = ['exec', container, 'grep', '-rlaF', said, '/home/node/.openclaw/agents'];
  expect(String((await podman(conversations)).stdout)).not.toBe('');
  const { stdout } = await podman(['exec', container, 'openclaw', '--version']);
  expect(String(stdout)).toContain(version);
  // A variant leaves it in the state that it takes over.
  const marked = await podman(['exec', container, 'test', '-e', markOfTheNew], { reject: false });
  expect(marked.exitCode).toBe(1);
  return version;
}
