/** Which home suits this computer: pure. The facts are gathered elsewhere. */
import type { EngineName, HomeKind, HomeOffer, Need, NeedCode, OfferCode } from '../contract.ts';
import type { EngineNote, EngineState } from './sandbox.ts';

const GiB = 1024 ** 3;

/** What was seen of one engine. */
export interface EngineSeen {
  readonly engine: EngineName;
  readonly state: EngineState;
  /** Whether an administrator's consent is all that it lacks. */
  readonly needsAdministrator: boolean;
}

/** What was seen of the computer (bytes). */
export interface Room {
  readonly memoryBytes: number;
  readonly freeDiskBytes: number;
}

export const kinds: Readonly<Record<EngineName, HomeKind>> = {
  Podman: 'container',
  Docker: 'container',
  QEMU: 'virtual-machine',
  WSL: 'virtual-machine',
  Lima: 'virtual-machine',
  SSH: 'other-computer',
};

/**
 * What a home takes of the computer and what has to be left to the person: a container shares its memory and takes
 * what OpenClaw uses (0.6 GB at rest, measured), a machine takes 4 GiB of its own while it runs. On the disk: an image
 * unpacked (1.1 GB), a system below it (2 GB), the state and its copies, and an update beside the old one.
 */
const least: Readonly<Record<HomeKind, Room>> = {
  container: { memoryBytes: 2 * GiB, freeDiskBytes: 4 * GiB },
  'virtual-machine': { memoryBytes: 6 * GiB, freeDiskBytes: 12 * GiB },
  // Of this computer no more than what is on its way there.
  'other-computer': { memoryBytes: 0, freeDiskBytes: 2 * GiB },
};

const hasNote = (state: EngineState, note: EngineNote): boolean =>
  state.is === 'ready' && (state.notes ?? []).includes(note);

/**
 * No home of the first choice: whoever may ask such an engine for containers controls the computer; and a computer
 * that somebody lives with is nobody's dedicated one.
 */
const isWeaker = (state: EngineState): boolean =>
  hasNote(state, 'engine-controls-computer') || hasNote(state, 'computer-lived-in');

const reasons: Readonly<Record<EngineName, OfferCode>> = {
  Podman: 'light',
  Docker: 'there-already',
  QEMU: 'strongest',
  WSL: 'part-of-system',
  Lima: 'own-system',
  SSH: 'other-computer',
};

function whyFor(engine: EngineName, state: EngineState): OfferCode {
  if (hasNote(state, 'engine-controls-computer')) return 'controls-computer';
  if (hasNote(state, 'computer-lived-in')) return 'lived-in';
  return reasons[engine];
}

/** What is in the way that no click removes; null: nothing is. */
function obstacle({ state, needsAdministrator }: EngineSeen): NeedCode | null {
  if (needsAdministrator) return null;
  switch (state.is) {
    case 'ready':
    case 'stuck':
    case 'no-answer':
    // Its person lets us in on the way.
    case 'not-prepared':
      return null;
    case 'unreachable':
      return 'computer-on';
    case 'other-key':
      return 'computer-known';
    case 'unsuited':
      return 'computer-fit';
    case 'absent':
    case 'feature-missing':
      return 'engine-installed';
    case 'asleep':
      return 'engine-started';
    case 'not-allowed':
      return 'engine-for-you';
    case 'too-old':
    case 'no-subordinate-ids':
    case 'no-runtime-for-cgroups':
    case 'no-fence':
    case 'broken':
      return 'engine-mended';
    case 'no-virtualization':
      return state.why === 'switched-off' || state.why === 'off-or-missing'
        ? 'virtualization-on'
        : 'virtualization-here';
    case 'system-too-old':
      return 'newer-system';
    case 'wrong-processor':
    case 'incomplete':
      return 'other-clawcove';
    case 'no-room':
      return 'free-disk';
    case 'restart-needed':
      return 'restart';
    case 'blocked':
      return 'permission';
  }
}

function needsOf(
  seen: EngineSeen,
  room: Room,
): { readonly blocks: readonly Need[]; readonly asks: readonly Need[] } {
  const wanted = least[kinds[seen.engine]];
  const inTheWay = obstacle(seen);
  const blocks: Need[] = [
    ...(inTheWay
      ? [{ code: inTheWay, facts: inTheWay === 'free-disk' ? { bytes: wanted.freeDiskBytes } : {} }]
      : []),
    ...(room.memoryBytes < wanted.memoryBytes
      ? [{ code: 'memory' as const, facts: { bytes: wanted.memoryBytes } }]
      : []),
    ...(room.freeDiskBytes < wanted.freeDiskBytes && inTheWay !== 'free-disk'
      ? [{ code: 'free-disk' as const, facts: { bytes: wanted.freeDiskBytes } }]
      : []),
  ];
  const { state } = seen;
  const lacks = state.is === 'not-prepared' ? state.lacks : null;
  const asks: Need[] = [
    ...(seen.needsAdministrator ? [{ code: 'administrator' as const, facts: {} }] : []),
    ...(lacks === null
      ? []
      : [{ code: lacks === 'name' ? 'computer-named' : 'computer-let-in', facts: {} } as const]),
  ];
  return { blocks, asks };
}

/**
 * Says of each engine whether a home by it would do here, why one would take it, and what it still needs. A strong
 * home comes before a weaker one, one that needs nothing before one that needs an administrator, or a computer to be prepared; where that is all
 * the same, the order of `seen` counts.
 */
export function choose(seen: readonly EngineSeen[], room: Room): HomeOffer[] {
  const known = seen.map((each, at) => ({ each, at, ...needsOf(each, room) }));
  const rank = ({ each, asks, at }: (typeof known)[number]) =>
    (isWeaker(each.state) ? 100 : 0) + (asks.length > 0 ? 10 : 0) + at;
  const [best] = known.filter(({ blocks }) => blocks.length === 0).sort((a, b) => rank(a) - rank(b));
  const offers = known.map((one): HomeOffer => {
    const { engine, state } = one.each;
    return {
      engine,
      kind: kinds[engine],
      is: one === best ? 'recommended' : one.blocks.length > 0 ? 'not-here' : 'possible',
      why: whyFor(engine, state),
      needs: [...one.blocks, ...one.asks],
    };
  });
  const order: readonly HomeOffer['is'][] = ['recommended', 'possible', 'not-here'];
  return offers.toSorted((a, b) => order.indexOf(a.is) - order.indexOf(b.is));
}
