import type { PrivateFiles } from '../contract.ts';
import type { PrivateFile } from './found.ts';
import { foundId } from './left.ts';
import { shownName } from './shown-name.ts';
import { type TakenFile, takenId } from './taken.ts';

/** More of them nobody reads in a window. */
const mostShown = 50;

export const noPrivateFiles: PrivateFiles = {
  found: { shown: [], total: 0 },
  taken: { shown: [], total: 0 },
  left: { shown: [], total: 0 },
  keptFolder: '',
};

function first<T, S>(files: readonly T[], show: (file: T) => S): { shown: S[]; total: number } {
  return { shown: files.slice(0, mostShown).map(show), total: files.length };
}

const showFound = (file: PrivateFile) => ({
  id: foundId(file),
  place: file.place,
  untrustedName: shownName(file.untrustedPath),
  untrustedWithin: file.untrustedWithin === null ? null : shownName(file.untrustedWithin),
  kinds: [...file.kinds],
});

/**
 * The files with private data as views show them; pure.
 *
 * @param files.counted found and to be moved; `left`: found, and may stay; `taken`: in the kept folder, oldest first
 * @param keptFolder where files would be moved to
 */
export function listPrivateFiles(
  files: {
    readonly counted: readonly PrivateFile[];
    readonly left: readonly PrivateFile[];
    readonly taken: readonly TakenFile[];
  },
  keptFolder: string,
): PrivateFiles {
  const newestFirst = files.taken.toReversed();
  return {
    found: first(files.counted, showFound),
    left: first(files.left, showFound),
    taken: first(newestFirst, (file) => ({
      id: takenId(file),
      place: file.place,
      untrustedName: shownName(file.untrustedPath),
      at: file.at,
    })),
    keptFolder,
  };
}
