/** What is noted down of files with private data that the person said may stay. */
import * as z from 'zod';
import { fileId } from './file-id.ts';
import { type PrivateFile, privateKinds, privatePlaces } from './found.ts';
import { longestPath } from './taken.ts';

/** The file as it was when the person said so. */
export const LeftFile = z.object({
  place: z.enum(privatePlaces),
  untrustedPath: z.string().min(1).max(longestPath),
  bytes: z.number(),
  /** When it was last changed (ms since 1970). */
  changedAt: z.number(),
  kinds: z.array(z.enum(privateKinds)),
});
export type LeftFile = z.infer<typeof LeftFile>;

/** Older ones are forgotten: they count again. */
const mostLeft = 1000;

/** The name of a file where it was found. */
export const foundId = ({ place, untrustedPath }: Pick<PrivateFile, 'place' | 'untrustedPath'>): string =>
  fileId(place, untrustedPath);

/** Whether that file is still what the person said may stay: one that has changed since counts again. */
const isAsNoted = (file: PrivateFile, note: LeftFile): boolean =>
  note.bytes === file.bytes &&
  note.changedAt === file.changedAt &&
  file.kinds.every((kind) => note.kinds.includes(kind));

/** The found files apart: those that count, and those that may stay; pure. */
export function sortedOut(
  files: readonly PrivateFile[],
  left: readonly LeftFile[],
): { readonly counted: readonly PrivateFile[]; readonly left: readonly PrivateFile[] } {
  const notes = new Map(left.map((note) => [foundId(note), note]));
  const mayStay = (file: PrivateFile) => {
    const note = notes.get(foundId(file));
    return note !== undefined && isAsNoted(file, note);
  };
  return { counted: files.filter((file) => !mayStay(file)), left: files.filter(mayStay) };
}

/** The notes with this file as it is now; pure. */
export function withLeft(left: readonly LeftFile[], file: PrivateFile): LeftFile[] {
  const { place, untrustedPath, bytes, changedAt, kinds } = file;
  const others = withoutLeft(left, foundId(file));
  return [...others, { place, untrustedPath, bytes, changedAt, kinds: [...kinds] }].slice(-mostLeft);
}

/** The notes without the one of that name; pure. */
export function withoutLeft(left: readonly LeftFile[], id: string): LeftFile[] {
  return left.filter((note) => foundId(note) !== id);
}
