/**
 * The doors: everything outside ClawCove, as interfaces. The real ones are
 * built in host/doors.ts and handed in once; a test hands in others. Nothing
 * behind these types knows about safeguards.
 */

import type { AppAbility, AppRefusal, AppRelease, AppStanding } from './app-update/release.ts';
import type { Note as BackupNote } from './backup/catalogue.ts';
import type { Label } from './backup/parcel.ts';
import type {
  AdminTaskId,
  BackupId,
  Channel,
  Choices,
  Computer,
  Language,
  LifeSign,
  OtherComputer,
  Proof,
} from './contract.ts';
import type { PowersSeen, SettingsPage } from './host-powers.ts';
import type { HomeMove } from './moving-home/journal.ts';
import type { Cargo, HostFile, HostLook, Profile, Resting } from './moving-in/found.ts';
import type { HostMove } from './moving-in/journal.ts';
import type { SelfAudit } from './openclaw/audit.ts';
import type { NpmWord } from './openclaw/npm-word.ts';
import type { Releases } from './openclaw/releases.ts';
import type { PrivateSearch, SearchedPlace } from './private-data/found.ts';
import type { LeftFile } from './private-data/left.ts';
import type { TakenFile } from './private-data/taken.ts';
import type { Homes } from './sandbox/chosen.ts';
import type { HostKey } from './sandbox/device/host-key.ts';
import type { LetIn } from './sandbox/device/let-in.ts';
import type { Report, Sandbox } from './sandbox/sandbox.ts';
import type { NoAnswer } from './sandbox/ssh/arguments.ts';
import type { Updates } from './update/journal.ts';

export interface Clock {
  /** Now, in ms since 1970. It jumps: people and time servers set it. */
  now(): number;
  /** Milliseconds on a clock that nobody sets and that starts anywhere: for how long something takes. */
  monotonic(): number;
  /** The person's time zone, by its IANA name. */
  zone(): string;
  /** Waits; rejects with {@link Cancelled} when the signal fires first. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** A program and its arguments: an array, never a line for a shell. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly input?: string;
  /** A file of this computer as its standard input, in place of {@link input}. */
  readonly inputFile?: string;
  /** Its standard output goes into this file, which must not be there yet, for this person's eyes only; what is answered is empty then. */
  readonly outputFile?: string;
  /** How output is decoded, UTF-8 by default; `latin1`: each byte is one character, for who decodes them himself. */
  readonly encoding?: 'utf8' | 'latin1';
  readonly environment?: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  /** Bound of each stream, default 4 MiB; more is cut and said so. */
  readonly maxBytes?: number;
  readonly signal: AbortSignal;
  /** Called with every line of both streams as they come. */
  readonly onLine?: (line: string) => void;
}

export type Outcome =
  | {
      readonly is: 'exited';
      readonly code: number;
      readonly stdout: string;
      readonly stderr: string;
      readonly truncated: boolean;
    }
  | { readonly is: 'not-found' }
  | { readonly is: 'timed-out' }
  /** `by`: the signal; or the system's word for why it could not be started although it is there (`EMFILE`). */
  | { readonly is: 'killed'; readonly by: string };

/** Runs a command to its end; rejects only with {@link Cancelled}, and where a file that the command names can't be opened. */
export type Run = (command: Command) => Promise<Outcome>;

export type HttpAnswer =
  | {
      readonly is: 'answered';
      readonly status: number;
      readonly untrustedBody: string;
      /** Where the answer sends us instead; nobody is followed unless somebody decides so. */
      readonly untrustedLocation?: string;
    }
  | { readonly is: 'refused' }
  | { readonly is: 'timed-out' }
  | { readonly is: 'failed'; readonly detail: string };

/** Somebody who listens for a while, and only notes what those who come say. */
export interface Listener {
  readonly port: number;
  /** The first words of everybody who came; bounded. */
  untrustedHeard(): readonly string[];
  close(): Promise<void>;
}

