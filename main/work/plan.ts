/** What setting up will do, and what removing would: gathered from facts, for the person to read. */
import type { AdminTaskId, EngineName, Plan, Removal } from '../contract.ts';
import type { Doors } from '../doors.ts';
import type { FoundHome } from '../moving-in/found.ts';
import { memoryFor } from '../openclaw/home.ts';
import type { EngineState, NoVirtualization } from '../sandbox/sandbox.ts';
import { type SizeFacts, sizesFrom } from './plan-sizes.ts';

/** Who is asked for sizes has this long (ms): the person waits for the page. */
const askTimeout = 10_000;

/** What installs an engine; null: whoever wants that one has it already (Docker), or ClawCove brings it along (Lima). */
const installers: Record<EngineName, AdminTaskId | null> = {
  Podman: 'install-engine',
  Docker: null,
  QEMU: 'install-machine-engine',
  WSL: 'install-engine',
  Lima: null,
  SSH: null,
};

/** Which task of the compiled list would make the engine ready; null when none is needed, or none helps. */
export function adminTaskFor(engine: EngineName, state: EngineState): AdminTaskId | null {
  switch (state.is) {
    case 'ready':
    case 'stuck':
    case 'no-answer':
    // Installing another one doesn't wake it, and nobody is let in.
    case 'asleep':
    case 'not-allowed':
    // What only the person can do, or whoever looks after the computer.
    case 'restart-needed':
    case 'blocked':
    case 'system-too-old':
    case 'wrong-processor':
    case 'incomplete':
    case 'no-room':
    // The other computer is asked, or its person.
    case 'not-prepared':
    case 'unreachable':
    case 'other-key':
    case 'unsuited':
      return null;
    case 'no-virtualization':
      return virtualizationTask(engine, state.why);
    case 'no-subordinate-ids':
      return 'grant-subordinate-ids';
    case 'absent':
    case 'too-old':
    case 'no-runtime-for-cgroups':
    case 'no-fence':
    case 'feature-missing':
    case 'broken':
      return installers[engine];
  }
}

function virtualizationTask(engine: EngineName, why: NoVirtualization): AdminTaskId | null {
  switch (why) {
    case 'not-allowed':
      return 'grant-virtualization';
    case 'not-started':
      return installers[engine];
    case 'switched-off':
    case 'missing':
    case 'off-or-missing':
    case 'not-this-copy':
    case 'does-not-work':
      return null;
  }
}

/** The facts that a plan is made from. */
export interface PlanFacts {
  readonly task: AdminTaskId | null;
  readonly commands: readonly string[];
  /** The one that OpenClaw sees; null: none of this computer. */
  readonly folder: string | null;
  readonly isFolderThere: boolean;
  readonly sizes: SizeFacts;
  readonly startAtLogin: boolean;
  /** OpenClaws on the computer itself. */
  readonly onComputer: readonly FoundHome[];
}

/** Pure. */
export function planFrom(facts: PlanFacts): Plan {
  const { task, folder, sizes } = facts;
  const only = facts.onComputer.length === 1 ? facts.onComputer[0] : undefined;
  return {
    changes: [
      ...(task ? [{ code: task, facts: {} }] : []),
      ...(sizes.isImageHere ? [] : [{ code: 'download-openclaw' as const, facts: {} }]),
      ...(folder === null
        ? [{ code: 'share-nothing' as const, facts: {} }]
        : [{ code: facts.isFolderThere ? 'use-folder' : 'make-folder', facts: { path: folder } } as const]),
      { code: 'make-home', facts: {} },
      ...(only ? [{ code: 'move-in' as const, facts: { path: only.folder } }] : []),
      ...(facts.onComputer.length > 1 ? [{ code: 'move-one-in' as const, facts: {} }] : []),
      ...(facts.startAtLogin ? [{ code: 'start-at-login' as const, facts: {} }] : []),
    ],
    ...sizesFrom(sizes),
    admin: task ? [{ id: task, commands: [...facts.commands] }] : [],
    movesIn: only?.profile ?? null,
  };
}

