/** Files in zip archives, one after the other. */
import { Readable } from 'node:stream';
import { type Entry, fromRandomAccessReaderPromise, RandomAccessReader } from 'yauzl';
import { Unreadable } from './budget.ts';
import type { Content } from './content.ts';
import { decode } from './encoding.ts';
import { pieceBytes, type Source } from './source.ts';

class SourceReader extends RandomAccessReader {
  readonly #source: Source;

  constructor(source: Source) {
    super();
    this.#source = source;
  }

  override _readStreamForRange(start: number, end: number): Readable {
    const source = this.#source;
    function* pieces() {
      for (let at = start; at < end; at += pieceBytes) yield source.read(at, Math.min(pieceBytes, end - at));
    }
    return Readable.from(pieces(), { objectMode: false });
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null) => void,
  ): void {
    // Never before it returns: who asks expects an answer later.
    queueMicrotask(() => {
      try {
        const piece = this.#source.read(position, length);
        piece.copy(buffer, offset);
        callback(piece.length === length ? null : new Unreadable('a zip archive ends too early'));
      } catch (error) {
        callback(error as Error);
      }
    });
  }
}

/** A file in an archive. */
export interface Member {
  /** Its path there; untrusted. */
  readonly path: string;
  /** @throws Unreadable when it is locked or packed in a way that we can't read */
  open(): Promise<Content>;
}

/** The archive's files; `mostEntries` of them, and whether that is all. */
export interface Zip {
  readonly members: readonly Member[];
  readonly isWhole: boolean;
  close(): void;
}

/** Also of files that were named by a Chinese Windows. A name that isn't UTF-8 is none that says so. */
const nameOf = ({ fileName }: Entry) => decode(Buffer.from(fileName));

/**
 * Opens a zip archive: of what it lists only that many files.
 *
 * @throws Error when it is none, or damaged
 */
export async function openZip(source: Source, mostEntries: number): Promise<Zip> {
  const zip = await fromRandomAccessReaderPromise(new SourceReader(source), source.bytes, {
    autoClose: false,
    lazyEntries: true,
    // Names are never used as paths here, so any will do.
    decodeStrings: false,
  });
  const members: Member[] = [];
  const isWhole = await (async () => {
    for await (const entry of zip.eachEntry()) {
      const path = nameOf(entry);
      if (path.endsWith('/')) continue;
      if (members.length >= mostEntries) return false;
      members.push({
        path,
        async open() {
          if (!entry.canDecodeFileData()) throw new Unreadable('locked, or packed in a way of its own');
          return {
            name: path.slice(path.lastIndexOf('/') + 1),
            bytes: entry.uncompressedSize,
            pieces: await zip.openReadStreamPromise(entry),
            source: null,
          };
        },
      });
    }
    return true;
    // The directory is damaged from there on.
  })().catch(() => false);
  return { members, isWhole, close: () => zip.close() };
}
