/** What is noted down of files that were moved out of OpenClaw's reach, so that they can be put back. */
import { join } from 'node:path';
import * as z from 'zod';
import { fileId } from './file-id.ts';
import { privatePlaces } from './found.ts';

/** A longer path is not noted down, and so its file is not moved (characters); a program could not open it either. */
export const longestPath = 4096;
const Path = z.string().min(1).max(longestPath);

/** Noted down before the file is moved: where there is no such file in the kept folder, it wasn't. */
export const TakenFile = z.object({
  place: z.enum(privatePlaces),
  /** The shared folder that it was taken from; null: the agent's workspace, which is elsewhere with every start. */
  folder: Path.nullable(),
  /** Path from there. */
  untrustedPath: Path,
  keptFolder: Path,
  keptName: Path,
  /** When (ms since 1970). */
  at: z.number(),
});
export type TakenFile = z.infer<typeof TakenFile>;

/** Older ones are forgotten; their files stay where they are. */
const mostTaken = 1000;

/** Where the file is kept. */
export const keptPath = ({ keptFolder, keptName }: TakenFile): string => join(keptFolder, keptName);

export const takenId = (file: TakenFile): string => fileId('taken', file.keptFolder, file.keptName);

/** The notes with one more; pure. */
export function withTaken(notes: readonly TakenFile[], file: TakenFile): TakenFile[] {
  return [...withoutTaken(notes, file), file].slice(-mostTaken);
}

/** The notes without the one of that file; pure. */
export function withoutTaken(notes: readonly TakenFile[], file: TakenFile): TakenFile[] {
  return notes.filter((note) => takenId(note) !== takenId(file));
}