const installs = (task: AdminTaskId | null): task is AdminTaskId =>
  task === 'install-engine' || task === 'install-machine-engine';

/** Asks those who offer what would come how much it is; who can't be asked is no reason to make no plan. */
async function gatherSizes(
  doors: Doors,
  task: AdminTaskId | null,
  isImageHere: boolean,
  signal: AbortSignal,
): Promise<SizeFacts> {
  const { sandbox, admin, computer, releases, store, log } = doors;
  const soon = AbortSignal.any([signal, AbortSignal.timeout(askTimeout)]);
  const orNull = <T>(asked: Promise<T> | undefined): Promise<T | null> =>
    (asked ?? Promise.resolve(null)).catch((error) => {
      signal.throwIfAborted();
      log.error('a size could not be asked for', error);
      return null;
    });
  const imageBytes = async () => {
    const newest = await releases.newest(store.choices().channel, soon);
    return newest === null ? null : ((await sandbox.describeVersion(newest, soon)).downloadBytes ?? null);
  };
  const [sizes, system, packed, { memoryBytes }] = await Promise.all([
    installs(task) ? orNull(admin.sizes?.(task, soon)) : null,
    orNull(sandbox.systemCost(soon)),
    isImageHere ? null : orNull(imageBytes()),
    computer.look(signal),
  ]);
  return {
    engine: sandbox.engine,
    install: installs(task) ? { sizes } : null,
    system: system ?? { is: 'none' },
    isImageHere,
    imageBytes: packed,
    homeMemoryBytes: memoryFor(memoryBytes),
  };
}

/** Looks at what is there already and says what would change. */
export async function plan(doors: Doors, signal: AbortSignal): Promise<Plan> {
  const { sharedFolder: folder, startAtLogin } = doors.store.choices();
  const engine = await doors.sandbox.probe(signal);
  const task = adminTaskFor(doors.sandbox.engine, engine);
  const made = doors.store.receipts().sandbox;
  const [commands, realFolder, image, host] = await Promise.all([
    task ? doors.admin.commands(task) : [],
    doors.computer.realPath(folder),
    made && engine.is === 'ready' ? doors.sandbox.findImage(made.version, signal) : null,
    doors.hostOpenClaw.look(signal),
  ]);
  return planFrom({
    task,
    commands,
    folder: doors.sandbox.shares === 'nothing' ? null : folder,
    isFolderThere: realFolder !== null,
    sizes: await gatherSizes(doors, task, image !== null, signal),
    startAtLogin,
    onComputer: host.is === 'seen' ? host.homes : [],
  });
}

/** The folders that a removal speaks of; `kept`: with files that were moved out of OpenClaw's reach. */
export interface RemovalFolders {
  readonly shared: string;
  readonly backups: string;
  readonly kept: readonly string[];
  /** Folders of an OpenClaw that moved in from the computer itself, where they rest. */
  readonly resting: readonly string[];
}

/** What removing takes away and what it leaves, with OpenClaw's memories or without; pure. */
export function removalFrom({ shared, backups, kept, resting }: RemovalFolders, keepData: boolean): Removal {
  const data: Removal['goes'] = [
    { code: 'memories', facts: {} },
    { code: 'backups', facts: { path: backups } },
  ];
  return {
    goes: [
      { code: 'home', facts: {} },
      { code: 'packages', facts: {} },
      { code: 'keys', facts: {} },
      { code: 'own-settings', facts: {} },
      ...(keepData ? [] : data),
    ],
    stays: [
      ...(keepData ? data : []),
      { code: 'shared-folder', facts: { path: shared } },
      ...kept.map((path) => ({ code: 'kept-files' as const, facts: { path } })),
      ...resting.map((path) => ({ code: 'old-openclaw' as const, facts: { path } })),
      { code: 'engine', facts: {} },
    ],
  };
}
