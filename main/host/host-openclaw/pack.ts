/** Packs the folder of an OpenClaw into an archive like those of homes, in the same way on every system. Source: pax(1), tar(5). */
import { type FileHandle, lstat, mkdir, readdir, readlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Header, type HeaderData, Pax } from 'tar';
import { type Cargo, noteNames } from '../../moving-in/found.ts';
import { Cancelled } from '../../problem.ts';
import type { Report } from '../../sandbox/sandbox.ts';
import { orNothing } from '../is-there.ts';
import { writeWhole } from '../whole-file.ts';
import type { FileWays } from './file-ways.ts';
import { staysBehind } from './left-behind.ts';
import { settingsNames } from './names.ts';
import { openOwn } from './own-text.ts';
import { Unseen, unreadable } from './unreadable.ts';

/** What an archive is made of (bytes). */
const block = 512;
const pieceBytes = 256 * 1024;

/** What in its folder is not packed, by its path in it. */
function isLeftOut(path: string, cargo: Cargo): boolean {
  const instead = cargo.instead.map(({ name }) => name);
  // Without its first name it would be read by another.
  const settings: readonly string[] = instead.includes('openclaw.json') ? settingsNames : [];
  return staysBehind(path) || instead.includes(path) || settings.includes(path);
}

/** What stands before the contents of a file. In a home its files are the first user's: that is who the agent is to its engine. */
function headerOf(data: HeaderData & { readonly path: string; readonly mtime: Date }): Buffer {
  const whole = { uid: 0, gid: 0, size: 0, ...data };
  const header = new Header(whole);
  const isTooMuch = header.encode();
  const plain = header.block ?? Buffer.alloc(block);
  return isTooMuch ? Buffer.concat([new Pax(whole).encode(), plain]) : plain;
}

const padding = (size: number) => Buffer.alloc((block - (size % block)) % block);
/** Archives count whole seconds. */
const second = (ms: number) => new Date(Math.floor(ms / 1000) * 1000);

/** Writes one archive; names are as the home will have them. */
class Archive {
  readonly #part: FileHandle;
  readonly #ways: FileWays;
  readonly #signal: AbortSignal;

  constructor(part: FileHandle, ways: FileWays, signal: AbortSignal) {
    this.#part = part;
    this.#ways = ways;
    this.#signal = signal;
  }

  async #write(bytes: Buffer): Promise<void> {
    if (this.#signal.aborted) throw new Cancelled();
    await this.#part.writeFile(bytes);
  }

  async text(name: string, text: string): Promise<void> {
    const bytes = Buffer.from(text);
    const size = bytes.length;
    await this.#write(headerOf({ path: name, type: 'File', mode: 0o600, size, mtime: second(Date.now()) }));
    await this.#write(Buffer.concat([bytes, padding(size)]));
  }

  async folder(name: string, mode = 0o700, mtimeMs = Date.now()): Promise<void> {
    await this.#write(headerOf({ path: `${name}/`, type: 'Directory', mode, mtime: second(mtimeMs) }));
  }

  /** A file, a link as it is, or a folder with all that is in it; what else there may be has nothing in it to keep. */
  async add(
    name: string,
    path: string,
    top: string,
    isWanted: (name: string) => boolean = () => true,
  ): Promise<void> {
    const found = await lstat(path).catch(unreadable(path, this.#ways));
    if (found.isFile()) return this.#file(name, path);
    if (found.isSymbolicLink()) {
      const target = await readlink(path).catch(unreadable(path, this.#ways));
      const linkpath = this.#ways.targetInside(target, path, top);
      const mtime = second(found.mtimeMs);
      return this.#write(headerOf({ path: name, type: 'SymbolicLink', mode: 0o777, linkpath, mtime }));
    }
    if (!found.isDirectory()) return;
    await this.folder(name, this.#ways.modeOf(found), found.mtimeMs);
    const names = await readdir(path).catch(unreadable(path, this.#ways));
    for (const each of names.sort()) {
      const inside = `${name}/${this.#ways.nameInside(each)}`;
      if (isWanted(inside)) await this.add(inside, join(path, each), top, isWanted);
    }
  }

  async #file(name: string, path: string): Promise<void> {
    const file = await openOwn(path).catch(unreadable(path, this.#ways));
    // It was one a moment ago: somebody is at work here.
    if (file === null) throw new Unseen({ is: 'unreadable', what: path });
    try {
      const before = await file.stat();
      const { size, mtimeMs } = before;
      const mode = this.#ways.modeOf(before);
      await this.#write(headerOf({ path: name, type: 'File', mode, size, mtime: second(mtimeMs) }));
      const piece = Buffer.alloc(Math.min(pieceBytes, size || 1));
      for (let done = 0; done < size; ) {
        const { bytesRead } = await file
          .read(piece, 0, Math.min(piece.length, size - done))
          .catch(unreadable(path, this.#ways));
        if (bytesRead === 0) throw new Unseen({ is: 'unreadable', what: path });
        await this.#write(piece.subarray(0, bytesRead));
        done += bytesRead;
      }
      await this.#write(padding(size));
      const after = await file.stat();
      // Half of one state and half of another is none.
      if (after.size !== size || after.mtimeMs !== mtimeMs)
        throw new Unseen({ is: 'unreadable', what: path });
    } finally {
      await file.close();
    }
  }

  async end(): Promise<void> {
    await this.#write(Buffer.alloc(2 * block));
  }
}

/** Whole or not there at all; keys may be in it. Of links none is followed. */
export async function pack(
  folder: string,
  ways: FileWays,
  cargo: Cargo,
  file: string,
  { signal }: Report,
): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await writeWhole(file, { full: 'no-room-on-disk' }, signal, async (part) => {
    const archive = new Archive(part, ways, signal);
    await archive.add('.', folder, folder, (name) => !isLeftOut(name.slice('./'.length), cargo));
    for (const { name, text } of cargo.instead) await archive.text(`./${name}`, text);
    for (const { from, to } of cargo.notes) {
      await archive.folder(`./${to}`);
      for (const name of noteNames) {
        const note = join(from, name);
        const found = await orNothing(lstat(note)).catch(unreadable(note, ways));
        if (found?.isFile() || found?.isDirectory()) await archive.add(`./${to}/${name}`, note, from);
      }
    }
    await archive.end();
  });
}
