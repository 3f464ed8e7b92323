/** Ends by force what runs, in the three ways that it can happen to people. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import type { Running } from './fixtures.ts';
import { rigUser } from './rig/user.ts';

/** All programs of the person whose name holds one of these words. */
async function killPrograms(names: string): Promise<void> {
  await execa('pkill', ['-KILL', '-u', String(rigUser().uid), names], { reject: false });
}

/** Whatever runs of the home and of the engine, which learns nothing of it. */
export const killHomeAndEngine = (): Promise<void> =>
  killPrograms('podman|conmon|slirp4netns|rootlessport|runc|catatonit|openclaw|tini|node|sleep');

export const kills = {
  app: ({ kill }: Running) => kill(),
  engine: async ({ kill }: Running) => {
    await killPrograms('podman');
    await kill();
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
