/** Searches places, one file after the other, and remembers what it has looked at. */
import { setImmediate } from 'node:timers/promises';
import {
  mostFiles,
  type PrivateFile,
  type PrivatePlace,
  type PrivateSearch,
  type SearchedPlace,
} from '../found.ts';
import { keyOf } from '../messages.ts';
import { bytesFromName, nameFromBytes } from '../names.ts';
import type { Reading } from '../read/look-into.ts';
import { type Folders, type Handle, type OpenFolder, stampOf, statsOf, using, within } from './folder.ts';

/** A file to be looked into: open, for the time of the look. */
export interface FileToRead {
  readonly handle: Handle;
  readonly untrustedName: string;
  readonly bytes: number;
}

export interface SearchOptions {
  readonly folders: Folders;
  /** Never rejects: what can't be looked into is not whole. */
  readonly read: (file: FileToRead) => Promise<Reading>;
  /** Called when something has changed in how the search stands; often. */
  readonly onProgress: () => void;
}

export interface Search {
  /**
   * Looks at everything in these places once more, and answers when that is done; joins a pass that is
   * under way for the same places.
   */
  run(places: readonly SearchedPlace[]): Promise<PrivateSearch>;
  /** How it stands, and for which places (see `keyOf` in messages.ts). */
  standing(): { readonly of: string; readonly search: PrivateSearch };
  /** This file was taken away. */
  forget(place: PrivatePlace, path: string): void;
  /** Something was put into a place: only what is looked at from now on tells what is there. */
  doubt(): void;
}

/** Folders inside each other, and files in a place, beyond which nobody keeps anything. */
const deepest = 100;
const mostEntries = 300_000;
/** Files up to this length come first: the others may take long. */
const shortFile = 4 * 1024 * 1024;
/** How many names are gone through before others in this thread get their turn. */
const turn = 200;

/** Programs’ own files in the agent’s workspace: published code, and packed versions of what lies beside. */
const isProgram = (place: PrivatePlace, { name, parent }: { name: string; parent: string }) =>
  place === 'workspace' && (name === 'node_modules' || (parent === '.git' && name === 'objects'));

/** A file that was looked at. */
interface Known {
  readonly stamp: string;
  readonly isWhole: boolean;
  readonly file: PrivateFile | null;
  /** The last pass that saw it. */
  pass: number;
}

/** A folder on the way, open. */
interface Folder {
  readonly place: PrivatePlace;
  readonly open: OpenFolder;
  /** Path from the place's folder: its bytes, and what they are as text. */
  readonly path: Buffer;
  readonly depth: number;
}

const nameIn = (place: PrivatePlace, path: Buffer) => `${place}/${path.toString('latin1')}`;
const inFolder = ({ path }: Folder, name: Buffer) =>
  path.length === 0 ? name : Buffer.concat([path, Buffer.from('/'), name]);
const lastOf = (path: Buffer) => path.subarray(path.lastIndexOf(0x2f) + 1).toString('latin1');

const byPath = (one: PrivateFile, other: PrivateFile) => {
  if (one.place !== other.place) return one.place < other.place ? -1 : 1;
  return one.untrustedPath < other.untrustedPath ? -1 : 1;
};

/** Longer paths nobody can open by name. Source: PATH_MAX in limits.h. */
const longestPath = 4096;

const nothing = { entries: 0, reads: 0, refused: 0, found: 0 };

