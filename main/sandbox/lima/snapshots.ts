/**
 * Snapshots of the whole machine: Lima can't make any with Apple's Virtualization, but it can double a machine,
 * which costs next to nothing on APFS. The machine must be stopped.
 */
import { ProblemError } from '../../problem.ts';
import { findMachine, type Instance, instancesFrom } from './instances.ts';
import { type Limactl, mustSucceed } from './limactl.ts';
import { machineName } from './names.ts';

const timeoutMs = 60_000;
/** On a disk that is no APFS every byte is copied. */
const copyTimeout = 1_800_000;

/** `before`: what there was before an update of the system inside. `aside`: what was put away for it meanwhile. */
type SnapshotId = 'before' | 'aside';
const nameOf = (id: SnapshotId) => `${machineName}-${id}`;

async function list(limactl: Limactl, signal: AbortSignal) {
  const { stdout } = await mustSucceed(limactl.call(['list', '--json'], { timeoutMs, signal }));
  return instancesFrom(stdout);
}

async function mustRest(limactl: Limactl, signal: AbortSignal): Promise<readonly Instance[]> {
  const listed = await list(limactl, signal);
  if (findMachine(listed)?.status === 'Running') throw new ProblemError('home-is-running');
  return listed.instances;
}

const remove = (limactl: Limactl, name: string, signal: AbortSignal) =>
  mustSucceed(limactl.call(['delete', '--force', name], { timeoutMs, signal }));

/** Takes one; an older one is replaced. */
export async function takeSnapshot(limactl: Limactl, signal: AbortSignal): Promise<void> {
  const there = await mustRest(limactl, signal);
  if (there.some(({ name }) => name === nameOf('before'))) await remove(limactl, nameOf('before'), signal);
  await mustSucceed(
    limactl.call(['clone', machineName, nameOf('before')], { timeoutMs: copyTimeout, signal }),
  );
}

/**
 * The machine becomes what it was. Killed at any moment, it is done at the next call: what is there is put aside first,
 * and goes only when what comes in its place is whole.
 *
 * @throws ProblemError `state-gone` when there is no snapshot
 */
export async function restoreSnapshot(limactl: Limactl, signal: AbortSignal): Promise<void> {
  const there = (await mustRest(limactl, signal)).map(({ name }) => name);
  if (!there.includes(nameOf('before'))) throw new ProblemError('state-gone', {}, ['check-now']);
  const isAside = there.includes(nameOf('aside'));
  if (there.includes(machineName)) {
    // With something aside already, this one may be half a copy.
    if (isAside) await remove(limactl, machineName, signal);
    else await mustSucceed(limactl.call(['rename', machineName, nameOf('aside')], { timeoutMs, signal }));
  }
  await mustSucceed(
    limactl.call(['clone', nameOf('before'), machineName], { timeoutMs: copyTimeout, signal }),
  );
  if (isAside || there.includes(machineName)) await remove(limactl, nameOf('aside'), signal);
}

/** Takes it away; quiet when there is none. */
export async function dropSnapshot(limactl: Limactl, signal: AbortSignal): Promise<void> {
  const { instances } = await list(limactl, signal);
  if (instances.some(({ name }) => name === nameOf('before')))
    await remove(limactl, nameOf('before'), signal);
}
