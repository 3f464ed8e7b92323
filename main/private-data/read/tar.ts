/** Files in tar archives, one after the other. Source: ustar and pax in pax(1); GNU tar's long names. */
import { Unreadable } from './budget.ts';
import type { Content } from './content.ts';
import { decode } from './encoding.ts';
import { isTarHeader } from './form.ts';

const block = 512;
/** Longer names and descriptions than this nobody writes. */
const mostAbout = 64 * 1024;

/** Reads so and so many bytes after each other. */
function createCursor(pieces: AsyncGenerator<Buffer>) {
  let held: Buffer = Buffer.alloc(0);
  async function fill(): Promise<boolean> {
    while (held.length === 0) {
      const { done, value } = await pieces.next();
      if (done) return false;
      held = value;
    }
    return true;
  }
  /** The next bytes, as they come; ends early where there are no more. */
  async function* next(bytes: number): AsyncGenerator<Buffer> {
    let left = bytes;
    while (left > 0 && (await fill())) {
      const piece = held.subarray(0, left);
      held = held.subarray(piece.length);
      left -= piece.length;
      yield piece;
    }
    if (left > 0) throw new Unreadable('a tar archive ends too early');
  }
  return {
    next,
    isAtEnd: async () => !(await fill()),
    async all(bytes: number): Promise<Buffer> {
      const parts: Buffer[] = [];
      for await (const piece of next(bytes)) parts.push(piece);
      return Buffer.concat(parts);
    },
  };
}

const text = (header: Buffer, from: number, length: number) => {
  const field = header.subarray(from, from + length);
  const end = field.indexOf(0);
  return end < 0 ? field : field.subarray(0, end);
};

function sizeOf(header: Buffer): number {
  // Beyond 8 GiB the size stands there as a number of its own, marked by its first bit.
  const size =
    (header[124] ?? 0) & 0x80
      ? Number(header.readBigUInt64BE(128))
      : Number.parseInt(header.toString('latin1', 124, 136).trim() || '0', 8);
  if (!Number.isSafeInteger(size)) throw new Unreadable('a tar archive is damaged');
  return size;
}

/** What a pax header says of the next file's path. */
const paxPath = (about: string) => /^\d+ path=(.*)$/m.exec(about)?.[1];

/** A file in an archive: `path` as it says, untrusted; what isn't read of it is skipped. */
export interface TarMember {
  readonly path: string;
  readonly content: Content;
}

/** @throws Unreadable where the archive is damaged */
export async function* filesInTar(pieces: AsyncGenerator<Buffer>): AsyncGenerator<TarMember> {
  const cursor = createCursor(pieces);
  let longPath: string | undefined;
  while (!(await cursor.isAtEnd())) {
    const header = await cursor.all(block);
    // Two empty blocks end an archive; another one may lie behind.
    if (header.every((byte) => byte === 0)) continue;
    if (!isTarHeader(header)) throw new Unreadable('a tar archive is damaged');
    const bytes = sizeOf(header);
    const padding = (block - (bytes % block)) % block;
    const type = header.toString('latin1', 156, 157);
    if (type === 'L' || type === 'x') {
      if (bytes > mostAbout) throw new Unreadable('a tar archive is damaged');
      const about = await cursor.all(bytes);
      await cursor.all(padding);
      longPath = type === 'L' ? decode(text(about, 0, about.length)) : (paxPath(decode(about)) ?? longPath);
      continue;
    }
    const prefix = header.toString('latin1', 257, 262) === 'ustar' ? decode(text(header, 345, 155)) : '';
    const name = decode(text(header, 0, 100));
    const path = longPath ?? (prefix === '' ? name : `${prefix}/${name}`);
    longPath = undefined;
    const body = cursor.next(bytes);
    if (type === '0' || type === '\0' || type === '7')
      yield {
        path,
        content: { name: path.slice(path.lastIndexOf('/') + 1), bytes, pieces: lasting(body), source: null },
      };
    for await (const _ of body);
    await cursor.all(padding);
  }
}

/** The same pieces, where breaking off doesn't end what they come from. */
async function* lasting(pieces: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  for (let next = await pieces.next(); !next.done; next = await pieces.next()) yield next.value;
}
