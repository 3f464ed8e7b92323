/** What a script in the machine has gathered of a home's processes, in the place of this computer's own /proc. */
import { type Files, ownFiles, type Stat } from '../observe/files.ts';
import { sharedMounts } from '../observe/mounts.ts';
import { observeHome } from '../observe/observe.ts';
import type { Observation } from '../sandbox.ts';
import type { Machine } from './machine.ts';
import { homeSlice, homeUnit } from './names.ts';
import { tool } from './system.ts';

const timeoutMs = 30_000;
/** A busy home has a few hundred kB to say. */
const maxBytes = 16 * 1024 * 1024;

const kinds: Readonly<Record<string, Stat['is']>> = { f: 'file', d: 'folder', l: 'link', s: 'socket' };

/** Reads records of path, kind and contents, each ended by a zero byte; what was `listed` has no entries but its records'; pure. */
export function filesFrom(untrustedRecords: string): Files {
  const fields = untrustedRecords.split('\0');
  const texts = new Map<string, string>();
  const links = new Map<string, string>();
  const stats = new Map<string, Stat>();
  const folders = new Map<string, string[]>();
  const listed = new Set<string>();
  for (let at = 0; at + 2 < fields.length; at += 3) {
    const [path = '', kind, contents = ''] = fields.slice(at, at + 3);
    if (kind === 'text' && contents !== '') texts.set(path, contents);
    if (kind === 'link' && contents !== '') links.set(path, contents);
    if (kind === 'listed') listed.add(path);
    const [, letter = '', mode = ''] = (kind === 'stat' && /^(\w) ([0-7]+)$/.exec(contents)) || [];
    if (letter !== '') stats.set(path, { is: kinds[letter] ?? 'other', mode: Number.parseInt(mode, 8) });
    const slash = path.lastIndexOf('/');
    if (slash < 0) continue;
    const folder = path.slice(0, slash);
    const names = folders.get(folder) ?? [];
    names.push(path.slice(slash + 1));
    folders.set(folder, names);
  }
  return {
    read: async (path) => texts.get(path) ?? null,
    link: async (path) => links.get(path) ?? null,
    list: async (path) => (listed.has(path) ? (folders.get(path) ?? []) : null),
    stat: async (path) => stats.get(path) ?? null,
  };
}

/** Observes the gateway of a home in a machine that runs. */
export async function observeInside(
  machine: Machine,
  port: number | null,
  signal: AbortSignal,
): Promise<Observation> {
  const { exitCode, untrustedOut, untrustedErr, truncated } = await machine.guest.run(
    tool('look', homeUnit, homeSlice),
    { timeoutMs, maxBytes, signal },
  );
  if (exitCode !== 0 || truncated)
    return { is: 'unreadable', detail: untrustedErr.replace(/[^\x20-\x7e]/g, '?').slice(0, 200) };
  const files = filesFrom(untrustedOut);
  const pid = Number((await files.read('main')) ?? 0);
  if (!(pid > 0)) return { is: 'not-running' };
  const bootId = '/proc/sys/kernel/random/boot_id';
  const [theirs, ours] = await Promise.all([files.read(bootId), ownFiles.read(bootId)]);
  const seen = await observeHome(
    { pid, id: homeSlice, port },
    {
      files,
      usersAre: 'outside',
      mountsOfComputer: async (inside, outside) => sharedMounts(inside, outside, machine.sharedInside),
      hasOwnKernel: theirs !== null && theirs !== ours,
    },
  );
  if (seen.is !== 'seen') return seen;
  const { hostUid, confinement, unconfined } = await machine.see(signal);
  return {
    ...seen,
    ...(hostUid !== null && { hostUid }),
    ...(unconfined && { machine: { confined: confinement, unconfined } }),
  };
}
