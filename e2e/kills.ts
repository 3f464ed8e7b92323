/** Ends by force what runs, in the three ways that it can happen to people. */
import { readdirSync, readlinkSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from '@playwright/test';
import { execa } from 'execa';
import type { Running } from './fixtures.ts';
import { rigUser } from './rig/user.ts';

/** @returns whether any program of the person had a name that holds one of these words */
async function killPrograms(names: string): Promise<boolean> {
  const { exitCode } = await execa('pkill', ['-KILL', '-u', String(rigUser().uid), names], { reject: false });
  return exitCode === 0;
}

/** Kills what the person runs in namespaces of its own: all that the engine does, whatever it is called. */
function killNamespaces(): boolean {
  const { uid } = rigUser();
  const ours = readlinkSync('/proc/self/ns/user');
  let found = false;
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name)))
    try {
      if (statSync(`/proc/${pid}`).uid !== uid || readlinkSync(`/proc/${pid}/ns/user`) === ours) continue;
      process.kill(Number(pid), 'SIGKILL');
      found = true;
    } catch {
      // It has ended meanwhile.
    }
  return found;
}

/** Whatever runs of the home and of the engine, which learns nothing of it. */
export async function killHomeAndEngine(): Promise<void> {
  const kill = async () => {
    const keepers = await killPrograms('podman|conmon|slirp4netns|rootlessport|runc|catatonit');
    return killNamespaces() || keepers;
  };
  // One that was just being started may have got away.
  while (await kill()) await sleep(50);
}

export const kills = {
  app: ({ kill }: Running) => kill(),
  /** ClawCove lives on and has to cope. */
  engine: async () => {
    await expect.poll(() => killPrograms('podman|conmon'), { timeout: 5_000, intervals: [20] }).toBe(true);
  },
  'power cut': async ({ kill }: Running) => {
    await kill();
    await killHomeAndEngine();
    // What lies in memory is gone, and so the engine knows that the computer was started again.
    for (const name of ['containers', 'libpod', 'runc'])
      rmSync(join(rigUser().runtimeFolder, name), { recursive: true, force: true });
  },
} as const satisfies Record<string, (running: Running) => Promise<void>>;

export type Kill = keyof typeof kills;
