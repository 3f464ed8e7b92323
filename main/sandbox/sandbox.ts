/**
 * What ClawCove asks of any isolation engine, and the one normal form in which
 * every engine answers. Nothing here knows which engine or system it is.
 *
 * Whatever a sandbox prints or stores is hostile input: sizes are bounded by
 * the driver, names that carry it start with `untrusted`, and it is parsed
 * before use.
 */

import type { EngineName } from '../contract.ts';
import type { MachineFault, Mended } from './distro/machine.ts';

/** Whether the engine can carry a home; each case has its own sentence and its own way out. */
export type EngineState =
  | {
      readonly is: 'ready';
      readonly version: string;
      readonly limits: 'enforced' | 'not-enforced';
      /** What the person should know of an engine of this kind; nothing where it is left out. */
      readonly notes?: readonly EngineNote[];
    }
  | { readonly is: 'absent' }
  /** It is installed and doesn't run. */
  | { readonly is: 'asleep' }
  /**
   * It runs for administrators, and this person may not ask it for anything. Letting them in would give them,
   * and each of their programs, the whole computer: ClawCove never does that.
   */
  | { readonly is: 'not-allowed' }
  | { readonly is: 'too-old'; readonly version: string; readonly needs: string }
  /** No range of subordinate ids for this person: rootless containers can't keep users apart. */
  | { readonly is: 'no-subordinate-ids'; readonly version: string; readonly user: string }
  /** This system mixes both kinds of cgroup and has no OCI runtime that accepts that. */
  | { readonly is: 'no-runtime-for-cgroups'; readonly version: string }
  /** Nothing here can build a {@link Fence}: what is there can be looked at and stopped, and nothing is started. */
  | { readonly is: 'no-fence'; readonly version: string }
  /** No virtual machine can run here. */
  | { readonly is: 'no-virtualization'; readonly why: NoVirtualization }
  /** The system itself is from before what the engine needs. */
  | { readonly is: 'system-too-old'; readonly system: string; readonly needs: string }
  /** This ClawCove, and the engine in it, were made for another kind of processor. */
  | { readonly is: 'wrong-processor' }
  /** The engine ships inside ClawCove, and isn't there. */
  | { readonly is: 'incomplete' }
  /** Not enough free disk to make a machine in the first place. */
  | { readonly is: 'no-room'; readonly freeBytes: number; readonly neededBytes: number }
  /** A part of the system that the engine stands on is not turned on. */
  | { readonly is: 'feature-missing' }
  /** Everything is installed, and counts once the computer has started anew. */
  | { readonly is: 'restart-needed' }
  /** Whoever looks after this computer, or a program that guards it, doesn't allow the engine. */
  | { readonly is: 'blocked'; readonly by: 'policy' | 'guard' }
  /** Another computer is to carry the home, and something has to be said or allowed first. */
  | { readonly is: 'not-prepared'; readonly lacks: Unprepared }
  /** The other computer doesn't answer: switched off, or elsewhere. Nothing can be told of what is there. */
  | { readonly is: 'unreachable'; readonly host: string }
  /** Whoever answers in its place shows another key than the one that the person has confirmed. */
  | { readonly is: 'other-key'; readonly host: string }
  | { readonly is: 'unsuited'; readonly why: Unsuited }
  /** It has lost what holds it together, and can get it back: see {@link Sandbox.unstick}. */
  | { readonly is: 'stuck'; readonly detail: string }
  /** The machine that the home is in runs and answers nobody; it can be ended and started anew: see {@link Sandbox.unstick}. */
  | { readonly is: 'no-answer'; readonly detail: string }
  | { readonly is: 'broken'; readonly detail: string };

/** `name`: the person hasn't said which; `key`: hasn't confirmed its key; `way-in`: it doesn't let us in; `word`: hasn't said that it is there for nothing else. */
export type Unprepared = 'name' | 'key' | 'way-in' | 'word';

/** What keeps another computer from carrying a home: an old or strange system, another kind of processor, too little memory. */
export type Unsuited = 'system' | 'processor' | 'memory';

/**
 * Why there is no virtualization.
 *
 * - `switched-off`: in the computer's firmware, where only a person can turn it on.
 * - `missing`: this processor, or the virtual machine that this computer itself is, has none to give.
 * - `off-or-missing`: one of the two, and the system doesn't tell which.
 * - `not-started`: the system was told not to start its own part of it.
 * - `not-allowed`: it isn't for this person's account.
 * - `not-this-copy`: the system doesn't let this copy of the engine have it: its signature has lost that.
 * - `does-not-work`: it was promised, and a machine made no progress with it (a "software KVM" and the like).
 */
