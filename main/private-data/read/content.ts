/** Something to be looked into: a file, or a part of one. */
import { type Budget, Unreadable } from './budget.ts';
import { bufferSource, pieceBytes, type Source } from './source.ts';

export interface Content {
  /** Its own name, without what it lies in; untrusted. */
  readonly name: string;
  /** How long it says that it is; null: it doesn't. */
  readonly bytes: number | null;
  readonly pieces: AsyncIterable<Buffer>;
  /** Where its bytes can be read anywhere; null: only one after the other. */
  readonly source: Source | null;
}

/** Its beginning, one piece at least where it is that long, and the whole of it, beginning included. */
export interface Begun {
  readonly head: Buffer;
  readonly pieces: AsyncGenerator<Buffer>;
  /** Ends the reading, wherever it has come. */
  end(): Promise<void>;
}

/** Reads the beginning of something. */
export async function begin(pieces: AsyncIterable<Buffer>): Promise<Begun> {
  const rest = pieces[Symbol.asyncIterator]();
  const first: Buffer[] = [];
  let bytes = 0;
  while (bytes < pieceBytes) {
    const { done, value } = await rest.next();
    if (done) break;
    first.push(value);
    bytes += value.length;
  }
  async function* all() {
    yield* first;
    for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
  }
  return {
    head: Buffer.concat(first),
    pieces: all(),
    async end() {
      await rest.return?.();
    },
  };
}

/**
 * All of something at once.
 *
 * @throws Unreadable when that is too much
 */
export async function gather({ source }: Content, { pieces }: Begun, budget: Budget): Promise<Source> {
  const most = budget.limits.bytesAtOnce;
  if (source) return source;
  const gathered: Buffer[] = [];
  let bytes = 0;
  for await (const piece of pieces) {
    budget.spend(piece.length);
    bytes += piece.length;
    if (bytes > most) throw new Unreadable('too long to be read at once');
    gathered.push(piece);
  }
  return bufferSource(Buffer.concat(gathered));
}
