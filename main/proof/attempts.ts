/** The table of attempts: what is tried from inside, in which order, and what each needs to be a real one. */
import type { AttemptId, GuideItem, UntriedCode } from '../contract.ts';
import * as inside from './inside.ts';

/** Where somebody listens. */
export interface Target {
  readonly address: string;
  readonly port: number;
}

/** What was found out, and made ready, before the first attempt. */
export interface Scene {
  /** Path of a file that only the person may read. */
  readonly bait: string;
  /** Port of ClawCove's own listener on 127.0.0.1; null: it could not listen. */
  readonly loopbackPort: number | null;
  /** ClawCove's own listeners on this computer's other addresses. */
  readonly hostTargets: readonly Target[];
  /** Somebody on the local network, and the cloud's own service, who answer this computer; null: nobody does. */
  readonly neighbour: Target | null;
  readonly metadata: Target | null;
  /** How many processes the home may have; past that, somebody ought to stop it. */
  readonly processes: number;
  readonly memory: MemoryGoal;
}

/** How much memory somebody ought to stop it at (bytes): claimed only, or used, or not to be tried here. */
export type MemoryGoal =
  | { readonly is: 'claim' | 'use'; readonly bytes: number }
  | { readonly is: 'none'; readonly why: UntriedCode };

/** What is looked at from outside while an attempt runs. The others rest on the inside's word alone. */
export type Watch = 'processes' | 'listeners' | 'nothing';

/** A program and the words it gets after its mark, or why there is nothing to try. */
export type Order =
  | { readonly is: 'try'; readonly program: readonly string[]; readonly words: readonly string[] }
  | { readonly is: 'untried'; readonly why: UntriedCode };

export interface Attempt {
  readonly id: AttemptId;
  readonly guide: GuideItem;
  readonly watch: Watch;
  order(scene: Scene): Order;
}

const run = (program: readonly string[], ...words: string[]): Order => ({ is: 'try', program, words });
const untried = (why: UntriedCode): Order => ({ is: 'untried', why });

/** More processes than that are started nowhere. */
const mostProcesses = 1024;
/** How far past a limit is gone. */
const pastProcesses = 8;

/** Words by which engines, virtual machines and a shared network reach the loopback of this computer. */
const loopbackNames = [
  '127.0.0.1',
  'route',
  '10.0.2.2',
  '169.254.1.2',
  'host.containers.internal',
  'host.docker.internal',
];

const knockAt = (targets: readonly Target[]): Order =>
  run(inside.reach, ...targets.flatMap(({ address, port }) => [address, String(port)]));

function power(id: AttemptId, program: readonly string[], watch: Watch = 'nothing'): Attempt {
  return { id, guide: 'least-privilege', watch, order: () => run(program) };
}

function wall(id: AttemptId, order: Attempt['order'], watch: Watch = 'nothing'): Attempt {
  return { id, guide: 'isolated', watch, order };
}

/** Every attempt, in the order in which they are made: what takes room last, so that it disturbs no other. */
export const attempts: readonly Attempt[] = [
  power('sudo', inside.sudo, 'processes'),
  power('su', inside.su, 'processes'),
  power('set-user-id', inside.setUserId, 'processes'),
  power('change-user', inside.changeUser, 'processes'),
  power('user-namespace', inside.userNamespace, 'processes'),
  power('change-owner', inside.changeOwner),
  power('change-root', inside.changeRoot),
  power('make-device', inside.makeDevice),
  power('mount', inside.mount),
  power('set-clock', inside.setClock),
  power('host-name', inside.hostName),
  power('raw-network', inside.rawNetwork),
  power('load-module', inside.loadModule),
  power('kernel-parts', inside.kernelParts),
  wall('write-programs', () => run(inside.writePrograms)),
  wall('write-kernel', () => run(inside.writeKernel)),
  wall('read-home', ({ bait }) => run(inside.readHome, bait)),
  wall('read-passwords', () => run(inside.readPasswords)),
  wall('read-kernel', () => run(inside.readKernel)),
  wall('read-disks', () => run(inside.readDisks)),
  wall('engine', () => run(inside.engine)),
  wall('see-processes', () => run(inside.seeProcesses)),
  wall('signal-processes', () => run(inside.signalProcesses)),
  wall(
    'host-loopback',
    ({ loopbackPort: port }) =>
      port === null ? untried('no-listener') : knockAt(loopbackNames.map((address) => ({ address, port }))),
    'listeners',
  ),
  wall(
    'host-addresses',
    ({ hostTargets }) => (hostTargets.length === 0 ? untried('no-listener') : knockAt(hostTargets)),
    'listeners',
  ),
  wall('local-network', ({ neighbour }) => (neighbour ? knockAt([neighbour]) : untried('nobody-there'))),
  wall('cloud-metadata', ({ metadata }) => (metadata ? knockAt([metadata]) : untried('nobody-there'))),
  wall('many-processes', ({ processes }) =>
    run(inside.manyProcesses, String(Math.min(processes, mostProcesses) + pastProcesses)),
  ),
  wall('much-memory', ({ memory }) =>
    memory.is === 'none'
      ? untried(memory.why)
      : run(memory.is === 'use' ? inside.useMemory : inside.claimMemory, String(memory.bytes)),
  ),
];