export type NoVirtualization =
  | 'switched-off'
  | 'missing'
  | 'off-or-missing'
  | 'not-started'
  | 'not-allowed'
  | 'not-this-copy'
  | 'does-not-work';

/**
 * `engine-controls-computer`: whoever may ask it for containers, this person's every program too, can get hold
 * of the whole computer through it. `engine-shares-users`: users in its containers are this computer's own;
 * what gets out of a home is a user of this computer, though not an administrator. `computer-lived-in`: the other
 * computer shows signs that somebody lives with it.
 */
export type EngineNote = 'engine-controls-computer' | 'engine-shares-users' | 'computer-lived-in';

/**
 * What a home reaches of what is near: of home and office networks, of this computer, of a
 * provider's own services. Nothing but what is allowed here. Addresses are IPv4.
 */
export interface Fence {
  /** Addresses of this computer that don't look near: they are refused as well. */
  readonly refused: readonly string[];
  /** Single services that are reached all the same, by TCP. */
  readonly allowed: readonly { readonly address: string; readonly port: number }[];
}

/** A home as it should be. The driver adds what makes it hard; nobody can ask it to be soft. */
export interface HomeSpec {
  /** Image reference with the digest it was verified by: `name@sha256:…`. */
  readonly image: string;
  /** OpenClaw's version in that image. */
  readonly version: string;
  /** Gateway port, the same inside and on 127.0.0.1 outside. */
  readonly port: number;
  /** Absolute path of the one shared folder on this computer. */
  readonly sharedFolder: string;
  readonly memoryBytes: number;
  readonly cpus: number;
  readonly pids: number;
  /** What runs inside, and its environment (no secrets here: it can be seen from outside). */
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Secrets by id, see {@link SecretId}. */
  readonly secrets: readonly SecretId[];
  /** Extra CA certificates (PEM) of this computer, so that TLS works where the network intercepts it. */
  readonly certificates: string | null;
  /** Around its network, from before anything of it runs until it ends. */
  readonly fence: Fence;
}

/** `gateway`: a JSON file `{"token": …}`; `model-key`: the environment variable of the provider. */
export type SecretId =
  | { readonly id: 'gateway'; readonly as: 'file' }
  | { readonly id: 'model-key'; readonly as: 'environment'; readonly name: string };

/** Where things are inside every home, on every engine. */
export interface Inside {
  /** The agent's home directory. */
  readonly home: string;
  /** OpenClaw's state directory, on the home's own volume. */
  readonly state: string;
  /** The shared folder. */
  readonly shared: string;
  /** File of the `gateway` secret. */
  readonly gatewaySecret: string;
  /** IPv4 addresses by which engines of this kind let a home reach its computer. */
  readonly computer: readonly string[];
}

export interface Mount {
  /** Host path for a bind mount, volume name for a volume, empty for the rest. */
  readonly source: string;
  readonly target: string;
  readonly kind: 'bind' | 'volume' | 'tmpfs' | 'other';
  readonly writable: boolean;
}

export interface PublishedPort {
  /** Address on this computer; `0.0.0.0` when the engine says "every address". */
  readonly address: string;
  readonly port: number;
  readonly insidePort: number;
}

/**
 * Why a home that is there can't be used: what is wrong with the machine that it is in. It may have its port all the
 * same. What is the engine's to bring back it says itself, too: see {@link EngineState}, `no-answer` and `no-virtualization`.
 */
export interface HomeFault {
  readonly why: MachineFault;
  readonly detail: string;
}

/** What a system of the home's own takes of this computer beside OpenClaw (bytes). */
export type SystemCost =
  | { readonly is: 'none' }
  | {
      readonly is: 'own';
      /** 0: it is here already; null: nobody says. */
      readonly downloadBytes: number | null;
      readonly memoryBytes: number;
      /** How large its disk may grow. */
      readonly mostDiskBytes: number;
    };

/** The system that a home has of its own, apart from this computer's, and its security fixes. Moments in ms since 1970. */
export type OwnSystem =
  /** It lives in this computer's, which is the person's to keep up to date. */
  | { readonly is: 'none' }
  /** It isn't running, so nothing can be asked. */
  | { readonly is: 'resting' }
  | { readonly is: 'unreadable'; readonly detail: string }
  | {
      readonly is: 'seen';
      /** As it calls itself, e.g. `Debian GNU/Linux 12 (bookworm)`. */
      readonly untrustedName: string;
      /** Whether everything is set and running that brings the fixes by itself. */
      readonly isAutomatic: boolean;
      /** When it last asked for fixes and was answered, and when it last had all of them; null: never yet. */
      readonly askedAt: number | null;
      readonly fixedAt: number | null;
      /** Since when it waits to be started anew for fixes to count; null: it doesn't. */
      readonly restartSince: number | null;
      /** Since when it runs. */
      readonly upSince: number;
    };

