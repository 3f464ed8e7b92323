import { isAbsolute, relative, sep } from 'node:path';

/** Whether `path` is `folder` or lies in it. Both absolute and real. */
export function isIn(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === '' || !(way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way));
}