export interface Net {
  /** GET without following redirects; the body is cut at 64 kB. */
  get(
    url: string,
    options: {
      readonly headers?: Readonly<Record<string, string>>;
      readonly timeoutMs: number;
      readonly signal: AbortSignal;
    },
  ): Promise<HttpAnswer>;
  /** Whether something accepts TCP connections there. */
  connect(
    address: string,
    port: number,
    options: { readonly timeoutMs: number; readonly signal: AbortSignal },
  ): Promise<'open' | 'refused' | 'timed-out' | 'unreachable'>;
  /** The IPv4 addresses of a name, or of an address itself; none when nobody knows it. */
  resolve(
    host: string,
    options: { readonly timeoutMs: number; readonly signal: AbortSignal },
  ): Promise<string[]>;
  /** Listens on a free TCP port of one of this computer's addresses; null where that can't be, or the person would be asked. */
  listen(address: string): Promise<Listener | null>;
}

/** The person's own folders that must never be shared, as they are called on this system. */
export interface KnownFolders {
  readonly home: string;
  /** Desktop, Documents, Downloads, … that exist on this computer. */
  readonly personal: readonly string[];
  /** Folders that something copies to other computers, and password managers' folders. */
  readonly synced: readonly string[];
  readonly secrets: readonly string[];
}

/** What this computer runs on; `share` of the battery is 0–1. */
export type Power =
  | { readonly is: 'mains' }
  | { readonly is: 'battery'; readonly share: number }
  | { readonly is: 'unknown' };

export interface HostComputer {
  look(signal: AbortSignal): Promise<Computer>;
  /** Every address of this computer but loopback ones, IPv4 and IPv6 (link-local with its zone). */
  addresses(): string[];
  /** IPv4 addresses of the routers that this computer's networks lead out through. */
  routers(): Promise<string[]>;
  /** Free bytes where `path` (or its nearest existing parent) lies. */
  freeDisk(path: string): Promise<number>;
  /** Bytes that programs could still get. */
  availableMemory(): Promise<number>;
  /** Where the engine keeps what it downloads; for {@link freeDisk}. */
  readonly dataFolder: string;
  power(): Promise<Power>;
  /** Whether its connection costs by the byte; null when the system doesn't tell. */
  isMetered(signal: AbortSignal): Promise<boolean | null>;
  isAdministrator(): boolean;
  knownFolders(): Promise<KnownFolders>;
  /** Resolves links; null when it does not exist. */
  realPath(path: string): Promise<string | null>;
  makeFolder(path: string): Promise<void>;
  /** Name of the program that listens on a TCP port of this computer, if it can be told. */
  portHolder(
    port: number,
    signal: AbortSignal,
  ): Promise<{ readonly program: string; readonly pid: number } | null>;
  /** Whether this port of 127.0.0.1 could be listened on now. */
  isPortFree(port: number): Promise<boolean>;
  /** CA certificates that were added to this computer, as PEM; null when there are none to carry. */
  extraCertificates(): Promise<string | null>;
  /** Proxy settings of this computer as environment variables; empty when there is none. */
  proxy(): Readonly<Record<string, string>>;
}

export type Consent =
  | { readonly is: 'done' }
  /** The person closed the system's prompt: an answer, not an error. */
  | { readonly is: 'dismissed' }
  /** The system refused: this account may not, or nobody could be asked. */
  | { readonly is: 'refused'; readonly detail: string }
  | { readonly is: 'failed'; readonly detail: string };

/** What installing something takes (bytes). */
export interface InstallSizes {
  readonly downloadBytes: number;
  readonly diskBytes: number;
}

export interface Admin {
  /** The exact commands that a task would run, for the person to read. Empty: this system isn't known. */
  commands(task: AdminTaskId): Promise<string[]>;
  /** What a task would take, as the system itself says; null: it doesn't. Left out where it can't be asked. Only looks. */
  sizes?(task: AdminTaskId, signal: AbortSignal): Promise<InstallSizes | null>;
  /** Shows the system's own prompt and runs the task. */
  run(
    task: AdminTaskId,
    options: { readonly signal: AbortSignal; readonly log: (line: string) => void },
  ): Promise<Consent>;
}