/** What the engine says about the home, in the normal form of all engines. */
export type Inspection =
  | { readonly is: 'missing' }
  /** Something else has the name. */
  | { readonly is: 'foreign'; readonly name: string }
  | {
      readonly is: 'present';
      readonly state: 'running' | 'stopped';
      /** Exit code of the last run; null while running or never started. */
      readonly exitCode: number | null;
      /** When it started, ms since 1970; null when not running. */
      readonly startedAt: number | null;
      /** How often the engine has started it again by itself since somebody last started it. */
      readonly restarts: number;
      readonly image: string;
      readonly imageDigest: string;
      readonly version: string;
      readonly user: string;
      readonly privileged: boolean;
      /** Every capability within its reach, not only those somebody added; a hardened home has none. */
      readonly addedCapabilities: readonly string[];
      readonly noNewPrivileges: boolean;
      readonly readOnlyRoot: boolean;
      /** Namespaces shared with this computer, e.g. `network`, `pid`. */
      readonly hostNamespaces: readonly string[];
      readonly mounts: readonly Mount[];
      readonly ports: readonly PublishedPort[];
      readonly limits: { readonly memoryBytes: number; readonly pids: number; readonly cpus: number };
      /** Names of the secrets it was given. */
      readonly secrets: readonly string[];
      readonly hostname: string;
      readonly command: readonly string[];
      /** Left out where nothing is wrong. */
      readonly fault?: HomeFault;
    };

/** What can be *observed* of the gateway's process from outside the sandbox. */
export type Observation =
  | { readonly is: 'not-running' }
  | { readonly is: 'unreadable'; readonly detail: string }
  | {
      readonly is: 'seen';
      /** The gateway's own process, not its init. */
      readonly process: string;
      /** Real uid inside the sandbox, and what it is on this computer. */
      readonly uid: number;
      readonly hostUid: number;
      readonly groups: readonly number[];
      /** Effective and bounding capabilities as bit masks. */
      readonly effectiveCapabilities: bigint;
      readonly boundingCapabilities: bigint;
      readonly noNewPrivileges: boolean;
      /** 0 off, 1 strict, 2 filter: the kernel's numbers. */
      readonly seccomp: number;
      readonly rootWritable: boolean;
      /** Which kinds of namespace differ from those of this computer, as the kernel names them (`net`, `mnt` …). */
      readonly ownNamespaces: readonly string[];
      /** Bytes/count in force by the kernel; null when it enforces none. */
      readonly memoryLimit: number | null;
      readonly pidsLimit: number | null;
      /** Per-process limits that stand in where the kernel enforces no group limit. */
      readonly processLimits: {
        readonly processes: number | null;
        /** Private memory that one process may have, used or reserved. */
        readonly dataBytes: number | null;
      };
      /** Mount points whose contents come from this computer's files. */
      readonly hostMounts: readonly { readonly target: string; readonly writable: boolean }[];
      /** Devices of this computer that were let in, apart from those that every program has. */
      readonly hostDevices: readonly string[];
      /** Paths of engine sockets found inside; there must be none. */
      readonly engineSockets: readonly string[];
      /** Ways to become root found inside: sudo and the like; set-user-id programs where the kernel heeds that bit. */
      readonly rootDoors: readonly string[];
      /** Around a home in a machine whose process can be looked at: what holds that process in, and what should and doesn't. */
      readonly machine?: { readonly confined: readonly string[]; readonly unconfined: readonly string[] };
    };

/** A process in the home, found by its arguments. */
export interface MarkedProcess {
  /** What it may do counts as: its effective uid inside the home. */
  readonly uid: number;
  readonly effectiveCapabilities: bigint;
}

/** The result of a command inside. Output is bounded, undecoded bytes are replaced. */
export interface ExecResult {
  readonly exitCode: number;
  readonly untrustedOut: string;
  readonly untrustedErr: string;
  readonly truncated: boolean;
}

export interface ExecOptions {
  readonly input?: string;
  readonly timeoutMs: number;
  /** Default 1 MiB for each stream. */
  readonly maxBytes?: number;
  readonly signal: AbortSignal;
}

