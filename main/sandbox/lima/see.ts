/** What is seen of a running machine from outside it. */
import type { Run } from '../../doors.ts';
import { listenersFrom } from '../../host/macos/listeners.ts';
import { ProblemError } from '../../problem.ts';
import type { MachineSeen } from '../distro/machine.ts';
import type { PublishedPort } from '../sandbox.ts';
import { type Instance, isEndOfForwards, type PortForward } from './instances.ts';

const timeoutMs = 15_000;
const sshInside = 22;

/** Nothing runs, nothing is seen of it but its settings. */
function settingsSeen({ config }: Instance): Pick<MachineSeen, 'sharedFolders' | 'confinement'> {
  const forwards = config?.portForwards ?? [];
  const said = [
    `vmType=${config?.vmType ?? ''}`,
    `mountType=${config?.mountType ?? ''}`,
    `networks=${(config?.networks ?? []).length}`,
    `forwardAgent=${config?.ssh?.forwardAgent ?? ''}`,
    `otherPorts=${forwards.some(isEndOfForwards) ? 'ignored' : 'forwarded'}`,
  ];
  return { sharedFolders: (config?.mounts ?? []).map(({ location }) => location), confinement: said };
}

/** Which of the machine's ports a port of this computer leads to; null: none that a rule names. */
function insidePort(
  port: number,
  forwards: readonly PortForward[],
  sshLocalPort: number | null,
): number | null {
  if (port === sshLocalPort) return sshInside;
  const rule = forwards.find(({ ignore, hostPort }) => ignore !== true && hostPort === port);
  return rule?.guestPort ?? null;
}

/**
 * The ports that Lima's process really listens on: those that lead inside, and whatever is open to others;
 * on loopback it has some of its own, to answer the machine's questions for names.
 */
export function portsSeen(instance: Instance, lsof: string): PublishedPort[] {
  const forwards = instance.config?.portForwards ?? [];
  return listenersFrom(lsof).flatMap(({ address, port }) => {
    const inside = insidePort(port, forwards, instance.sshLocalPort ?? null);
    const isLocal = address === '127.0.0.1' || address === '::1';
    return inside === null && isLocal ? [] : [{ address, port, insidePort: inside ?? port }];
  });
}

/**
 * Looks, with the system's own programs.
 *
 * @throws ProblemError `engine-failed` when they don't tell: nothing seen is not the same as nothing there
 */
export async function seeMachine(
  run: Run,
  instance: Instance | null,
  signal: AbortSignal,
): Promise<MachineSeen> {
  const nothing: MachineSeen = { hostUid: null, ports: [], sharedFolders: [], confinement: [] };
  if (!instance) return nothing;
  const pids = [...new Set([instance.hostAgentPID, instance.driverPID, instance.qemuPID])]
    .filter((pid) => typeof pid === 'number' && pid > 0)
    .map(String);
  const seen = { ...nothing, ...settingsSeen(instance) };
  if (pids.length === 0) return seen;
  const [owner, open] = await Promise.all([
    run({ file: '/bin/ps', args: ['-o', 'uid=', '-p', pids[0] ?? ''], timeoutMs, signal }),
    run({
      file: '/usr/sbin/lsof',
      args: ['-nP', '-a', '-p', pids.join(','), '-iTCP', '-sTCP:LISTEN', '-Fpctn'],
      timeoutMs,
      signal,
    }),
  ]);
  const uid = owner.is === 'exited' && owner.code === 0 ? owner.stdout.trim() : '';
  // lsof ends with 1 and no word when it finds nothing.
  const hasLooked =
    open.is === 'exited' && (open.code === 0 || (open.code === 1 && open.stderr.trim() === ''));
  if (!/^\d+$/.test(uid) || !hasLooked)
    throw new ProblemError('engine-failed', { detail: 'the machine’s process can’t be looked at' }, [
      'try-again',
    ]);
  return { ...seen, hostUid: Number(uid), ports: portsSeen(instance, open.stdout) };
}
