/** Looks into a file, and into what lies in it. */
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { type PrivateKind, privateKinds } from '../found.ts';
import { recognizeFile } from '../recognize/file.ts';
import { createRecognizer } from '../recognize/text.ts';
import { type Budget, createBudget, Spent, Unreadable } from './budget.ts';
import { type Begun, begin, type Content, gather } from './content.ts';
import { createDecoder, type Encoding } from './encoding.ts';
import { formOf } from './form.ts';
import type { Limits } from './limits.ts';
import { createDocumentReader, isDocument, sharedStrings, type XmlReader } from './office.ts';
import { readPdf } from './pdf.ts';
import { bufferSource, pieceBytes, piecesOf, type Source } from './source.ts';
import { filesInTar } from './tar.ts';
import { type Member, openZip } from './zip.ts';

/** What was found in a file. */
export interface Reading {
  /** In the order of {@link privateKinds}. */
  readonly kinds: readonly PrivateKind[];
  /** Path of the file inside it where something was found first; null: in itself. Untrusted, bounded. */
  readonly within: string | null;
  /** Whether all of it was looked into. */
  readonly isWhole: boolean;
}

/** Nobody reads longer paths. */
const longestWithin = 500;
/** How much of a file tells what it is. */
const headBytes = 4096;

/** Where in a file we are. */
interface Place {
  /** Path inside it; null: it itself. */
  readonly within: string | null;
  /** How many archives we are in. */
  readonly depth: number;
}

const inside = ({ within, depth }: Place, path: string): Place => ({
  within: (within === null ? path : `${within}/${path}`).slice(0, longestWithin),
  depth: depth + 1,
});

/** Looks into things and remembers what was found. */
function createLook(budget: Budget, maps: string) {
  const { limits } = budget;
  const kinds = new Set<PrivateKind>();
  let within: string | null | undefined;
  let isWhole = true;

  const note = (place: Place, found: readonly PrivateKind[]) => {
    if (found.length > 0 && within === undefined) within = place.within;
    for (const kind of found) kinds.add(kind);
  };

  /** Does a part of the work. What can't be looked into is only noted, unless nothing more may be. */
  async function attempt(work: () => Promise<void>): Promise<void> {
    try {
      budget.spend(0);
      await work();
    } catch (error) {
      isWhole = false;
      // Libraries throw all kinds of errors at damaged files.
      if (error instanceof Spent) throw error;
    }
  }

  const into = (open: () => Promise<Content> | Content, place: Place): Promise<void> =>
    attempt(async () => {
      const content = await open();
      const begun = await begin(content.pieces);
      try {
        note(place, recognizeFile(content.name, begun.head.subarray(0, headBytes), content.bytes ?? 0));
        await read(content, begun, place);
      } finally {
        await begun.end();
      }
    });

  async function read(content: Content, begun: Begun, place: Place): Promise<void> {
    const form = formOf(begun.head);
    switch (form.is) {
      case 'text':
        return readText(begun, place, [form.encoding]);
      case 'old-office':
        // What stands in it in pieces, or as numbers, isn't found this way.
        isWhole = false;
        return readText(begun, place, ['utf-16le', 'gb18030']);
      case 'closed':
        throw new Unreadable('an archive of a kind that can’t be read');
      case 'zip':
        return readZip(await gather(content, begun, budget), place);
      case 'tar':
        mayUnpack(place);
        for await (const { path, content: member } of filesInTar(begun.pieces))
          await into(() => member, inside(place, path));
        return;
      case 'gzip':
        mayUnpack(place);
        return into(() => unzipped(content, begun), { ...place, depth: place.depth + 1 });
      case 'pdf':
        return readDocument(await gather(content, begun, budget), place);
      case 'other':
        return;
    }
  }

  function mayUnpack({ depth }: Place): void {
    if (depth >= limits.depth) throw new Unreadable('too many archives inside each other');
  }

  async function readText({ pieces }: Begun, place: Place, encodings: readonly Encoding[]): Promise<void> {
    const readers = encodings.map((encoding) => ({
      decoder: createDecoder(encoding),
      recognizer: createRecognizer(),
    }));
    try {
      for await (const piece of pieces) {
        budget.spend(piece.length);
        // Holes in files are long, and cost nothing to skip.
        if (isHole(piece)) continue;
        for (const { decoder, recognizer } of readers) recognizer.take(decoder.decode(piece));
      }
    } finally {
      for (const { recognizer } of readers) note(place, recognizer.end());
    }
  }

  async function readZip(source: Source, place: Place): Promise<void> {
    const zip = await openZip(source, limits.entries);
    try {
      if (!zip.isWhole) isWhole = false;
      if (isDocument(zip.members.map(({ path }) => path))) return await readParts(zip.members, place);
      mayUnpack(place);
      for (const { path, open } of zip.members) await into(open, inside(place, path));
    } finally {
      zip.close();
    }
  }

  /** A document's own text is found in itself, not in one of its parts. */
  async function readParts(members: readonly Member[], place: Place): Promise<void> {
    const document = createDocumentReader();
    for (const { path, open } of stringsFirst(members))
      await (isText(path)
        ? attempt(async () => readPart(await open(), (say) => document.file(path, say), place))
        : into(open, inside(place, path)));
  }

  async function readPart(
    { pieces }: Content,
    reader: (say: (text: string) => void) => XmlReader,
    place: Place,
  ): Promise<void> {
    const recognizer = createRecognizer();
    const begun = await begin(pieces);
    try {
      const form = formOf(begun.head);
      if (form.is !== 'text') throw new Unreadable('a document whose text is none');
      const decoder = createDecoder(form.encoding);
      const xml = reader((text) => recognizer.take(text));
      for await (const piece of begun.pieces) {
        budget.spend(piece.length);
        xml.take(decoder.decode(piece));
      }
      xml.end();
    } finally {
      note(place, recognizer.end());
      await begun.end();
    }
  }

  async function readDocument(source: Source, place: Place): Promise<void> {
    if (source.bytes > limits.bytesAtOnce) throw new Unreadable('too long to be read at once');
    const recognizer = createRecognizer();
    try {
      const { attached, isWhole: isAll } = await readPdf(source.read(0, source.bytes), maps, (text) => {
        budget.spend(text.length);
        recognizer.take(text);
      });
      if (!isAll) isWhole = false;
      for (const { name, bytes } of attached)
        await into(() => contentOf(name, bufferSource(bytes)), inside(place, name));
    } finally {
      note(place, recognizer.end());
    }
  }

  return {
    into,
    reading: (): Reading => ({
      kinds: privateKinds.filter((kind) => kinds.has(kind)),
      within: within ?? null,
      isWhole,
    }),
  };
}