/**
 * Copies of the state beside it. Each is whole or not there at all, whatever is killed:
 * `before` an update or a restore; what was the state until another took its place (`aside`);
 * what comes out of an archive (`incoming`) or goes into one (`outgoing`); and what
 * somebody tries something out on (`rehearsal`).
 */
export type StateCopy = 'before' | 'aside' | 'incoming' | 'outgoing' | 'rehearsal';

/** Which OpenClaw a state belongs to: older ones refuse it. */
export interface MadeBy {
  /** `name@sha256:…` */
  readonly image: string;
  readonly version: string;
}

/** Reports of long work: bytes where they are known, lines for the log. */
export interface Report {
  readonly signal: AbortSignal;
  progress(done: number, of: number | null): void;
  log(line: string): void;
}

/** What an image source says about one of its tags; it was not verified. */
export interface Described {
  /** When it was made (ms since 1970); null: nobody says. */
  readonly createdAt: number | null;
  /** The version that it calls itself: what a moving tag stands for; null: nobody says. */
  readonly version: string | null;
  /** Which kind of processor it is for. */
  readonly processor: 'this-one' | 'others' | 'unknown';
  /** How much it is as it travels (bytes); left out: nobody says. */
  readonly downloadBytes?: number;
}

/** An image that lies verified on this computer. */
export interface FetchedImage {
  /** `name@sha256:…`: what a home is made from, so that a moved tag can't change it. */
  readonly reference: string;
  readonly digest: string;
  readonly version: string;
  readonly sizeBytes: number;
}

/**
 * One engine. Verbs are safe to repeat: what already is as asked returns
 * quietly. Every verb throws {@link ProblemError} with a code of its own for
 * what a person can understand (no network, disk full, port taken …).
 */
