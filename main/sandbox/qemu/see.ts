/** What is seen of a running machine from this computer. */
import { readlink } from 'node:fs/promises';
import { readBounded } from '../../host/files.ts';
import type { MachineSeen } from '../distro/machine.ts';
import { parseStatus } from '../observe/proc.ts';
import type { Control } from './control.ts';
import type { Running } from './process.ts';

/** Folders of this computer that QEMU was given to share, from its own arguments. Pure. */
export function sharedIn(argv: readonly string[]): string[] {
  return argv.flatMap((word, index) => {
    if (word !== '-fsdev') return [];
    const [, path] = /(?:^|,)path=((?:[^,]|,,)*)/.exec(argv[index + 1] ?? '') ?? [];
    return path === undefined ? [] : [path.replaceAll(',,', ',')];
  });
}

/** What holds the process in, in words of the kernel's. */
async function confinementOf(pid: number): Promise<{ uid: number | null; words: string[] }> {
  const status = parseStatus((await readBounded(`/proc/${pid}/status`)) ?? '');
  const isApart = async (kind: string) => {
    const [own, theirs] = await Promise.all(
      ['self', pid].map((which) => readlink(`/proc/${which}/ns/${kind}`).catch(() => null)),
    );
    return own !== null && theirs !== null && own !== theirs;
  };
  const apart = await Promise.all(
    ['net', 'user'].map(async (kind) => ((await isApart(kind)) ? [`${kind} namespace`] : [])),
  );
  if (!status) return { uid: null, words: apart.flat() };
  const words = [
    ...(status.seccomp === 2 ? ['seccomp filter'] : []),
    ...(status.noNewPrivileges ? ['no new privileges'] : []),
    ...(status.effectiveCapabilities === 0n && status.boundingCapabilities === 0n ? ['no capabilities'] : []),
  ];
  return { uid: status.uid, words: [...words, ...apart.flat()] };
}

export async function see(
  running: Running | null,
  control: Control,
  signal: AbortSignal,
): Promise<MachineSeen> {
  if (running === null) return { hostUid: null, ports: [], sharedFolders: [], confinement: [] };
  const { uid, words } = await confinementOf(running.pid);
  return {
    hostUid: uid,
    ports: await control.ports(signal),
    sharedFolders: sharedIn(running.argv),
    confinement: words,
  };
}