const contentOf = (name: string, source: Source): Content => ({
  name,
  bytes: source.bytes,
  pieces: piecesOf(source),
  source,
});

const unzipped = ({ name }: Content, { pieces }: Begun): Content => ({
  name: name.replace(/\.gz$/i, '').replace(/\.tgz$/i, '.tar'),
  bytes: null,
  // Whoever reads it is told what goes wrong.
  pieces: pipeline(Readable.from(pieces), createGunzip(), () => {}),
  source: null,
});

const isText = (path: string) => /\.(?:xml|rels)$/.test(path);

/** Tables name the document's strings by their number. */
const stringsFirst = (members: readonly Member[]) => [
  ...members.filter(({ path }) => path === sharedStrings),
  ...members.filter(({ path }) => path !== sharedStrings),
];

const zeros = Buffer.alloc(pieceBytes);
const isHole = (piece: Buffer) => piece[0] === 0 && piece.equals(zeros.subarray(0, piece.length));

export interface LookOptions {
  readonly limits: Limits;
  /** How long has been worked, from some moment on (ms). */
  readonly worked: () => number;
  /** Folder of character maps, see pdf.ts. */
  readonly maps: string;
}

/**
 * Looks for private data in a file. Nothing that lies in it makes this throw: what of it can't be looked
 * into is `isWhole: false`. A file that the libraries hang or die of is for the caller to end.
 */
export async function lookInto(
  name: string,
  source: Source,
  { limits, worked, maps }: LookOptions,
): Promise<Reading> {
  const look = createLook(createBudget(limits, worked), maps);
  // What ended it is noted.
  await look.into(() => contentOf(name, source), { within: null, depth: 0 }).catch(() => {});
  return look.reading();
}
