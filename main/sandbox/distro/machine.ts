/**
 * A whole Linux system with systemd in which a home lives: a virtual machine, a distribution of WSL's, a
 * computer that is there for nothing else. An engine of this family gives no more than this; what is inside
 * (accounts, programs, the service, the fence, the state and its copies) is the same for all of them, see
 * home.ts.
 */
import type { EngineName } from '../../contract.ts';
import type { EngineState, ExecOptions, ExecResult, Fence, PublishedPort, Report } from '../sandbox.ts';

/** A machine as it should be. */
export interface MachineSpec {
  readonly memoryBytes: number;
  readonly cpus: number;
  /** Room for the system, OpenClaw's versions and its state with all copies. */
  readonly diskBytes: number;
  /** Gateway port, the same inside and on 127.0.0.1 outside. */
  readonly port: number;
  /** Absolute path of the one shared folder on this computer. */
  readonly sharedFolder: string;
  /** Around the machine as a whole, from outside it, where the engine can: root inside can't undo it. */
  readonly fence: Fence;
  /** Extra CA certificates (PEM) of this computer. */
  readonly certificates: string | null;
}

/** Why a machine that is there is of no use as it is; each has a sentence and a way to put it right. */
export type MachineFault =
  /** A disk of it, or what that stands on, isn't what it was. */
  | 'disk-damaged'
  | 'host-disk-full'
  /** It answers with another key than the one it was made with. */
  | 'host-key-changed'
  /** The processor's virtualization was promised and doesn't work (a "software KVM" and the like). */
  | 'no-virtualization'
  | 'gives-no-answer';

/** What became of what was on a machine's disks; whatever doesn't count any more is set aside, never deleted. */
export type Mended =
  | { readonly is: 'as-it-was' }
  /** They are what they were at that moment (ms since 1970). */
  | { readonly is: 'went-back'; readonly to: number }
  /** Nothing of them can be used, and there is no machine any more. */
  | { readonly is: 'gone' };

export type MachineState =
  | { readonly is: 'missing' }
  | { readonly is: 'foreign'; readonly name: string }
  | { readonly is: 'stopped' }
  | { readonly is: 'running'; readonly startedAt: number | null }
  | { readonly is: 'faulty'; readonly why: MachineFault; readonly detail: string };

/** What is seen of the machine from this computer. */
export interface MachineSeen {
  /** Account the machine's own process runs as; null where there is no such process (the machine is a computer). */
  readonly hostUid: number | null;
  readonly ports: readonly PublishedPort[];
  /** Host folders it can see. */
  readonly sharedFolders: readonly string[];
  /** In words of the engine's own: how the machine's process is confined, for the evidence. */
  readonly confinement: readonly string[];
  /** In the same words: what confines it where all is well, and doesn't; left out where the engine can't tell. */
  readonly unconfined?: readonly string[];
}

/** The system inside, as its administrator reaches it. Whatever comes out is untrusted. */
export interface Guest {
  /**
   * Runs a command as root, without input where none is given. Output is bounded as {@link ExecOptions} says. Whoever
   * gives up on a call may leave the command running inside.
   * @throws ProblemError `home-not-running` when the machine isn't there to ask, `engine-too-slow` when time is up;
   *   Cancelled
   */
  run(argv: readonly string[], options: ExecOptions): Promise<ExecResult>;
  /** The same, with a file of this computer as its standard input. */
  send(file: string, argv: readonly string[], report: Report): Promise<ExecResult>;
  /** The same, with its standard output written to a file of this computer, for this person's eyes only. */
  receive(argv: readonly string[], file: string, report: Report): Promise<ExecResult>;
}

/** One engine's machine. Verbs are safe to repeat; they throw ProblemErrors with codes a person can understand. */
export interface Machine {
  readonly engine: EngineName;
  readonly guest: Guest;
  /** Where the shared folder is inside: a mount, whose files belong to {@link agentId}. Without spaces and the like. */
  readonly sharedInside: string;
  /** `nothing`: {@link sharedInside} is a folder of the machine's own. Left out: it shows the one of this computer. */
  readonly shares?: 'nothing';
  /**
   * User number of the agent inside, and of its group: that of whoever the shared folder's files belong to inside, 1000
   * unless the engine can't help it. No account of the system's may have it, that of its administrator above all.
   */
  readonly agentId: number;
  /** IPv4 addresses by which a guest of this engine reaches its computer. */
  readonly computer: readonly string[];
  /** Only looks. */
  probe(signal: AbortSignal): Promise<EngineState>;
  /**
   * Gets an engine that is `stuck` going again, and ends a machine that `gives-no-answer` or whose virtualization
   * stopped working: politely where it listens, and then by force. What is on its disks stays.
   */
  unstick(signal: AbortSignal): Promise<EngineState>;
  state(signal: AbortSignal): Promise<MachineState>;
  /** How much would come for the system itself (bytes; 0: it is here); null: nobody says. Left out where nobody can be asked. */
  baseSize?(signal: AbortSignal): Promise<number | null>;
  /**
   * Makes it as asked, stopped, from a base that was verified by checksum (and signature where its makers sign).
   * One of ours that differs is changed around the same disks; one that is as asked is left as it is, running or not;
   * somebody else's is never touched.
   */
  create(spec: MachineSpec, report: Report): Promise<void>;
  /** Starts it and waits until {@link guest} answers. */
  start(report: Report): Promise<void>;
  /** Has it begin anew, and waits until {@link guest} answers. Left out where {@link stop} shuts it down. */
  restart?(signal: AbortSignal): Promise<void>;
  /** Shuts it down in order; by force after a while. */
  stop(signal: AbortSignal): Promise<void>;
  /**
   * Puts a `faulty` machine right as far as that goes without losing anything: what was written since its last stop in
   * good order is set aside where it can't be read any more, never deleted. Stopped afterwards, or running on.
   * @throws ProblemError where somebody else has to do something first
   */
  mend(report: Report): Promise<Mended>;
  /** Gives it this computer's time, after that has slept. */
  setClock(signal: AbortSignal): Promise<void>;
  see(signal: AbortSignal): Promise<MachineSeen>;
  /**
   * Where a folder of the system inside can be read from this computer as it is at that moment, itself or a copy; null
   * where the engine gives no such way. What lies there, links too, is the guest's.
   */
  folderFromOutside(pathInside: string, signal: AbortSignal): Promise<string | null>;
  /** The last lines its console printed, bounded. */
  untrustedLog(lines: number, signal: AbortSignal): Promise<string>;
  setAutostart(on: boolean, signal: AbortSignal): Promise<void>;
  hasAutostart(signal: AbortSignal): Promise<boolean>;
  /** Takes it away with all that is on its disks. */
  destroy(report: Report): Promise<void>;
}
