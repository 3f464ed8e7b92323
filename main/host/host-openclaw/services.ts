/** What has systemd start OpenClaw by itself, in the person's own session. Source: systemd.unit(5), systemctl(1). */
import { mkdir, rename, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Run } from '../../doors.ts';
import type { FoundService, Resting } from '../../moving-in/found.ts';
import { isThere } from '../is-there.ts';
import { namesIn } from '../names-in.ts';
import { asideName, isItsService } from './names.ts';

const askTimeout = 5_000;
/** A gateway closes its conversations first (ms). */
const stopTimeout = 60_000;

/** Where systemd puts a link to what it starts when the person logs in. Source: OpenClaw's unit, `WantedBy`. */
const wanted = 'default.target.wants';

export interface Services {
  /** @throws when the person's units can't be read */
  look(signal: AbortSignal): Promise<FoundService[]>;
  stop(services: Resting['services'], signal: AbortSignal): Promise<void>;
  start(services: Resting['services'], signal: AbortSignal): Promise<void>;
  layAside(services: Resting['services'], mark: string, signal: AbortSignal): Promise<void>;
  putBack(services: Resting['services'], mark: string, signal: AbortSignal): Promise<void>;
}

/** @param folder the person's own units */
export function createServices(run: Run, folder: string): Services {
  const linkOf = (name: string) => join(folder, wanted, name);

  /** null: nobody answers for this session. */
  async function systemctl(words: readonly string[], timeoutMs: number, signal: AbortSignal) {
    const outcome = await run({ file: 'systemctl', args: ['--user', ...words], timeoutMs, signal });
    return outcome.is === 'exited' && outcome.code === 0 ? outcome.stdout : null;
  }

  async function isActive(name: string, signal: AbortSignal): Promise<boolean | null> {
    const said = await systemctl(['show', '--property=ActiveState', '--', name], askTimeout, signal);
    const [, state] = /^ActiveState=(\w+)$/m.exec(said ?? '') ?? [];
    return state === undefined ? null : ['active', 'activating', 'reloading', 'deactivating'].includes(state);
  }

  const reload = (signal: AbortSignal) => systemctl(['daemon-reload'], askTimeout, signal);

  return {
    async look(signal) {
      const names = await namesIn(folder);
      if (names === null) throw new Error(`can't read ${folder}`);
      return Promise.all(
        names
          .filter(isItsService)
          .sort()
          .map(async (name) => ({
            name,
            startsByItself: await isThere(linkOf(name)),
            isActive: await isActive(name, signal),
          })),
      );
    },
    async stop(services, signal) {
      for (const { name } of services.filter(({ wasActive }) => wasActive))
        await systemctl(['stop', '--', name], stopTimeout, signal);
    },
    async start(services, signal) {
      for (const { name } of services.filter(({ wasActive }) => wasActive))
        await systemctl(['start', '--', name], stopTimeout, signal);
    },
    async layAside(services, mark, signal) {
      for (const { name } of services) {
        await rm(linkOf(name), { force: true });
        const file = join(folder, name);
        if (await isThere(file)) await rename(file, join(folder, asideName(name, mark)));
      }
      if (services.length > 0) await reload(signal);
    },
    async putBack(services, mark, signal) {
      for (const { name, startsByItself } of services) {
        const [aside, file] = [join(folder, asideName(name, mark)), join(folder, name)];
        if ((await isThere(aside)) && !(await isThere(file))) await rename(aside, file);
        if (!startsByItself || (await isThere(linkOf(name)))) continue;
        await mkdir(join(folder, wanted), { recursive: true });
        await symlink(file, linkOf(name));
      }
      if (services.length > 0) await reload(signal);
    },
  };
}