/** What we made, so that we can take it away again. */
export interface Receipts {
  readonly sandbox: { readonly image: string; readonly version: string; readonly madeAt: number } | null;
  readonly folderMade: string | null;
  readonly engineInstalled: boolean;
  /** What the image source last said is newest on a channel, when, and since when it has said so (ms since 1970). */
  readonly lastLook: {
    readonly channel: Channel;
    readonly newest: string | null;
    readonly at: number;
    readonly since: number;
  } | null;
  /** What npm last said of OpenClaw's versions; untrusted, parsed. */
  readonly npmWord: NpmWord | null;
  /**
   * What ClawCove's own makers last said is its newest version, when, and since when it has been
   * for this computer (ms since 1970; null: it is not its turn yet). `safeFrom`: versions before
   * that one have known holes.
   */
  readonly appLook: {
    readonly newest: string;
    readonly safeFrom: string | null;
    readonly at: number;
    readonly since: number | null;
  } | null;
  /** What was said since then and could not be trusted. */
  readonly appRefusal: { readonly why: AppRefusal; readonly at: number } | null;
  /** Files that were moved out of OpenClaw's reach, oldest first. */
  readonly takenFiles: readonly TakenFile[];
  /** Files with private data that the person said may stay. */
  readonly leftFiles: readonly LeftFile[];
  /**
   * Skills and plugins that the person approved: as they call themselves, by the SHA-256 (hex) of
   * everything in them, and when (ms since 1970).
   */
  readonly approvedSkills: readonly {
    readonly kind: 'skill' | 'plugin';
    readonly name: string;
    readonly hash: string;
    readonly at: number;
  }[];
  /** The last whole proof. */
  readonly proof: Proof | null;
  /**
   * Paths of OpenClaw's settings that were not as agreed when ClawCove's own work on the home began; null: no such work
   * is under way.
   */
  readonly strangeBeforeWork: readonly string[] | null;
  /** An OpenClaw of the computer itself that moves in, or did and can go back. */
  readonly hostMove: HostMove | null;
  /** A move from one engine's home to another's: under way, or done while the former one still rests. */
  readonly homeMove: HomeMove | null;
  /**
   * The home's disks had to go back to what they were at the moment `to` (null: nothing was left), which was found at the
   * moment `at` (ms since 1970); what is known from in between has not been put in yet. Null: nothing of the kind.
   */
  readonly wentBack: { readonly to: number | null; readonly at: number } | null;
}

/**
 * Choices, receipts and the journal of updates, written atomically; anything unreadable is set aside and
 * said in the log. Only what others last said, which is asked again anyway, is forgotten by itself.
 */
export interface Store {
  choices(): Choices;
  saveChoices(change: Partial<Choices>): Promise<void>;
  receipts(): Receipts;
  saveReceipts(change: Partial<Receipts>): Promise<void>;
  /** What is written down about updates; on disk before a save resolves, power cut or not. */
  updates(): Updates;
  saveUpdates(change: Partial<Updates>): Promise<void>;
  /** Removes these files and everything else in ClawCove's own folders; the backups only when told to. */
  clear(what: { readonly keepBackups: boolean }): Promise<void>;
  /** Where backups lie. */
  readonly backupFolder: string;
}

