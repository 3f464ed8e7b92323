/** The folders in which an OpenClaw keeps what it knows. */
import { createHash } from 'node:crypto';
import { lstat, readdir, realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import * as z from 'zod';
import type { HostOpenClaw } from '../../doors.ts';
import { settingsIn } from '../../moving-in/cargo.ts';
import type { FoundHome, Profile } from '../../moving-in/found.ts';
import { Cancelled } from '../../problem.ts';
import { isThere, orNothing } from '../is-there.ts';
import type { FileWays } from './file-ways.ts';
import { staysBehind } from './left-behind.ts';
import { folderName, profileOf, settingsNames } from './names.ts';
import { ownText } from './own-text.ts';
import { Unseen, unreadable } from './unreadable.ts';

const Stamp = z.object({ meta: z.object({ lastTouchedVersion: z.string().regex(/^\d[\w.+-]{0,60}$/) }) });

export interface HomesOptions {
  /** The person's own folder. */
  readonly home: string;
  readonly ways: FileWays;
  /** Where the person's surroundings say that it keeps what it knows: OpenClaw's own variables. Absolute. */
  readonly elsewhere?: readonly string[];
}

export interface Homes extends Pick<HostOpenClaw, 'read' | 'measure'> {
  /** @throws Unseen when that can't be told */
  find(): Promise<FoundHome[]>;
  folderOf(profile: Profile): string;
}

/** The settings that it would read, whatever they are called; null: there are none. */
async function settingsAt(folder: string): Promise<string | null> {
  for (const name of settingsNames) {
    const text = await ownText(join(folder, name));
    if (text !== null) return text;
  }
  return null;
}

/** Whether a folder holds what an OpenClaw keeps, and not just its program or somebody's notes. */
async function isHome(folder: string): Promise<boolean> {
  for (const name of [...settingsNames, join('state', 'openclaw.sqlite')])
    if (await isThere(join(folder, name))) return true;
  return false;
}

export function createHomes({ home, ways, elsewhere = [] }: HomesOptions): Homes {
  const folderOf = (profile: Profile) => join(home, folderName(profile));

  /** Whether a link is only another name of what is found under its own: OpenClaw leaves such at its former folders. */
  async function isOtherName(link: string): Promise<boolean> {
    const [real, top] = [await realpath(link), await realpath(home)];
    return dirname(real) === top && profileOf(basename(real), ways.ignoresCase) !== null;
  }

  async function homeIn(name: string): Promise<FoundHome | null> {
    const profile = profileOf(name, ways.ignoresCase);
    const folder = join(home, name);
    if (profile === null) return null;
    const found = await lstat(folder);
    if (!found.isDirectory() && !found.isSymbolicLink()) return null;
    if (!(await isHome(folder))) return null;
    if (found.isSymbolicLink()) {
      if (await isOtherName(folder)) return null;
      // What lies elsewhere is not ours to pack or to put to rest, and yet it may be started.
      throw new Unseen({ is: 'unreadable', what: folder });
    }
    // That it is there is known; which it is, only settings that can be read say.
    const stamp = Stamp.safeParse(settingsIn(await settingsAt(folder).catch(() => null)));
    return { profile, folder, version: stamp.success ? stamp.data.meta.lastTouchedVersion : null };
  }

  /** @throws Unseen where one is at a place that is not ours to pack or to put to rest, and yet it may be started */
  async function lookElsewhere(homes: readonly FoundHome[]): Promise<void> {
    const known = await Promise.all(homes.map(({ folder }) => realpath(folder)));
    for (const place of elsewhere) {
      const real = await orNothing(realpath(place)).catch(unreadable(place, ways));
      if (real === null || known.includes(real)) continue;
      if (await isHome(real).catch(unreadable(place, ways)))
        throw new Unseen({ is: 'unreadable', what: place });
    }
  }

  return {
    folderOf,
    async find() {
      const names = (await readdir(home).catch(unreadable(home, ways))).sort();
      const found = await Promise.all(
        names.map((name) => homeIn(name).catch(unreadable(join(home, name), ways))),
      );
      const homes = found.filter((each) => each !== null);
      await lookElsewhere(homes);
      return homes;
    },
    async read(profile, name) {
      const folder = folderOf(profile);
      const path = join(folder, name);
      return (name === 'openclaw.json' ? settingsAt(folder) : ownText(path)).catch(unreadable(path, ways));
    },
    async measure(profile, signal) {
      const hash = createHash('sha256');
      const top = folderOf(profile);
      let bytes = 0;
      const walk = async (folder: string): Promise<void> => {
        if (signal.aborted) throw new Cancelled();
        const at = join(top, folder);
        const names = (await readdir(at).catch(unreadable(at, ways))).sort();
        for (const name of names) {
          // With slashes on every system: what it looks like is compared with what it looked like.
          const path = folder === '' ? name : `${folder}/${name}`;
          if (staysBehind(path)) continue;
          const found = await lstat(join(top, path)).catch(unreadable(join(top, path), ways));
          if (found.isDirectory()) await walk(path);
          else {
            bytes += found.size;
            hash.update(JSON.stringify([path, found.size, found.mtimeMs, found.mode]));
          }
        }
      };
      await walk('');
      return { bytes, fingerprint: hash.digest('hex') };
    },
  };
}
