/** Makes ready what an honest attempt needs, and takes it away again. */
import type { Doors, Listener } from '../doors.ts';
import { mostProcesses } from '../openclaw/home.ts';
import type { Observation } from '../sandbox/sandbox.ts';
import type { MemoryGoal, Scene, Target } from './attempts.ts';

const MiB = 1024 ** 2;
const GiB = 1024 ** 3;
/** How far past a limit of memory is gone: what is used, and what is only claimed. */
const pastUse = 64 * MiB;
const pastClaim = 256 * MiB;
/** What has to stay free on this computer while a limit is tried out. */
const spareMemory = GiB;

/** Listeners on more addresses than that say nothing new. */
const mostAddresses = 8;
/** Where routers and other devices usually answer. Not 53: names are looked up there, which a home may do. */
const usualPorts = [80, 443, 22, 8080, 445];
/** Where clouds keep the secrets of a computer. Source: the providers' own documentation. */
const metadataService: Target = { address: '169.254.169.254', port: 80 };
/** How long this computer itself waits for an answer from there (ms). */
const answerTimeout = 1_500;

/** The doors that a proof goes through. */
export type ProofDoors = Pick<Doors, 'sandbox' | 'net' | 'computer' | 'bait' | 'clock' | 'store' | 'log'>;

/** A scene, whose listeners are ours. */
export interface OpenScene extends Scene {
  /** What the listeners have heard; untrusted, bounded. */
  untrustedHeard(): readonly string[];
  close(): Promise<void>;
}

/**
 * How much memory is gone for; pure.
 *
 * @param available bytes that programs could still get on this computer
 * @param total bytes of this computer's memory
 */
export function memoryGoal(seen: Observation, available: number, total: number): MemoryGoal {
  if (seen.is !== 'seen') return { is: 'none', why: 'unseen' };
  const { memoryLimit, processLimits } = seen;
  if (memoryLimit !== null)
    // Up to its limit the home really takes it: nobody else must get short.
    return available < memoryLimit + pastUse + spareMemory
      ? { is: 'none', why: 'little-memory' }
      : { is: 'use', bytes: memoryLimit + pastUse };
  // Where nothing limits it, more than there is.
  return { is: 'claim', bytes: (processLimits.dataBytes ?? total) + pastClaim };
}

/** Who answers this computer first, as they stand in the list; null: nobody. */
async function whoAnswers(
  { net }: ProofDoors,
  targets: readonly Target[],
  signal: AbortSignal,
): Promise<Target | null> {
  const answers = await Promise.all(
    targets.map(({ address, port }) => net.connect(address, port, { timeoutMs: answerTimeout, signal })),
  );
  return targets.find((_, index) => answers[index] === 'open') ?? null;
}

async function listenAt(
  { net }: ProofDoors,
  addresses: readonly string[],
): Promise<{ address: string; listener: Listener }[]> {
  const all = await Promise.all(
    addresses.map(async (address) => ({ address, listener: await net.listen(address) })),
  );
  return all.flatMap(({ address, listener }) => (listener ? [{ address, listener }] : []));
}

/**
 * Sets the scene: bait, listeners on loopback and on this computer's own addresses, and who else answers.
 *
 * @param words of the bait
 */
export async function setScene(doors: ProofDoors, words: string, signal: AbortSignal): Promise<OpenScene> {
  const { sandbox, computer, bait } = doors;
  const [seen, available, { memoryBytes }, routers] = await Promise.all([
    sandbox.observe(signal),
    computer.availableMemory(),
    computer.look(signal),
    computer.routers(),
  ]);
  const neighbours = routers.flatMap((address) => usualPorts.map((port) => ({ address, port })));
  const [neighbour, metadata] = await Promise.all([
    whoAnswers(doors, neighbours, signal),
    whoAnswers(doors, [metadataService], signal),
  ]);
  // First what may fail: nobody is left listening then.
  const path = await bait.lay(words);
  // From elsewhere an address that is good for one link only can't be reached.
  const own = computer.addresses().filter((address) => !address.includes('%'));
  const [loopback, hosts] = await Promise.all([
    listenAt(doors, ['127.0.0.1']),
    listenAt(doors, own.slice(0, mostAddresses)),
  ]);
  const listeners = [...loopback, ...hosts].map(({ listener }) => listener);
  const limits = seen.is === 'seen' ? seen : null;
  return {
    bait: path,
    loopbackPort: loopback[0]?.listener.port ?? null,
    hostTargets: hosts.map(({ address, listener: { port } }) => ({ address, port })),
    neighbour,
    metadata,
    processes: limits?.pidsLimit ?? limits?.processLimits.processes ?? mostProcesses,
    memory: memoryGoal(seen, available, memoryBytes),
    untrustedHeard: () => listeners.flatMap((listener) => listener.untrustedHeard()),
    async close() {
      await Promise.all([bait.takeAway(), ...listeners.map((listener) => listener.close())]);
    },
  };
}
