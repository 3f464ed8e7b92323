/** Ends by force what runs, in the three ways that it can happen to people. */
import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from '@playwright/test';
import { execa } from 'execa';
import type { Running } from './fixtures.ts';
import { birth } from './rig/daemon.ts';
import { rigUser } from './rig/user.ts';

/**
 * @returns whether any program of the person had a name that holds one of these words; not one that has ended
 *   and waits to be fetched by its parent
 */
async function killPrograms(names: string): Promise<boolean> {
  const alive = ['-u', String(rigUser().uid), '--runstates', 'D,R,S,T', names];
  const { exitCode } = await execa('pkill', ['-KILL', ...alive], { reject: false });
  return exitCode === 0;
}

/** How many users a process can tell apart: all, the engine's range, or its own alone (a browser's sandbox). */
const usersKnown = (pid: string): number =>
  readFileSync(`/proc/${pid}/uid_map`, 'utf8')
    .trim()
    .split('\n')
    .reduce((sum, line) => sum + Number(line.trim().split(/\s+/)[2]), 0);

/** Kills what runs in the engine's namespace of users, whatever it is called. */
function killNamespace(): boolean {
  const { uid } = rigUser();
  const everybody = usersKnown('self');
  let found = false;
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name)))
    try {
      const users = usersKnown(pid);
      if (statSync(`/proc/${pid}`).uid !== uid || users === 1 || users === everybody) continue;
      if (birth(Number(pid)) === undefined) continue;
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
    return killNamespace() || keepers;
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