/** Archives of OpenClaw's state, each with a note beside it. What has no whole note is no backup. */
export interface Backups {
  /**
   * The notes of archives that are there and have the size they say; notes are untrusted text, parsed. Rejects where
   * the folder can't be read.
   */
  list(): Promise<{ readonly id: BackupId; readonly note: BackupNote }[]>;
  /** Where the archive of that name is, or will be. */
  fileOf(id: BackupId): string;
  /** Size (bytes) and SHA-256 (hex) of an archive that is there. */
  measure(id: BackupId, signal: AbortSignal): Promise<{ readonly bytes: number; readonly sha256: string }>;
  /** Writes the note: from then on the archive is a backup. */
  note(id: BackupId, note: BackupNote): Promise<void>;
  /**
   * Packs an archive into one file of the person's, see backup/parcel.ts: whole or not there at all,
   * for this person's eyes only. A file that is there is replaced at the end.
   * @throws ProblemError `archive-damaged`, `no-room-there`, `cannot-write-there`, `backup-gone`
   */
  pack(id: BackupId, label: Label, file: string, report: Report): Promise<void>;
  /**
   * Takes an archive out of such a file, which anybody may have made: it is there afterwards as it was
   * packed, still without a note, or not at all. Answers with what the file says of it.
   * @param room how long the archive may be (bytes)
   * @throws ProblemError `not-a-backup-file`, `backup-file-newer`, `backup-file-damaged`,
   *   `no-room-on-disk`, `cannot-read-there`
   */
  unpack(file: string, id: BackupId, room: number, report: Report): Promise<Label>;
  /** Removes archive and note; one that is gone is fine. */
  drop(id: BackupId): Promise<void>;
  /** Removes archives beside which no note lies: half made, or half removed. */
  sweep(): Promise<void>;
}

/** Secrets that ClawCove itself must be able to read again, for this person's eyes only. */
export interface Vault {
  /** null: there is none. One that can't be read is thrown: nobody knows then what it says. */
  read(id: VaultId): Promise<string | null>;
  write(id: VaultId, value: string): Promise<void>;
  forget(id: VaultId): Promise<void>;
}
/** `agreed-settings`: what the person agreed to (settings/agreed.ts), in which keys and passwords may stand. At most 1 MiB each. */
type VaultId = 'gateway-token' | 'agreed-settings';

/** A file that nobody but the person may read: who knows its words has read it. */
export interface Bait {
  /** Lays it among the person's own files, in place of one that was left; answers with its path. */
  lay(words: string): Promise<string>;
  /** Takes it away; quiet when there is none. */
  takeAway(): Promise<void>;
}

/** What ClawCove does on the person's desktop. */
export interface Desktop {
  /** Opens a page of the gateway in the person's browser; the secret never stands in an argument list. */
  openPage(url: string): Promise<void>;
  openFolder(path: string): Promise<void>;
  openLog(): Promise<void>;
  /** A page of the system's own settings. @throws ProblemError `cannot-open` where it has none */
  openSettings(language: Language, page: SettingsPage): Promise<void>;
  /** The system's own folder dialog; null when the person closes it. */
  chooseFolder(language: Language): Promise<string | null>;
  /** The system's own dialog for where to save a copy of a backup of that day (`2026-11-22`); null when the person closes it. */
  chooseCopyPlace(language: Language, day: string): Promise<string | null>;
  /** The system's own dialog for which file to bring in; null when the person closes it. */
  chooseCopy(language: Language): Promise<string | null>;
  /** The system's own dialog for where to save the safety report of that day; null when the person closes it. */
  chooseReportPlace(language: Language, day: string): Promise<string | null>;
  /**
   * Writes the safety report, for this person's eyes only, and opens it: the JSON where the name ends in that, else a PDF
   * of what is so now. A file that is there is replaced at the end.
   * @throws ProblemError `no-room-there`, `cannot-write-there`
   */
  keepReport(language: Language, file: string, json: string): Promise<void>;
  /** ClawCove itself at login, in the tray. */
  setStartAtLogin(on: boolean): Promise<void>;
}