export function createSearch({ folders, read, onProgress }: SearchOptions): Search {
  const known = new Map<string, Known>();
  let unreadable = 0;
  /** How many files and folders could not even be opened, in the last pass that ended. */
  let refused = 0;
  let shut: PrivatePlace[] = [];
  /** Files that hold something; among {@link known}. */
  const found = new Map<string, PrivateFile>();

  let pass = 0;
  /** The places that were last asked for, and those of the pass that is under way. */
  let wanted = '';
  let running: { readonly of: string; readonly end: Promise<void> } | null = null;
  /** What the running pass has met. */
  let met = nothing;
  /** How often what was seen has been called into doubt. */
  let doubts = 0;
  /** The places where everything was looked at. */
  let whole: string | null = null;

  function drop(key: string): void {
    if (known.get(key)?.isWhole === false) unreadable -= 1;
    known.delete(key);
    found.delete(key);
  }

  function remember(key: string, entry: Known): void {
    drop(key);
    known.set(key, entry);
    if (!entry.isWhole) unreadable += 1;
    if (entry.file) found.set(key, entry.file);
    onProgress();
  }

  const isEnded = () => met.found >= mostFiles || met.entries > mostEntries || running?.of !== wanted;

  /** Looks into a file that isn’t known as it is. */
  async function lookAt(folder: Folder, name: Buffer, path: Buffer): Promise<void> {
    const key = nameIn(folder.place, path);
    await using(folder.open.openFile(name), async (handle) => {
      const before = statsOf(handle);
      if (!before.isFile()) return;
      met.reads += 1;
      onProgress();
      const bytes = Number(before.size);
      const {
        kinds,
        within: inside,
        isWhole,
      } = await read({ handle, untrustedName: nameFromBytes(name), bytes });
      const after = folder.open.look(name);
      // It was taken away meanwhile, or is another one.
      if (!after || after.ino !== before.ino) return;
      if (kinds.length > 0) met.found += 1;
      remember(key, {
        // What has changed meanwhile is read again at the next pass.
        stamp: stampOf(before),
        isWhole,
        file:
          kinds.length === 0
            ? null
            : {
                place: folder.place,
                untrustedPath: nameFromBytes(path),
                untrustedWithin: inside,
                kinds,
                bytes,
                changedAt: Math.trunc(Number(before.mtimeNs / 1_000_000n)),
              },
        pass,
      });
    });
  }

  async function visit(folder: Folder, longest: number): Promise<void> {
    for (const [index, name] of folder.open.names().entries()) {
      if (isEnded()) return;
      if (index % turn === 0) await setImmediate();
      met.entries += 1;
      const path = inFolder(folder, name);
      const stats = folder.open.look(name);
      if (stats?.isDirectory()) await enter(folder, name, path, longest);
      if (!stats?.isFile()) continue;
      const before = known.get(nameIn(folder.place, path));
      // One that changes all the time is read once in a pass.
      if (before?.pass === pass) continue;
      if (before?.stamp === stampOf(stats)) {
        if (before.file) met.found += 1;
        before.pass = pass;
      } else if (stats.size <= longest) await attempt(() => lookAt(folder, name, path), longest);
    }
  }

  async function enter(folder: Folder, name: Buffer, path: Buffer, longest: number): Promise<void> {
    const { place, open, depth } = folder;
    if (isProgram(place, { name: name.toString('latin1'), parent: lastOf(folder.path) })) return;
    await attempt(async () => {
      if (depth === deepest || path.length > longestPath)
        throw new Error('too many folders inside each other');
      await within(open.openFolder(name), (inner) =>
        visit({ place, open: inner, path, depth: depth + 1 }, longest),
      );
    }, longest);
  }

  /** What is gone by now, or has become a link, is no matter; what can’t be opened is. */
  async function attempt(work: () => Promise<void>, longest: number): Promise<void> {
    try {
      await work();
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      const isGone = code === 'ENOENT' || code === 'ELOOP' || code === 'ENOTDIR';
      // Everything is met more than once; it counts at the last time.
      if (!isGone && longest === Number.POSITIVE_INFINITY) met.refused += 1;
    }
  }

  async function passOver(places: readonly SearchedPlace[], of: string): Promise<void> {
    let seenAt: number;
    // Whoever started this has to know first.
    await setImmediate();
    do {
      seenAt = doubts;
      pass += 1;
      met = { ...nothing };
      const closed: PrivatePlace[] = [];
      for (const { place, folder } of places) {
        try {
          await within(folders.openPlace(folder), async (open) => {
            const top = { place, open, path: Buffer.alloc(0), depth: 0 };
            for (const longest of [shortFile, Number.POSITIVE_INFINITY]) {
              met.entries = 0;
              await visit(top, longest);
            }
            if (met.entries > mostEntries) met.refused += 1;
          });
        } catch {
          closed.push(place);
        }
      }
      if (wanted !== of) return;
      for (const [key, entry] of known) if (entry.pass !== pass) drop(key);
      ({ refused } = met);
      shut = closed;
    } while (seenAt !== doubts);
    whole = of;
  }

  const standing = (): PrivateSearch => ({
    files: [...found.values()].sort(byPath).slice(0, mostFiles),
    looked: known.size,
    unreadable: unreadable + refused,
    // A pass that has met nothing new until now leans on the last one.
    isWhole: whole === wanted && (running === null || met.reads === 0),
    shut,
  });

  return {
    standing: () => ({ of: wanted, search: standing() }),
    async run(places) {
      const of = keyOf(places);
      wanted = of;
      // One for other places ends early; what it has looked at stays known.
      while (running && running.of !== of) await running.end;
      if (!running) {
        met = { ...nothing };
        running = {
          of,
          end: passOver(places, of).finally(() => {
            running = null;
          }),
        };
      }
      await running.end;
      return standing();
    },
    forget(place, path) {
      drop(nameIn(place, bytesFromName(path)));
    },
    doubt() {
      whole = null;
      doubts += 1;
    },
  };
}
