import { basename, dirname, join } from 'node:path';

/**
 * Folders of the person's that can keep what was moved out of OpenClaw's reach, best first: beside the
 * shared one, where it is found and mostly on the same disk; else in their home folder. Pure.
 *
 * @param shared the shared folder, absolute
 */
export function keptFolders(shared: string, home: string): readonly [string, string] {
  const name = `${basename(shared)} – private files`;
  return [join(dirname(shared), name), join(home, name)];
}

/** The folder of that number in `folder` for files whose names are taken in the ones before; 1 is the folder itself. Pure. */
export function nextKeptFolder(folder: string, number: number): string {
  return number === 1 ? folder : join(folder, `(${number})`);
}