/** ClawCove's own updates: what its makers offer, and the way from it to the next start. */
export interface AppUpdates {
  /** The version that runs. */
  readonly version: string;
  /** Whether it can be brought up to date from here. */
  ability(): AppAbility;
  /**
   * Asks what is newest.
   *
   * @throws ProblemError when nobody could be asked, or the answer can't be trusted (an {@link AppRefusal})
   */
  look(signal: AbortSignal): Promise<AppRelease>;
  /**
   * Downloads the newest release and verifies it; one that lies here already is only verified.
   *
   * @param known what is known to be there: an older one is not taken instead
   * @throws ProblemError `app-download-damaged`, `no-room-on-disk`, an {@link AppRefusal} or one about the source
   */
  download(known: string, report: Pick<Report, 'signal' | 'progress'>): Promise<void>;
  /** How far the newer one has come that was downloaded. */
  standing(): AppStanding;
  /**
   * Puts what was downloaded in the place of what runs, which goes on unharmed. The app is asked
   * to start anew as soon as no work runs; in a terminal, the next start brings it.
   *
   * @throws ProblemError `app-not-replaced`, `no-room-on-disk`; then all is as before
   */
  takeOver(): Promise<void>;
  /** The last thing before ClawCove ends: what was downloaded is there at its next start. Never rejects. */
  close(): Promise<void>;
}

/** Looks for private data in files, in the background, and takes files that hold some out of a place and puts them back. */
export interface PrivateData {
  /**
   * How the search of these places stands: it is begun (or taken up again) and waited for, for `patience` ms at most, and goes on in
   * the background. What was looked at and has not changed is not read again.
   */
  look(places: readonly SearchedPlace[], patience: number, signal: AbortSignal): Promise<PrivateSearch>;
  /**
   * Moves a file out of its place into a folder of the person's, under a name that is free there; readable by this person only.
   * No link on the way is followed: the agent can't lead it elsewhere. Answers with the name it has there; null: it is gone from its place.
   * @param untrustedPath see {@link PrivateFile}
   * @throws ProblemError `no-room-on-disk`, `cannot-keep-file` when it can't be moved; then it is where it was
   */
  take(
    from: SearchedPlace,
    untrustedPath: string,
    keptFolder: string,
    signal: AbortSignal,
  ): Promise<string | null>;
  /**
   * Puts a file back where it was taken from; something else that has its name there by now stays, and it comes beside it.
   * @throws ProblemError `no-room-on-disk`, `cannot-put-back`
   */
  putBack(
    keptFolder: string,
    keptName: string,
    to: SearchedPlace,
    untrustedPath: string,
    signal: AbortSignal,
  ): Promise<void>;
  /** Ends the search that goes on in the background. */
  close(): Promise<void>;
}

/** The way to another computer that is to carry a home, until it does. */
export interface OtherComputerAccess {
  /** The person has named another one, or another place of the same one. */
  rename(computer: OtherComputer): Promise<void>;
  /** The key that it shows of itself; nobody has confirmed it. @throws ProblemError `computer-unreachable` */
  shownKey(computer: OtherComputer, signal: AbortSignal): Promise<HostKey>;
  /** The person has confirmed the key: no other is taken from now on. Makes our own, by which we come in. */
  trust(computer: OtherComputer, key: HostKey, signal: AbortSignal): Promise<void>;
  /** What has to run there so that we are let in: exactly these lines, in a terminal. */
  commands(): Promise<string[]>;
  /** Has the same done with the account's password, which is used this once and kept nowhere. */
  letIn(computer: OtherComputer, password: string, signal: AbortSignal): Promise<LetIn>;
  /** Why nobody answers to our key; null: somebody does. */
  knock(signal: AbortSignal): Promise<NoAnswer | null>;
  /** What shows that somebody lives with it. */
  signs(signal: AbortSignal): Promise<readonly { readonly sign: LifeSign; readonly count: number }[]>;
  /** The person has said that it is there for nothing else. */
  dedicate(): Promise<void>;
}

/** How the door of this very computer stands, towards its network. */
export type OwnDoor =
  | { readonly is: 'open' }
  /** Its rules were laid at that moment (ms since 1970), and are again every few minutes. */
  | { readonly is: 'shut'; readonly at: number }
  /** They were meant to be, and weren't. */
  | { readonly is: 'stuck' };

