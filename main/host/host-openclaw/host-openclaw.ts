/** OpenClaw on a Linux computer itself: {@link HostOpenClaw} on the person's own files and processes. */
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { lstat, open, readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import * as z from 'zod';
import type { HostOpenClaw, Log, Run } from '../../doors.ts';
import { settingsIn } from '../../moving-in/cargo.ts';
import type { FoundHome, Profile } from '../../moving-in/found.ts';
import { Cancelled, ProblemError } from '../../problem.ts';
import { isThere } from '../is-there.ts';
import { birthOf, findGateways, type RunningGateway } from './gateways.ts';
import { asideName, folderName, profileOf } from './names.ts';
import { pack } from './pack.ts';
import { findPrograms } from './programs.ts';
import { createServices } from './services.ts';

/** Settings are some kilobytes; more than this is not read (bytes). */
const mostText = 2 * 1024 * 1024;
/** It closes its conversations first: 3 s were measured on 2026.8.2 (ms). */
const politeness = 20_000;
const lookEvery = 250;
/** Who starts it again by itself has done so by then (ms). */
const comesAgain = 3_000;
const notMeasured = new Set(['tmp', 'cache', 'logs']);

export interface HostOpenClawOptions {
  readonly run: Run;
  readonly log: Log;
  /** The person's home, and their user number on this computer. */
  readonly home: string;
  readonly uid: number;
  readonly configFolder: string;
  /** All of this person's, unless said otherwise: a test ends none but its own. */
  readonly find?: typeof findGateways;
}

const Stamp = z.object({ meta: z.object({ lastTouchedVersion: z.string().regex(/^\d[\w.+-]{0,60}$/) }) });

/** A text file that lies there itself: what a link leads to is not its own. */
async function readOwn(path: string): Promise<string | null> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(
    () => null,
  );
  if (!file) return null;
  try {
    const { size } = await file.stat();
    return size > mostText ? null : await file.readFile('utf8');
  } catch {
    return null;
  } finally {
    await file.close();
  }
}

export function createHostOpenClaw({
  run,
  log,
  home,
  uid,
  configFolder,
  find = findGateways,
}: HostOpenClawOptions): HostOpenClaw {
  const services = createServices(run, join(configFolder, 'systemd', 'user'));
  const folderOf = (profile: Profile) => join(home, folderName(profile));
  const asideOf = (profile: Profile, mark: string) => asideName(folderOf(profile), mark);

  /** Its folder, where it holds what an OpenClaw keeps, and not just its program or somebody's notes. */
  async function homeIn(name: string): Promise<FoundHome | null> {
    const profile = profileOf(name);
    const folder = join(home, name);
    if (profile === null) return null;
    const found = await lstat(folder);
    if (!found.isDirectory() && !found.isSymbolicLink()) return null;
    const settings = await readOwn(join(folder, 'openclaw.json'));
    const hasState = await isThere(join(folder, 'state', 'openclaw.sqlite'));
    if (settings === null && !hasState && !(await isThere(join(folder, 'openclaw.json')))) return null;
    // What lies elsewhere is not ours to pack or to put to rest, and yet it may be started.
    if (found.isSymbolicLink()) throw new ProblemError('host-unreadable', { path: folder }, ['try-again']);
    const stamp = Stamp.safeParse(settingsIn(settings));
    return { profile, folder, version: stamp.success ? stamp.data.meta.lastTouchedVersion : null };
  }

  async function findHomes(): Promise<FoundHome[]> {
    const found = await Promise.all((await readdir(home)).sort().map(homeIn));
    return found.filter((each) => each !== null);
  }

  const gateways = async () => find(uid, await findHomes());

  /** Ends what is still the same process. */
  async function signal(running: readonly RunningGateway[], word: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    for (const { pid, birth } of running)
      if ((await birthOf(pid)) === birth)
        try {
          process.kill(pid, word);
        } catch {
          // It has ended meanwhile.
        }
  }

  async function untilGone(ms: number, abort: AbortSignal): Promise<boolean> {
    const until = performance.now() + ms;
    for (;;) {
      if ((await gateways()).length === 0) return true;
      if (performance.now() > until) return false;
      if (abort.aborted) throw new Cancelled();
      await pause(lookEvery);
    }
  }

  return {
    async look(abort) {
      let at = home;
      try {
        const homes = await findHomes();
        at = '/proc';
        const running = await find(uid, homes);
        return {
          is: 'seen',
          homes,
          programs: await findPrograms(home),
          services: await services.look(abort),
          gateways: running.map(({ pid, profile }) => ({ pid, profile })),
        };
      } catch (error) {
        if (abort.aborted) throw new Cancelled();
        log.error('could not look for an OpenClaw on the computer itself', error);
        const what = error instanceof ProblemError ? String(error.problem.facts.path) : at;
        return { is: 'unreadable', what };
      }
    },
    read: (profile, name) => readOwn(join(folderOf(profile), name)),
    async measure(profile, abort) {
      const hash = createHash('sha256');
      const top = folderOf(profile);
      let bytes = 0;
      const walk = async (folder: string): Promise<void> => {
        if (abort.aborted) throw new Cancelled();
        const names = (await readdir(join(top, folder))).sort();
        for (const name of names) {
          if (folder === '' && notMeasured.has(name)) continue;
          const path = join(folder, name);
          const { size, mtimeMs, mode, isDirectory } = await leafAt(join(top, path));
          if (isDirectory) await walk(path);
          else {
            bytes += size;
            hash.update(JSON.stringify([path, size, mtimeMs, mode]));
          }
        }
      };
      await walk('');
      return { bytes, fingerprint: hash.digest('hex') };
    },
    async stop(resting, abort) {
      await services.stop(resting, abort);
      await signal(await gateways(), 'SIGTERM');
      if (!(await untilGone(politeness, abort))) await signal(await gateways(), 'SIGKILL');
      await untilGone(politeness, abort);
      await pause(comesAgain);
      if ((await gateways()).length > 0) throw new ProblemError('host-openclaw-runs-on', {}, ['try-again']);
    },
    async wake(resting, abort) {
      await services
        .start(resting, abort)
        .catch((error) => log.error('OpenClaw was not started again', error));
    },
    pack: (profile, cargo, file, report) => pack(run, folderOf(profile), cargo, file, report),
    async putToRest({ profiles, services: resting, mark }, abort) {
      await services.layAside(resting, mark, abort);
      for (const profile of profiles) {
        const [folder, aside] = [folderOf(profile), asideOf(profile, mark)];
        if ((await isThere(folder)) && !(await isThere(aside))) await rename(folder, aside);
      }
    },
    restingPlaces: ({ profiles, mark }) => profiles.map((profile) => asideOf(profile, mark)),
    async canTakeBack({ profiles, mark }) {
      for (const profile of profiles)
        if ((await isThere(folderOf(profile))) && (await isThere(asideOf(profile, mark)))) return false;
      return true;
    },
    async takeBack({ profiles, services: resting, mark }, abort) {
      for (const profile of profiles) {
        const [folder, aside] = [folderOf(profile), asideOf(profile, mark)];
        if (!(await isThere(aside))) continue;
        if (await isThere(folder)) throw new ProblemError('host-openclaw-in-the-way', {}, ['try-again']);
        await rename(aside, folder);
      }
      await services.putBack(resting, mark, abort);
    },
  };
}

async function leafAt(path: string) {
  const found = await lstat(path);
  const { size, mtimeMs, mode } = found;
  return { size, mtimeMs, mode, isDirectory: found.isDirectory() };
}
