/**
 * A computer in memory: everything that is still there when ClawCove is killed
 * and started again. Tests set it up, let ClawCove loose on it and look at it.
 */
import type { AppAbility, AppRelease, AppStanding } from '../app-update/release.ts';
import type { Note } from '../backup/catalogue.ts';
import type { Label } from '../backup/parcel.ts';
import type { BackupId, Choices, Computer, EngineName, ProblemCode } from '../contract.ts';
import type { Consent, KnownFolders, Power, Receipts } from '../doors.ts';
import { noReceipts } from '../host/store.ts';
import type { PowersSeen } from '../host-powers.ts';
import type { PrivateFile, PrivateSearch } from '../private-data/found.ts';
import type { Mended } from '../sandbox/distro/machine.ts';
import type {
  EngineState,
  FetchedImage,
  HomeSpec,
  Inspection,
  MadeBy,
  Observation,
  OwnSystem,
  StateCopy,
  SystemCost,
} from '../sandbox/sandbox.ts';
import { noUpdates, type Updates } from '../update/journal.ts';
import { nothingOnComputer, type OnComputer } from './host-openclaw.ts';

const GiB = 1024 ** 3;

/** OpenClaw's memories and settings, on the home's own volume. */
export interface StateVolume {
  /** null: there is no openclaw.json. */
  config: {
    isValid: boolean;
    isHardened: boolean;
    port: number;
    model: string;
    /** Whatever else stands in it. */
    more?: unknown;
  } | null;
  hasLastGood: boolean;
  /** The newest version that has touched it: older ones refuse it. */
  version: string;
  owner: 'agent' | 'root';
  memories: string[];
}

/** The home, as the engine keeps it. */
export interface Home {
  readonly spec: HomeSpec;
  readonly imageDigest: string;
  /** The secrets' contents when it was created: what it will see until it is created anew. */
  readonly secrets: ReadonlyMap<string, string>;
  isRunning: boolean;
  startedAt: number | null;
  /** The same on the clock that nobody sets, see {@link elapsed}. */
  upSince: number;
  exitCode: number | null;
  /** What a stranger's hand has changed about it, as inspection and observation would show it. */
  tampered: Partial<Extract<Inspection, { is: 'present' }>>;
  seen: Partial<Extract<Observation, { is: 'seen' }>>;
  /** Stands in for the whole observation. */
  observation: Observation | null;
  /** Near addresses that its fence lets through although nobody asked for it. */
  readonly holes: Set<string>;
}

/** Something that was added to OpenClaw. */
export interface AddedSkill {
  readonly kind: 'skill' | 'plugin';
  readonly name: string;
  readonly path: string;
  readonly keys: readonly string[];
  hash: string;
  isOn: boolean;
}

/** What belongs to one engine and to no other. */
export interface EngineParts {
  engineName: EngineName;
  engine: EngineState;
  images: Map<string, FetchedImage>;
  secrets: Map<string, string>;
  state: StateVolume | null;
  home: Home | null;
  isForeign: boolean;
  autostart: boolean;
  /** Copies of the state, with the OpenClaw they belong to. */
  copies: Map<StateCopy, { of: MadeBy; state: StateVolume }>;
  rehearsal: { spec: HomeSpec; isRunning: boolean; upSince: number } | null;
  /** An earlier gateway's lease on the state: nobody starts before. */
  leaseUntil: number;
}

