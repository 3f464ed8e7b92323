/** Looks at the home's processes, from this computer where its person may, else from beside them. */
import * as z from 'zod';
import { readBounded } from '../../host/files.ts';
import { engineProblem } from '../container/call.ts';
import { type Files, ownFiles } from '../observe/files.ts';
import { observeHome, ownOutlook, type RunningHome } from '../observe/observe.ts';
import { programFolders, usualSockets } from '../observe/root-doors.ts';
import type { Observation } from '../sandbox.ts';
import type { Docker } from './call.ts';
import { type Visit, visit } from './visitor.ts';

const Brought = z.object({
  files: z.record(z.string(), z.string()),
  links: z.record(z.string(), z.string()),
  folders: z.record(z.string(), z.array(z.string())),
  stats: z.record(z.string(), z.tuple([z.enum(['file', 'folder', 'link', 'socket', 'other']), z.number()])),
});

/**
 * Gathers what observeHome reads, for every process but itself, and the programs and sockets in their root.
 * All share one root, or say so by their namespace and root. Constant; folders and sockets come as arguments.
 */
const gather = `
const fs = require('fs');
const [folders, sockets] = process.argv.slice(1).map((words) => words.split(' '));
const out = { files: {}, links: {}, folders: {}, stats: {} };
const attempt = (work) => { try { return work(); } catch { return undefined; } };
const note = (into, path, work) => { const found = attempt(work); if (found !== undefined) into[path] = found; return found; };
const file = (path) => note(out.files, path, () => fs.readFileSync(path, 'utf8').slice(0, 100000));
const link = (path) => note(out.links, path, () => fs.readlinkSync(path));
const list = (path) => note(out.folders, path, () => fs.readdirSync(path)) ?? [];
const kind = (s) => s.isFile() ? 'file' : s.isDirectory() ? 'folder' : s.isSymbolicLink() ? 'link' : s.isSocket() ? 'socket' : 'other';
const stat = (path) => note(out.stats, path, () => { const s = fs.lstatSync(path); return [kind(s), s.mode]; });
const own = String(process.pid);
const pids = fs.readdirSync('/proc').filter((name) => /^[0-9]+$/.test(name) && name !== own).slice(0, 512);
out.folders['/proc'] = pids;
const roots = new Set();
for (const pid of pids) {
  const at = '/proc/' + pid;
  for (const name of ['status', 'uid_map', 'gid_map', 'limits', 'mountinfo']) file(at + '/' + name);
  for (const name of ['cgroup', 'ipc', 'mnt', 'net', 'pid', 'user', 'uts']) link(at + '/ns/' + name);
  for (const name of list(at + '/fd').slice(0, 256)) link(at + '/fd/' + name);
  roots.add(at + '/root');
}
for (const name of ['tcp', 'tcp6']) file('/proc/1/net/' + name);
const first = attempt(() => fs.readlinkSync('/proc/1/ns/mnt')) + attempt(() => fs.readlinkSync('/proc/1/root'));
out.alike = [...roots].filter((root) => {
  const at = root.slice(0, -5);
  return attempt(() => fs.readlinkSync(at + '/ns/mnt')) + attempt(() => fs.readlinkSync(root)) === first;
});
const steps = (path) => path.split('/').map((_, index, parts) => parts.slice(0, index + 1).join('/'));
list('/proc/1/root');
for (const path of [...folders, ...sockets]) for (const step of steps(path)) stat('/proc/1/root/' + step);
for (const folder of folders) for (const name of list('/proc/1/root/' + folder)) stat('/proc/1/root/' + folder + '/' + name);
console.log(JSON.stringify(out));
`;

/** What of a look is this computer's own wherever the processes are looked at: its mounts, and the kernel's limits. */
const isOwn = (path: string) => path.startsWith('/proc/self/') || path.startsWith('/sys/');

/** What somebody brought from beside the home; in the home's own numbers of processes, the first of which is 1. */
function broughtFiles(
  brought: z.infer<typeof Brought>,
  alike: readonly string[],
  cgroup: string | null,
): Files {
  const at = (path: string) => {
    const root = /^\/proc\/\d+\/root/.exec(path)?.[0];
    return root && alike.includes(root) ? `/proc/1/root${path.slice(root.length)}` : path;
  };
  return {
    async read(path) {
      if (isOwn(path)) return ownFiles.read(path);
      // In a cgroup namespace of their own processes don't see where they are.
      return path.endsWith('/cgroup') ? cgroup : (brought.files[at(path)] ?? null);
    },
    link: async (path) => brought.links[at(path)] ?? null,
    list: async (path) => brought.folders[at(path)] ?? null,
    async stat(path) {
      const found = brought.stats[at(path)];
      return found ? { is: found[0], mode: found[1] } : null;
    },
  };
}

/**
 * Observes the gateway of a running home. A rootless Docker's processes are the person's own, and so are a
 * rootful one's where the person has the agent's number (1000). Anybody else is told by the kernel only the
 * half of it, and sends a visitor.
 */
export async function observeFromHere(
  docker: Docker,
  from: Visit | null,
  home: RunningHome,
  engineFolders: readonly string[],
  signal: AbortSignal,
): Promise<Observation> {
  const outlook = ownOutlook(engineFolders);
  const own = await observeHome(home, outlook);
  if (own.is !== 'unreadable' || !from) return own;
  const argv = ['node', '-e', gather, programFolders.join(' '), usualSockets.join(' ')];
  const seen = await visit(docker, from, home.id, ['SYS_PTRACE', 'DAC_READ_SEARCH'], argv, signal);
  if (seen.truncated) return own;
  if (seen.code !== 0) {
    if (/is not running|no such container/i.test(seen.stderr)) return { is: 'not-running' };
    throw engineProblem(seen.stderr);
  }
  const untrusted: unknown = JSON.parse(seen.stdout);
  const brought = Brought.parse(untrusted);
  const { alike } = z.object({ alike: z.array(z.string()) }).parse(untrusted);
  const cgroup = await readBounded(`/proc/${home.pid}/cgroup`);
  const files = broughtFiles(brought, alike, cgroup);
  return observeHome({ ...home, pid: 1 }, { ...outlook, files, usersAre: 'inside' });
}
