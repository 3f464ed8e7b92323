/** Finds processes of a home by a mark in their arguments, from this computer's /proc. */
import { readdir } from 'node:fs/promises';
import { readBounded } from '../../host/files.ts';
import type { MarkedProcess } from '../sandbox.ts';
import { idInside, parseStatus } from './proc.ts';

/** More generations than that no process is away from its keeper. */
const mostGenerations = 64;

/** A person's computer has more processes than a program may have files open. */
const mostAtOnce = 32;

const argumentsOf = async (pid: number) => (await readBounded(`/proc/${pid}/cmdline`)) ?? '';

/**
 * Whether the engine keeps this process for a home: the home's keeper (conmon), whose arguments hold its
 * id, is among its forebears. The engine's own command that put it there holds the mark, too, but is
 * nobody's child of those; and namespaces can't tell, where a home shares them.
 */
async function isKept(pid: number, id: string): Promise<boolean> {
  let at = pid;
  for (let generation = 0; generation < mostGenerations; generation++) {
    const status = parseStatus((await readBounded(`/proc/${at}/status`)) ?? '');
    if (!status || status.parent <= 1) return false;
    at = status.parent;
    if ((await argumentsOf(at)).split('\0').includes(id)) return true;
  }
  return false;
}

async function look(pid: number, id: string): Promise<MarkedProcess | null> {
  if (!(await isKept(pid, id))) return null;
  const status = parseStatus((await readBounded(`/proc/${pid}/status`)) ?? '');
  const map = await readBounded(`/proc/${pid}/uid_map`);
  if (!status || map === null) return null;
  return {
    uid: idInside(map, status.effectiveUid),
    effectiveCapabilities: status.effectiveCapabilities,
  };
}

/**
 * Every process of a home that holds the mark in its arguments.
 *
 * @param id the engine's id of the home
 * @throws when /proc can't be read
 */
export async function findMarked(mark: string, id: string): Promise<MarkedProcess[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const marked: number[] = [];
  for (let first = 0; first < pids.length; first += mostAtOnce) {
    const some = pids.slice(first, first + mostAtOnce);
    const words = await Promise.all(some.map(argumentsOf));
    marked.push(...some.filter((_, index) => words[index]?.includes(mark)));
  }
  const found = await Promise.all(marked.map((pid) => look(pid, id)));
  return found.filter((each) => each !== null);
}