/** What is seen of this computer that says whether it is there for OpenClaw alone. */
export interface DedicationSeen {
  readonly signs: readonly { readonly sign: LifeSign; readonly count: number }[];
  readonly door: OwnDoor;
  /** Whether its system takes its makers' security fixes by itself. */
  readonly fixes: 'on' | 'off' | 'unknown';
}

/** This very computer, as one that is there for OpenClaw alone. */
export interface Dedication {
  /** Only looks; null: it gave no answer that makes sense. */
  look(signal: AbortSignal): Promise<DedicationSeen | null>;
}

/** What programs outside the home could lend the agent. */
export interface Powers {
  /** Only looks, and asks nothing of the person. */
  look(signal: AbortSignal): Promise<PowersSeen>;
}

/** OpenClaw on the computer itself, in the person's own account and outside any home. */
export interface HostOpenClaw {
  /** What there is of it. Changes nothing, and runs nothing of what is found. */
  look(signal: AbortSignal): Promise<HostLook>;
  /** A file of its folder; null: it isn't there, is no file or is too long. Untrusted. */
  read(profile: Profile, name: HostFile, signal: AbortSignal): Promise<string | null>;
  /** How long its files say that they are (bytes), and what changes as soon as one of them is written. */
  measure(
    profile: Profile,
    signal: AbortSignal,
  ): Promise<{ readonly bytes: number; readonly fingerprint: string }>;
  /**
   * Ends every one that runs, politely first; quiet when none does.
   * @throws ProblemError `host-openclaw-runs-on` when one can't be ended, or comes again
   */
  stop(services: Resting['services'], signal: AbortSignal): Promise<void>;
  /** Starts what something else started before. Never throws: who is not started can be started by hand. */
  wake(services: Resting['services'], signal: AbortSignal): Promise<void>;
  /**
   * Packs its folder into one archive, as archives of homes are, for this person's eyes only; what only
   * makes it quicker, and locks, stay. Links are packed as links, and followed nowhere. An older file is replaced.
   * @throws ProblemError `no-room-on-disk`, `host-unreadable`
   */
  pack(profile: Profile, cargo: Cargo, file: string, report: Report): Promise<void>;
  /** Takes from them what starts them, and gives their folders another name beside it. Safe to repeat. */
  putToRest(resting: Resting, signal: AbortSignal): Promise<void>;
  /** Where the folders are while they rest. */
  restingPlaces(resting: Resting): readonly string[];
  /** Whether nothing has taken the place of what rests. */
  canTakeBack(resting: Resting, signal: AbortSignal): Promise<boolean>;
  /**
   * The other way round; safe to repeat.
   * @throws ProblemError `host-openclaw-in-the-way`
   */
  takeBack(resting: Resting, signal: AbortSignal): Promise<void>;
}

export interface Log {
  info(message: string): void;
  error(message: string, error?: unknown): void;
}

export interface Doors {
  readonly clock: Clock;
  readonly net: Net;
  readonly computer: HostComputer;
  readonly admin: Admin;
  /** The home's, by the engine that is chosen. */
  readonly sandbox: Sandbox;
  /** All that this system can have. */
  readonly homes: Homes;
  readonly releases: Releases;
  readonly selfAudit: SelfAudit;
  readonly store: Store;
  readonly backups: Backups;
  readonly vault: Vault;
  readonly bait: Bait;
  readonly desktop: Desktop;
  readonly appUpdates: AppUpdates;
  readonly privateData: PrivateData;
  readonly powers: Powers;
  readonly hostOpenClaw: HostOpenClaw;
  /** Null: from this system no other computer is kept. */
  readonly otherComputer: OtherComputerAccess | null;
  /** Null: of this system it isn't known how one is made that is there for OpenClaw alone. */
  readonly dedication: Dedication | null;
  readonly log: Log;
}
