/** The one judge of what an update has left: one OpenClaw, whole, with everything it knew. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { network } from '../main/host/network.ts';
import { knock } from '../main/openclaw/gateway.ts';
import { container, readState } from './break.ts';
import { dataFolder, engineNames, type Running, savedChoices } from './fixtures.ts';
import { snapshotOf } from './pages/work.ts';
import { podman } from './rig/podman.ts';

/** What a home knows that must not get lost. */
export interface Belongings {
  readonly token: string;
  readonly memory: string;
  readonly model: unknown;
}

export const memoryFile = 'workspace/MEMORY.md';
/** Said to the agent in the beginning; part of the conversation ever after. */
export const said = 'my name is Ada of the test';

/** What opens the home, as ClawCove keeps it. */
export const token = (): string => readFileSync(join(dataFolder(), 'vault/gateway-token'), 'utf8').trim();
const modelOf = (config: string) => JSON.parse(config).agents.defaults.model;

export const belongings = async (): Promise<Belongings> => ({
  token: token(),
  memory: await readState(memoryFile),
  model: modelOf(await readState('openclaw.json')),
});

/** The version that answers to the token; null: none does. */
export async function whoAnswers(): Promise<string | null> {
  const answer = await knock(network, Number(savedChoices().port), token(), AbortSignal.timeout(10_000));
  return answer.is === 'let-in' ? answer.version : null;
}

function openStage(): string | null {
  const journal = join(dataFolder(), 'updates.json');
  // Struck before there was anything to write down.
  if (!existsSync(journal)) return null;
  const { open } = JSON.parse(readFileSync(journal, 'utf8'));
  return open?.stage ?? null;
}

/**
 * Waits until ClawCove has done what it has to, and judges.
 * @returns the version that runs
 */
export async function expectWell(
  { page }: Running,
  before: Belongings,
  versions: readonly string[],
): Promise<string> {
  await expect
    .poll(
      async () => {
        const { work } = await snapshotOf(page);
        if (work.is !== 'idle' && work.is !== 'failed') return `work is ${work.is}`;
        const stage = openStage();
        if (stage !== null && stage !== 'watching') return `stage ${stage}`;
        return (await whoAnswers()) ?? 'nobody answers';
      },
      { timeout: 420_000, intervals: [1_000] },
    )
    .toMatch(/^20\d\d\./);
  const version = (await whoAnswers()) ?? '';
  expect(versions).toContain(version);
  const { containers, volumes } = await engineNames();
  expect(containers).toEqual([container]);
  const ours = volumes.filter((name) => name.startsWith('clawcove'));
  const kept =
    openStage() === 'watching' ? ['clawcove-openclaw-state', 'clawcove-openclaw-state-before'] : null;
  expect(ours.toSorted()).toEqual(kept ?? ['clawcove-openclaw-state']);
  expect(await belongings()).toEqual(before);
  const conversations = ['exec', container, 'grep', '-rlaF', said, '/home/node/.openclaw/agents'];
  expect(String((await podman(conversations)).stdout)).not.toBe('');
  const { stdout } = await podman(['exec', container, 'openclaw', '--version']);
  expect(String(stdout)).toContain(version);
  return version;
}
