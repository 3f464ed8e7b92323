/** What setting up will do, and what removing would: gathered from facts, for the person to read. */
import type { AdminTaskId, EngineName, Plan, Removal } from '../contract.ts';
import type { Doors } from '../doors.ts';
import type { FoundHome } from '../moving-in/found.ts';
import type { EngineState, NoVirtualization } from '../sandbox/sandbox.ts';

const MB = 1_000_000;
/** Measured on OpenClaw 2026.9.6: the compressed image, and what it takes unpacked. */
const imageDownload = 420 * MB;
const imageOnDisk = 1_100 * MB;
/** Podman with what it needs on a desktop Debian, measured. */
const engineDownload = 60 * MB;
const engineOnDisk = 200 * MB;
/** A fresh state is 17 MB; conversations and caches grow. */
const stateOnDisk = 300 * MB;

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
  readonly isImageHere: boolean;
  readonly startAtLogin: boolean;
  /** OpenClaws on the computer itself. */
  readonly onComputer: readonly FoundHome[];
}

/** Pure. */
export function planFrom(facts: PlanFacts): Plan {
  const { task, folder } = facts;
  const installs = task === 'install-engine' || task === 'install-machine-engine';
  const only = facts.onComputer.length === 1 ? facts.onComputer[0] : undefined;
  return {
    changes: [
      ...(task ? [{ code: task, facts: {} }] : []),
      ...(facts.isImageHere ? [] : [{ code: 'download-openclaw' as const, facts: {} }]),
      ...(folder === null
        ? [{ code: 'share-nothing' as const, facts: {} }]
        : [{ code: facts.isFolderThere ? 'use-folder' : 'make-folder', facts: { path: folder } } as const]),
      { code: 'make-home', facts: {} },
      ...(only ? [{ code: 'move-in' as const, facts: { path: only.folder } }] : []),
      ...(facts.onComputer.length > 1 ? [{ code: 'move-one-in' as const, facts: {} }] : []),
      ...(facts.startAtLogin ? [{ code: 'start-at-login' as const, facts: {} }] : []),
    ],
    downloadBytes: (installs ? engineDownload : 0) + (facts.isImageHere ? 0 : imageDownload),
    diskBytes: (installs ? engineOnDisk : 0) + (facts.isImageHere ? 0 : imageOnDisk) + stateOnDisk,
    admin: task ? [{ id: task, commands: [...facts.commands] }] : [],
    movesIn: only?.profile ?? null,
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
    isImageHere: image !== null,
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
