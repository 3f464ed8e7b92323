/** Which gateways run on this computer itself, from /proc: nothing is asked, and nothing is run. Source: proc(5), namespaces(7). */
import { readdir, readlink, stat } from 'node:fs/promises';
import type { FoundHome } from '../../moving-in/found.ts';
import { readBounded } from '../files.ts';
import { isGateway } from './names.ts';
import type { Gateways, RunningGateway } from './parts.ts';
import { signalTo } from './signals.ts';
import { unreadable } from './unreadable.ts';

const namespaceOf = (pid: string, kind: string) => readlink(`/proc/${pid}/ns/${kind}`);

/**
 * Whether it sees the same files and processes as we do: what runs in a container doesn't.
 *
 * @throws when that can't be told, also where it has just ended
 */
async function isOnComputerItself(pid: string): Promise<boolean> {
  for (const kind of ['mnt', 'pid'])
    if ((await namespaceOf(pid, kind)) !== (await namespaceOf('self', kind))) return false;
  return true;
}

/** When a process was started, by the kernel's clock; null: it is gone. */
export async function birthOf(pid: string | number): Promise<string | null> {
  const text = await readBounded(`/proc/${pid}/stat`);
  // Its name, in parentheses, may hold anything.
  return text?.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? null;
}

/** In which of the folders it keeps something open; null: in none. */
async function profileOf(pid: string, homes: readonly FoundHome[]): Promise<FoundHome['profile'] | null> {
  const folder = `/proc/${pid}/fd`;
  const names = await readdir(folder).catch(() => []);
  const files = await Promise.all(names.map((name) => readlink(`${folder}/${name}`).catch(() => '')));
  const home = homes.find((each) => files.some((file) => file.startsWith(`${each.folder}/`)));
  return home?.profile ?? null;
}

async function look(pid: string, uid: number, homes: readonly FoundHome[]): Promise<RunningGateway | null> {
  const owner = await stat(`/proc/${pid}`).catch(() => null);
  if (owner?.uid !== uid) return null;
  const words = ((await readBounded(`/proc/${pid}/cmdline`)) ?? '').split('\0');
  const file = await readlink(`/proc/${pid}/exe`).catch(() => '');
  if (!isGateway(words, file)) return null;
  try {
    if (!(await isOnComputerItself(pid))) return null;
  } catch (error) {
    // One that has ended is no gateway; of one that runs it must be known.
    if ((await birthOf(pid)) !== null) throw error;
  }
  const birth = await birthOf(pid);
  return birth === null ? null : { pid: Number(pid), birth, profile: await profileOf(pid, homes) };
}

/**
 * The gateways of this person on the computer itself.
 *
 * @throws when /proc can't be read
 */
export async function findGateways(uid: number, homes: readonly FoundHome[]): Promise<RunningGateway[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(pids.map((pid) => look(pid, uid, homes)));
  return found.filter((each) => each !== null);
}

/** @param find all of this person's; a test ends none but its own */
export const linuxGateways = (uid: number, find: typeof findGateways): Gateways => ({
  find: (homes) => find(uid, homes).catch(unreadable('/proc', { hidesFolders: false })),
  async ask(running) {
    await signalTo(running, 'SIGTERM', birthOf);
    return running.length > 0;
  },
  end: (running) => signalTo(running, 'SIGKILL', birthOf),
});
