import type { Evidence, Finding, Note, ReasonCode } from '../contract.ts';
import { makeHome } from '../openclaw/make.ts';
import { wakeIfWanted } from '../openclaw/wake.ts';
import type { EngineNote, Inspection, Observation } from '../sandbox/sandbox.ts';
import { broken, ok, type Safeguard, saw, unknown } from './safeguard.ts';

type Present = Extract<Inspection, { is: 'present' }>;
type SeenProcess = Extract<Observation, { is: 'seen' }>;

/** The kernel's number for "system calls are filtered". */
const seccompFilter = 2;
/** The kinds of namespace that a home must have of its own; and one more where the engine has it to give. */
const ownNamespacesNeeded = ['pid', 'net', 'mnt', 'ipc', 'uts'];

/** What the engine was told, whether or not the home runs; the first thing that is wrong, or null. */
function wrongInOrders(there: Present): ReasonCode | null {
  if (there.privileged) return 'home-privileged';
  if (there.addedCapabilities.length > 0) return 'home-has-capabilities';
  if (there.hostNamespaces.length > 0) return 'home-shares-namespaces';
  if (!there.noNewPrivileges) return 'home-can-gain-privileges';
  if (!there.readOnlyRoot) return 'home-root-writable';
  return null;
}

/** What the kernel says about the running gateway; the first thing that is wrong, or null. */
function wrongInProcess(seen: SeenProcess, sharesUsers: boolean): ReasonCode | null {
  if (seen.effectiveCapabilities !== 0n || seen.boundingCapabilities !== 0n) return 'home-has-capabilities';
  if (!seen.noNewPrivileges) return 'home-can-gain-privileges';
  if (seen.seccomp !== seccompFilter) return 'home-unfiltered-calls';
  if (seen.rootWritable) return 'home-root-writable';
  if (seen.engineSockets.length > 0) return 'home-sees-engine';
  if (seen.hostDevices.length > 0) return 'home-sees-devices';
  const needed = [...ownNamespacesNeeded, ...(sharesUsers ? [] : ['user'])];
  if (needed.some((kind) => !seen.ownNamespaces.includes(kind))) return 'home-shares-namespaces';
  if ((seen.machine?.unconfined ?? []).length > 0) return 'machine-unconfined';
  return null;
}

/** A limit that this system can't enforce on the whole home is a remark, with what was seen to stand in for it. */
function limitNotes({ memoryLimit, pidsLimit, processLimits }: SeenProcess): Note[] {
  const { dataBytes, processes } = processLimits;
  const notes: Note[] = [];
  if (memoryLimit === null) {
    notes.push(
      dataBytes !== null
        ? { code: 'memory-limited-each', facts: { each: dataBytes } }
        : { code: 'memory-not-limited', facts: {} },
    );
  }
  if (pidsLimit === null) {
    notes.push(
      processes !== null
        ? { code: 'processes-limited-each', facts: { each: processes } }
        : { code: 'processes-not-limited', facts: {} },
    );
  }
  return notes;
}

function evidenceOf(seen: SeenProcess, at: number): Evidence[] {
  const evidence = [
    saw(at, 'process-capabilities', { mask: seen.effectiveCapabilities.toString(16).padStart(16, '0') }),
    saw(at, 'process-no-new-privileges', { value: Number(seen.noNewPrivileges) }),
    saw(at, 'process-seccomp', { value: seen.seccomp }),
    saw(at, 'process-root', { mode: seen.rootWritable ? 'rw' : 'ro' }),
    saw(at, 'process-namespaces', { kinds: seen.ownNamespaces.join(', ') || '–' }),
  ];
  if (seen.machine)
    evidence.push(saw(at, 'machine-confined', { by: seen.machine.confined.join(', ') || '–' }));
  if (seen.memoryLimit !== null) evidence.push(saw(at, 'memory-limit', { bytes: seen.memoryLimit }));
  if (seen.pidsLimit !== null) evidence.push(saw(at, 'process-limit', { count: seen.pidsLimit }));
  return evidence;
}

/**
 * Puts both together; pure.
 *
 * @param canLimit whether this system can enforce limits on a home at all
 * @param engineNotes what the person should know of the engine
 */
export function judgeHardening(
  there: Present,
  seen: Observation,
  canLimit: boolean,
  at: number,
  engineNotes: readonly EngineNote[] = [],
): Finding {
  const sharesUsers = engineNotes.includes('engine-shares-users');
  const orders = wrongInOrders(there);
  const evidence = seen.is === 'seen' ? evidenceOf(seen, at) : [saw(at, 'home-orders')];
  if (orders) return broken('danger', orders, evidence);
  if (seen.is === 'unreadable') return unknown('process-unreadable', evidence);
  if (seen.is === 'not-running') return ok(evidence, [{ code: 'hardening-seen-at-rest', facts: {} }]);
  const wrong = wrongInProcess(seen, sharesUsers);
  if (wrong) return broken('danger', wrong, evidence);
  if (canLimit && (seen.memoryLimit === null || seen.pidsLimit === null)) {
    return broken('attention', 'home-unlimited', evidence);
  }
  return ok(evidence, [
    ...(sharesUsers ? [{ code: 'engine-shares-users', facts: {} } as const] : []),
    ...limitNotes(seen),
  ]);
}

/** Nothing in the home can reach beyond it: seen on the gateway's process, from outside. */
export const sandboxHardened: Safeguard = {
  id: 'sandbox-hardened',
  guide: ['isolated', 'least-privilege'],
  needs: ['sandbox-exists'],
  patience: 0,
  async check({ sandbox, clock }, signal) {
    const [engine, there, seen] = await Promise.all([
      sandbox.probe(signal),
      sandbox.inspect(signal),
      sandbox.observe(signal),
    ]);
    if (there.is !== 'present')
      return broken('attention', 'home-missing', [saw(clock.now(), 'home-not-found')]);
    const isReady = engine.is === 'ready';
    const canLimit = isReady && engine.limits === 'enforced';
    return judgeHardening(there, seen, canLimit, clock.now(), isReady ? engine.notes : []);
  },
  async fix(doors, job) {
    await doors.sandbox.stop(job.signal);
    await makeHome(doors, job);
    await wakeIfWanted(doors, job);
  },
};