/** Everything that is outside ClawCove. */
export interface Machine extends EngineParts {
  /** The engines beside the first one. */
  others: EngineParts[];
  now: number;
  /** By how much the person's clock was set (ms); add it to `now` as well. */
  moved: number;
  zone: string;
  power: Power;
  isMetered: boolean | null;
  /** What OpenClaw says of its own work; null: it can't be asked. */
  isAgentBusy: boolean | null;
  /** What its makers say of versions; null: there is no such file. */
  changelog: string | null;
  /** What the engine's state becomes when an administrator does a task. */
  afterTask: Partial<Record<string, EngineState>>;
  adminCommands: string[];
  consent: Consent;
  /** By how much the clock of the home's own system is ahead (ms); null: it has none. */
  clockAhead: number | null;
  ownSystem: OwnSystem;
  systemCost: SystemCost;
  /** What becomes of the home's machine when it is mended. */
  mended: Mended;
  /** Versions that the image source offers; null: it can't be reached. */
  offered: string[] | null;
  /** What the images behind tags call themselves; the others by their tag, and `latest` not at all. */
  selfNames: Map<string, string>;
  /**
   * What npm says to who asks it in the home: its dist-tags, and versions with the words they were
   * deprecated with; null: it can't be asked.
   */
  npm: { tags: Record<string, string>; versions: Record<string, string | null> } | null;
  /** Versions that are offered for other kinds of processor only. */
  forOthers: Set<string>;
  /** When the source says that versions were made (ms since 1970). */
  published: Map<string, number>;
  /** When images say that they were made (ms since 1970), by their reference; null: they don't. The others: {@link madeLately}. */
  imageDates: Map<string, number | null>;
  /** Programs that get through when they are run inside as an attempt to break out. */
  escapes: Set<string>;
  /** Lines that homes have printed. */
  printed: string[];
  /** Versions that end as soon as they are started on the real state, whatever the rehearsal showed. */
  duds: Set<string>;
  /** Versions that don't work in a rehearsal either. */
  alsoInRehearsal: boolean;
  /** Versions that start and never get ready. */
  neverReady: Set<string>;
  /** Versions that end by themselves after so many ms. */
  crashAfter: Map<string, number>;
  /** Versions that call themselves unwell. */
  unwell: Set<string>;
  /** What versions say that they need of Node; the others: what their image has. */
  needs: Map<string, string>;
  /** What was added to OpenClaw, as the walk through the home tells of it; null: nobody can look. */
  skills: AddedSkill[] | null;
  /** OpenClaw may change its skills by itself; what it is held to says otherwise. */
  changesItself: boolean;
  /** OpenClaw follows its settings while it runs. */
  reloads: boolean;
  /** Warnings of the audit, whatever the version. */
  warnings: string[];
  /** Critical findings of the audit by version; it mends what begins with `fs.`, our settings what begins with `gateway.`. */
  critical: Map<string, string[]>;
  /** Until then other programs leave OpenClaw no time: whoever starts loses its own lease. */
  busyUntil: number;
  /** From start to ready (ms); more than anybody waits for is "never". */
  startTakes: number;
  isDiskFull: boolean;
  /** How long the files of the state say that they are (bytes). */
  stateBytes: number;
  /** Archive files by their path. */
  archives: Map<string, StateVolume>;
  notes: Map<BackupId, Note>;
  /** Files that carry backups to other computers, by their path. */
  parcels: Map<string, { label: Label; archive: StateVolume }>;
  updates: Updates;
  choices: Choices;
  receipts: Receipts;
  vault: string | null;
  /** What the person agreed to, as settings/agreed.ts writes it. */
  agreedSettings: string | null;
  computer: Computer;
  freeDisk: number;
  isAdministrator: boolean;
  addresses: string[];
  /** The IPv4 addresses of names. */
  names: Map<string, string[]>;
  /** Whether homes reach what is far away. */
  isOnline: boolean;
  /** What they say who come to where ClawCove listens. */
  heard: string[];
  routers: string[];
  /** `address:port` of others who accept connections. */
  neighbours: Set<string>;
  /** Addresses of this computer that are listened on for a while. */
  listened: string[];
  /** Words of the file that nobody else may read; null: there is none. */
  bait: string | null;
  /** Addresses apart from loopback where the gateway's port accepts connections. */
  openAddresses: Set<string>;
  /** Other programs that listen on ports of this computer. */
  squatters: Map<number, string>;
  folders: Set<string>;
  links: Map<string, string>;
  known: KnownFolders;
  startsAtLogin: boolean;
  /** What the person picks in the system's own dialogs; null: they close them. */
  picked: string | null;
  /** Safety reports by where they were saved, as JSON. */
  reports: Map<string, string>;
  /** Files with private data where OpenClaw reaches. */
  privateFiles: PrivateFile[];
  /** The same where it doesn't, by their path. */
  keptFiles: Map<string, PrivateFile>;
  /** How far a search for them comes. */
  search: Pick<PrivateSearch, 'looked' | 'unreadable' | 'isWhole' | 'shut'>;
  /** What was opened on the person's desktop. */
  opened: string[];
  powers: PowersSeen;
  appAbility: AppAbility;
  /** What ClawCove's makers offer of itself; a problem: why they can't be asked, or aren't believed. */
  appOffered: AppRelease | ProblemCode;
  appStanding: AppStanding;
  /** Why what is downloaded of ClawCove itself is no good; null: it is. */
  appDamage: ProblemCode | null;
  onComputer: OnComputer;
  /** ClawCove was asked to start anew. */
  startsAnew: boolean;
}

/** The ClawCove that runs in tests. */
export const appVersion = '1.2.3';
export const testPort = 18789;
/** Where ClawCove listens first; the next time it does so beside that, one further. */
export const listenerPort = 40_000;
export const sharedFolder = '/home/ada/OpenClaw';

export const freshChoices: Choices = {
  engine: 'Podman',
  otherComputer: null,
  isDedicated: false,
  language: 'en',
  appearance: 'system',
  startAtLogin: true,
  model: { provider: 'later' },
  port: testPort,
  sharedFolder,
  agreed: false,
  movedIn: false,
  stopped: false,
  nearbyServices: [],
  channel: 'stable',
  automaticUpdates: true,
  updateHour: 3,
  postponedUntil: null,
};

/** Milliseconds on the clock that nobody sets. */
export const elapsed = ({ now, moved }: Machine): number => now - moved;

