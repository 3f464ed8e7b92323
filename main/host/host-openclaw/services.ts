/** What has systemd start OpenClaw by itself, in the person's own session. Source: systemd.unit(5), systemctl(1). */
import { mkdir, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock, Run } from '../../doors.ts';
import { isThere } from '../is-there.ts';
import { namesIn } from '../names-in.ts';
import { moveOnce } from './aside.ts';
import { asideName, isItsService } from './names.ts';
import type { Services } from './parts.ts';
import { Unseen } from './unreadable.ts';

const askTimeout = 5_000;
/** A gateway closes its conversations first (ms). */
const stopTimeout = 60_000;

/** Where systemd puts a link to what it starts when the person logs in. Source: OpenClaw's unit, `WantedBy`. */
const wanted = 'default.target.wants';

/** @param folder the person's own units */
export function createServices(run: Run, folder: string, clock: Clock): Services {
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
      if (names === null) throw new Unseen({ is: 'unreadable', what: folder });
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
        await moveOnce(join(folder, name), join(folder, asideName(name, mark)), clock, signal);
      }
      if (services.length > 0) await reload(signal);
    },
    async putBack(services, mark, signal) {
      for (const { name, startsByItself } of services) {
        const file = join(folder, name);
        await moveOnce(join(folder, asideName(name, mark)), file, clock, signal);
        if (!startsByItself || (await isThere(linkOf(name)))) continue;
        await mkdir(join(folder, wanted), { recursive: true });
        await symlink(file, linkOf(name));
      }
      if (services.length > 0) await reload(signal);
    },
  };
}
