import type { Evidence, Finding, Note } from '../contract.ts';
import type { Doors } from '../doors.ts';
import type { HostLook } from '../moving-in/found.ts';
import type { HostMove } from '../moving-in/journal.ts';
import { moveInFromHost } from '../moving-in/move-in.ts';
import { wakeIfWanted } from '../openclaw/wake.ts';
import { broken, ok, type Safeguard, saw, unknown } from './safeguard.ts';

/** Who has the port that the home needs while the home rests; null: nobody, or nobody can tell. */
interface PortTaken {
  readonly port: number;
  /** As it calls itself; empty: it doesn't tell. */
  readonly program: string;
}

export interface HostFacts {
  readonly look: HostLook;
  readonly taken: PortTaken | null;
  /** What has moved in, or was put to rest, and where its folders rest. */
  readonly move: HostMove | null;
  readonly resting: readonly string[];
}

/** More places than that are not told one by one. */
const mostTold = 20;

/** Whether an OpenClaw is on the computer itself; pure. A program that nobody starts, and that knows nothing, does nothing. */
export function judgeHost({ look, taken, move, resting }: HostFacts, at: number): Finding {
  if (look.is === 'unreadable') return unknown('host-unreadable', [], { path: look.what });
  const { homes, programs, services, gateways } = look;
  const evidence: Evidence[] = [
    saw(at, 'host-processes', { count: gateways.length }),
    ...homes.map(({ folder }) => saw(at, 'host-folder', { path: folder })),
    ...(homes.length === 0 ? [saw(at, 'host-no-folder')] : []),
    ...services.map(({ name, startsByItself }) =>
      saw(at, startsByItself ? 'host-service-starts' : 'host-service', { name }),
    ),
    ...programs.slice(0, mostTold).map(({ folder }) => saw(at, 'host-program', { path: folder })),
    ...(taken ? [saw(at, 'host-port-taken', { port: taken.port, program: taken.program || '?' })] : []),
  ];
  if (gateways.length > 0) return broken('danger', 'host-openclaw-runs', evidence);
  const [home] = homes;
  if (home) return broken('attention', 'host-openclaw-lies', evidence, { path: home.folder });
  if (services.length > 0) return broken('attention', 'host-openclaw-starts', evidence);
  if (taken)
    return broken('attention', 'host-port-held', evidence, { ...taken, program: taken.program || '?' });
  const notes: Note[] = [
    ...(move?.stage === 'done' ? noteOn(move, resting) : []),
    ...programs
      .slice(0, 1)
      .map(({ folder }) => ({ code: 'host-program-left' as const, facts: { path: folder } })),
  ];
  return ok(evidence, notes);
}

/** What was done, and where what rests can be found; services alone have no folder. */
function noteOn({ came }: Extract<HostMove, { stage: 'done' }>, resting: readonly string[]): Note[] {
  const path = resting.join(', ');
  if (path === '') return [{ code: 'host-put-to-rest-bare', facts: {} }];
  return [{ code: came === null ? 'host-put-to-rest' : 'host-moved-in', facts: { path } }];
}

/** While the home runs, its port is its own. */
async function portTaken(
  { sandbox, store, computer }: Doors,
  signal: AbortSignal,
): Promise<PortTaken | null> {
  const { port, stopped } = store.choices();
  if (stopped || store.receipts().sandbox === null) return null;
  if (await computer.isPortFree(port)) return null;
  const there = await sandbox.inspect(signal);
  // So may a machine that hangs.
  if (there.is === 'present' && (there.state === 'running' || there.fault)) return null;
  const holder = await computer.portHolder(port, signal);
  return { port, program: holder?.program ?? '' };
}

/** No OpenClaw is installed or runs on the everyday computer itself, and nobody else has the port. */
export const hostClean: Safeguard = {
  id: 'host-clean',
  guide: ['isolated'],
  needs: [],
  // One of its commands, which the person runs for a moment, is no gateway; a gateway is none for a moment.
  patience: 0,
  async check(doors, signal) {
    const look = await doors.hostOpenClaw.look(signal);
    const { hostMove: move } = doors.store.receipts();
    const resting = move ? doors.hostOpenClaw.restingPlaces(move.resting) : [];
    const judge = (taken: PortTaken | null) => judgeHost({ look, taken, move, resting }, doors.clock.now());
    const finding = judge(null);
    // What is seen already needs no word from an engine that may not give one.
    return finding.is === 'ok' ? judge(await portTaken(doors, signal)) : finding;
  },
  async fix(doors, job) {
    await moveInFromHost(doors, job);
    // Whoever else has the port keeps it: the home takes another one.
    if (await portTaken(doors, job.signal)) await wakeIfWanted(doors, job);
  },
};