export interface Sandbox {
  readonly engine: EngineName;
  readonly inside: Inside;
  /** `nothing`: no folder of this computer is seen in there. Left out: {@link HomeSpec.sharedFolder} is. */
  readonly shares?: 'nothing';
  /** Only looks. */
  probe(signal: AbortSignal): Promise<EngineState>;
  /**
   * Gets an engine going again that is `stuck`, or gives `no-answer`, and answers with its state; the home has to be
   * made anew, around the same state, where it is missing then. Throws `engine-failed` when it stays stuck.
   */
  unstick(signal: AbortSignal): Promise<EngineState>;
  /**
   * Puts right what the home stands on, see {@link HomeFault}; quiet where nothing is wrong with that. The home rests
   * afterwards, or goes on.
   * @throws ProblemError where somebody else has to do something first (`no-room-on-disk`, one about the source …)
   */
  mend(report: Report): Promise<Mended>;
  /**
   * By how much the clock of the home's own system is ahead of this computer's (ms; a second or so is the asking's own
   * slowness); null: it has none of its own, or isn't running.
   */
  clockAhead(signal: AbortSignal): Promise<number | null>;
  /** Gives the home's own system this computer's time; quiet where {@link clockAhead} has nothing to tell. */
  setClock(signal: AbortSignal): Promise<void>;
  ownSystem(signal: AbortSignal): Promise<OwnSystem>;
  /** What a home's own system would take; nothing is fetched. */
  systemCost(signal: AbortSignal): Promise<SystemCost>;
  /**
   * Has the home's own system get its security fixes now, and by itself from now on; quiet where it has none. Where it
   * has to begin anew for them, the home rests afterwards.
   * @throws ProblemError `system-not-fixed` when it could not get them; `home-not-running`
   */
  fixOwnSystem(report: Report): Promise<void>;
  /** Version tags that the image source offers; unordered, untrusted text filtered to sane tags. */
  listVersions(signal: AbortSignal): Promise<string[]>;
  /** What the image source says about a version, or a tag like `latest`, without fetching it. */
  describeVersion(tag: string, signal: AbortSignal): Promise<Described>;
  /** The verified image of a version if it is on this computer already. */
  findImage(version: string, signal: AbortSignal): Promise<FetchedImage | null>;
  /** When the image with this reference, which lies here, was made (ms since 1970); null when it doesn't say or isn't here. */
  imageDate(reference: string, signal: AbortSignal): Promise<number | null>;
  /** Fetches and verifies the image of a version. */
  fetchImage(version: string, report: Report): Promise<FetchedImage>;
  /** Sets a secret; it travels over stdin. A running home sees it after {@link create}. */
  keepSecret(id: SecretId['id'], value: string, signal: AbortSignal): Promise<void>;
  hasSecret(id: SecretId['id'], signal: AbortSignal): Promise<boolean>;
  /** Runs one command in a passing sandbox around the home's state, behind the same fence; the home must be stopped. */
  once(
    spec: HomeSpec,
    argv: readonly string[],
    options: ExecOptions & { readonly network: boolean },
  ): Promise<ExecResult>;
  /**
   * Makes the home as asked, stopped. One of ours that differs is replaced around the same
   * state; somebody else's with our name is set aside, never deleted.
   */
  create(spec: HomeSpec, report: Report): Promise<void>;
  start(signal: AbortSignal): Promise<void>;
  stop(signal: AbortSignal): Promise<void>;
  /** `as-made`: as whoever the home was made to run as, which is the agent unless somebody else made it. */
  exec(as: 'agent' | 'root' | 'as-made', argv: readonly string[], options: ExecOptions): Promise<ExecResult>;
  /**
   * The home's processes whose arguments hold a mark, seen from outside; whatever the home itself prints.
   * Empty when there are none, or the home isn't running.
   */
  findMarked(mark: string, signal: AbortSignal): Promise<readonly MarkedProcess[]>;
  inspect(signal: AbortSignal): Promise<Inspection>;
  observe(signal: AbortSignal): Promise<Observation>;
  /**
   * Where the workspace of a running home, in which the agent keeps its own files, can be read from this
   * computer; null when it does not run, or the engine gives no such way. What lies there, links too, is the agent's.
   */
  workspaceFolder(signal: AbortSignal): Promise<string | null>;
  /** The last lines the home printed, bounded. */
  untrustedLog(lines: number, signal: AbortSignal): Promise<string>;
  /** Whether the home's state (memories, settings) is there, whatever became of the home. */
  hasState(signal: AbortSignal): Promise<boolean>;
  /**
   * Copies the state; an older copy of that kind is replaced. A home that runs is held still
   * meanwhile, for a minute at most: the copy is what a power cut at that moment would leave.
   */
  copyState(copy: StateCopy, of: MadeBy, report: Report): Promise<void>;
  /** To which OpenClaw a copy belongs; null: there is no such copy. */
  findCopy(copy: StateCopy, signal: AbortSignal): Promise<MadeBy | null>;
  /**
   * A copy becomes the state, and what was the state, of that OpenClaw, becomes the copy `aside`;
   * needs no room on the disk. The home must be stopped. Quiet when the copy is gone and `aside` is there: done already.
   */
  exchangeState(copy: 'before' | 'incoming', was: MadeBy, signal: AbortSignal): Promise<void>;
  /**
   * How long the files of a copy say that they are (bytes), holes and all: an archive of it is about
   * as long. Throws `state-gone` when there is no such copy.
   */
  sizeOfCopy(copy: StateCopy, signal: AbortSignal): Promise<number>;
  /** Writes a copy to one archive file, for this person's eyes only; an older file is replaced at the end. */
  saveCopy(copy: StateCopy, file: string, report: Report): Promise<void>;
  /** Unpacks an archive file. */
  loadCopy(copy: StateCopy, file: string, of: MadeBy, report: Report): Promise<void>;
  dropCopy(copy: StateCopy, signal: AbortSignal): Promise<void>;
  /**
   * Starts what the spec asks for on the copy `rehearsal`, apart from everything: no network, no
   * port, no shared folder. The home may run meanwhile. An older rehearsal is ended first; the copy
   * stays as that one left it.
   */
  startRehearsal(spec: HomeSpec, report: Report): Promise<void>;
  /** Runs a command in the rehearsal; throws `home-not-running` when that has ended. */
  inRehearsal(argv: readonly string[], options: ExecOptions): Promise<ExecResult>;
  /** Takes the rehearsal and its copy away and answers with the last lines it printed: untrusted, bounded. */
  endRehearsal(signal: AbortSignal): Promise<string>;
  /**
   * Puts right what a ClawCove that was killed left half done: downloads, rehearsals, half-made copies
   * and half-made homes go, an exchange that was broken off is undone, a home that is held still goes on.
   * The copies `before` and `aside` stay.
   */
  tidy(signal: AbortSignal): Promise<void>;
  /** Starts by itself after a restart of the computer, whether or not ClawCove runs. */
  setAutostart(on: boolean, signal: AbortSignal): Promise<void>;
  hasAutostart(signal: AbortSignal): Promise<boolean>;
  /** Frees the disk of OpenClaw images that nobody needs; `keep` are the versions that are needed. */
  dropSpareImages(keep: readonly string[], signal: AbortSignal): Promise<void>;
  /** Takes away everything of ours: home, secrets, images; the state only when told to. */
  destroy(what: { readonly state: boolean }, report: Report): Promise<void>;
}