/** Sets the person's clock by so many ms. */
export function moveClock(machine: Machine, ms: number): void {
  machine.now += ms;
  machine.moved += ms;
}

/** The image of a version, with a digest that tells versions apart. */
export function imageOf(version: string): FetchedImage {
  const digest = `sha256:${Buffer.from(version).toString('hex').padEnd(64, '0')}`;
  return { reference: `example.org/openclaw@${digest}`, digest, version, sizeBytes: 1_000_000 };
}

/** When an image was made of which a test says nothing. */
export const madeLately: number = Date.UTC(2026, 10, 15);

/** An engine as it comes: nothing of ours is in it. */
export function freshEngine(engineName: EngineName): EngineParts {
  return {
    engineName,
    engine: { is: 'ready', version: '4.3.1', limits: 'enforced' },
    images: new Map(),
    secrets: new Map(),
    state: null,
    home: null,
    isForeign: false,
    autostart: false,
    copies: new Map(),
    rehearsal: null,
    leaseUntil: 0,
  };
}

/** The same computer, as somebody sees it who knows one engine only. */
export function withEngine(machine: Machine, parts: EngineParts): Machine {
  return new Proxy(machine, {
    get: (target, key) => Reflect.get(key in parts ? parts : target, key),
    set: (target, key, value) => Reflect.set(key in parts ? parts : target, key, value),
  });
}

/** Each engine's view of a computer, the first one's first. */
export const viewsOf = (machine: Machine): Machine[] => [
  machine,
  ...machine.others.map((parts) => withEngine(machine, parts)),
];

/** A computer as it comes: the engine is there, nothing of ours is. */
export function createMachine(change: Partial<Machine> = {}): Machine {
  return {
    now: Date.UTC(2026, 10, 22, 12),
    moved: 0,
    zone: 'Europe/Berlin',
    power: { is: 'mains' },
    isMetered: null,
    isAgentBusy: false,
    changelog: null,
    ...freshEngine('Podman'),
    others: [],
    afterTask: {},
    adminCommands: ['apt-get install podman'],
    consent: { is: 'done' },
    clockAhead: null,
    ownSystem: { is: 'none' },
    systemCost: { is: 'none' },
    mended: { is: 'as-it-was' },
    offered: ['0.0.1', '2026.7.35', '2026.9.5', '2026.9.6', '2026.10.1-beta.1', 'latest'],
    selfNames: new Map(),
    npm: null,
    forOthers: new Set(),
    published: new Map(),
    imageDates: new Map(),
    escapes: new Set(),
    printed: [],
    duds: new Set(),
    alsoInRehearsal: false,
    neverReady: new Set(),
    crashAfter: new Map(),
    unwell: new Set(),
    needs: new Map(),
    skills: [],
    changesItself: false,
    reloads: true,
    warnings: [],
    critical: new Map(),
    busyUntil: 0,
    startTakes: 15_000,
    isDiskFull: false,
    stateBytes: 17_000_000,
    archives: new Map(),
    parcels: new Map(),
    notes: new Map(),
    updates: noUpdates,
    choices: { ...freshChoices, engine: change.engineName ?? freshChoices.engine },
    receipts: noReceipts,
    vault: null,
    agreedSettings: null,
    computer: {
      systemName: 'Debian GNU/Linux 12',
      processor: 'Test',
      cores: 4,
      memoryBytes: 8 * GiB,
      freeDiskBytes: 100 * GiB,
      virtualization: true,
    },
    freeDisk: 100 * GiB,
    isAdministrator: false,
    addresses: ['192.168.1.20', 'fe80::1%eth0'],
    names: new Map(),
    isOnline: true,
    heard: [],
    routers: ['192.168.1.1'],
    neighbours: new Set(),
    listened: [],
    bait: null,
    openAddresses: new Set(),
    squatters: new Map(),
    folders: new Set(['/home/ada', '/home/ada/Documents', '/home/ada/Dropbox', '/home/ada/.ssh']),
    links: new Map(),
    known: {
      home: '/home/ada',
      personal: ['/home/ada/Desktop', '/home/ada/Documents', '/home/ada/Downloads'],
      synced: ['/home/ada/Dropbox'],
      secrets: ['/home/ada/.ssh'],
    },
    startsAtLogin: false,
    picked: null,
    reports: new Map(),
    privateFiles: [],
    keptFiles: new Map(),
    search: { looked: 12, unreadable: 0, isWhole: true, shut: [] },
    opened: [],
    powers: { accessibility: { is: 'none-here' }, screen: { is: 'none-here' }, node: { is: 'off' } },
    appAbility: { is: 'able' },
    appOffered: { version: appVersion, isOurTurn: true, safeFrom: null },
    appStanding: { is: 'none' },
    appDamage: null,
    startsAnew: false,
    onComputer: nothingOnComputer(),
    ...change,
  };
}
