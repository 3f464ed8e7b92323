/** Doors onto a {@link Machine}: every call is recorded, can be made to fail, and can be the last one. */
import { createHash } from 'node:crypto';
import { isIPv4 } from 'node:net';
import { basename, join } from 'node:path';
import type { BackupId } from '../contract.ts';
import type { Doors } from '../doors.ts';
import { noReceipts } from '../host/store.ts';
import { createSelfAudit } from '../openclaw/audit.ts';
import { createReleases } from '../openclaw/releases.ts';
import type { PrivateFile } from '../private-data/found.ts';
import { Cancelled, ProblemError } from '../problem.ts';
import { chosenSandbox, homesOf } from '../sandbox/chosen.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { noUpdates } from '../update/journal.ts';
import { answerAt } from './gateway.ts';
import { createTestHost } from './host-openclaw.ts';
import {
  appVersion,
  createMachine,
  elapsed,
  freshChoices,
  listenerPort,
  type Machine,
  viewsOf,
} from './machine.ts';
import { createTestSandbox, onlyWithEngine } from './sandbox.ts';

const vaultPlace = { 'gateway-token': 'vault', 'agreed-settings': 'agreedSettings' } as const;

/** ClawCove was killed: no door opens any more. */
export class Killed extends Error {
  constructor() {
    super('killed');
    this.name = 'Killed';
  }
}

type Answerer = (call: number, usual: () => unknown, args: readonly unknown[]) => unknown;

/** The doors, and the threads to pull on them. */
export interface TestDoors {
  readonly doors: Doors;
  readonly machine: Machine;
  /** Names of the calls that go outside, e.g. `sandbox.create`, in order. */
  readonly calls: string[];
  /** What was run in the home, word for word. */
  readonly commands: string[];
  /** Errors and notes that were logged. */
  readonly logged: { readonly message: string; readonly error: unknown }[];
  /** Makes the next calls of this name fail; `null` lets one through. What has to happen with it, a function does. */
  failNext(name: string, ...errors: (Error | (() => Error) | null)[]): void;
  /** The same for calls that fail although they have done their work. */
  failAfter(name: string, ...errors: (Error | null)[]): void;
  /** Who answers the calls of a name: told the number of the call (from 0, over all names), the way to the usual answer, and what was asked. */
  instead(name: string, answer: Answerer): void;
  /** Calls back before every call of this name; the call waits for it. */
  before(name: string, listener: () => void | Promise<void>): void;
  /** Kills ClawCove right after its n-th call (from 0) did its work. */
  killAt(call: number): void;
  /** Lets the machine's clock go on, and wakes who slept until then. */
  advance(ms: number): Promise<void>;
}

const backupFolder = '/home/ada/.local/share/clawcove/backups';
const fileOf = (id: BackupId) => `${backupFolder}/${id}.tar`;
const digestOf = (archive: unknown) =>
  createHash('sha256')
    .update(JSON.stringify(archive ?? null))
    .digest('hex');

/** What answers at once, without going outside: not recorded, and never fails. */
const immediate = new Set([
  'store.choices',
  'store.receipts',
  'store.updates',
  'backups.fileOf',
  'computer.addresses',
  'computer.isAdministrator',
  'computer.proxy',
  'appUpdates.ability',
  'appUpdates.standing',
  'hostOpenClaw.restingPlaces',
]);

/**
 * @param options.sleepsThrough whether a wait of this many ms passes by itself, the clock going on;
 *   the others are woken by {@link TestDoors.advance}
 */
export function openDoors(
  machine: Machine = createMachine(),
  { sleepsThrough = () => true }: { sleepsThrough?: (ms: number) => boolean } = {},
): TestDoors {
  const calls: string[] = [];
  const logged: { message: string; error: unknown }[] = [];
  const failures = new Map<string, (Error | (() => Error) | null)[]>();
  const lateFailures = new Map<string, (Error | null)[]>();
  const listeners = new Map<string, () => void | Promise<void>>();
  const others = new Map<string, Answerer>();
  /** `until` is on the clock that nobody sets. */
  const sleepers = new Set<{ until: number; wake: () => void }>();
  let last: number | null = null;
  let isDead = false;
  const queue = <T>(line: Map<string, T[]>, name: string, errors: readonly T[]) =>
    void line.set(name, [...(line.get(name) ?? []), ...errors]);

  async function pass(name: string, perform: () => unknown, args: readonly unknown[]): Promise<unknown> {
    if (isDead) throw new Killed();
    const call = calls.push(name) - 1;
    await listeners.get(name)?.();
    const failure = failures.get(name)?.shift();
    if (failure) throw typeof failure === 'function' ? failure() : failure;
    const lateFailure = lateFailures.get(name)?.shift();
    const other = others.get(name);
    const result = await (other ? other(call, perform, args) : perform());
    if (last === call) isDead = true;
    if (isDead) throw new Killed();
    if (lateFailure) throw lateFailure;
    return result;
  }

  /** The same object, with a gate before each of its functions that returns a promise. */
  function guard<T extends object>(group: string, object: T): T {
    const entries = Object.entries(object).map(([key, value]) => {
      const name = `${group}.${key}`;
      if (typeof value !== 'function' || immediate.has(name)) return [key, value];
      return [key, (...args: unknown[]) => pass(name, () => value(...args), args)];
    });
    return Object.fromEntries(entries) as T;
  }

  const clock: Doors['clock'] = {
    now: () => machine.now,
    monotonic: () => elapsed(machine),
    zone: () => machine.zone,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (isDead) return reject(new Killed());
        if (signal.aborted) return reject(new Cancelled());
        if (sleepsThrough(ms)) {
          machine.now += ms;
          return resolve();
        }
        const sleeper = {
          until: elapsed(machine) + ms,
          wake: () => {
            sleepers.delete(sleeper);
            resolve();
          },
        };
        sleepers.add(sleeper);
        signal.addEventListener('abort', () => {
          sleepers.delete(sleeper);
          reject(new Cancelled());
        });
      }),
  };

  const commands: string[] = [];
  const sandboxOf = (view: Machine): Sandbox => {
    const inner = createTestSandbox(view);
    const heard: Sandbox = {
      ...inner,
      exec: (as, argv, options) => {
        commands.push(argv.join(' '));
        return inner.exec(as, argv, options);
      },
    };
    return guard('sandbox', onlyWithEngine(view, heard));
  };
  const homes = homesOf(viewsOf(machine).map(sandboxOf));
  const sandbox = chosenSandbox(homes, () => machine.choices.engine);
  const log: Doors['log'] = {
    info: (message) => void logged.push({ message, error: undefined }),
    error: (message, error) => void logged.push({ message, error }),
  };

  const mustHaveRoom = () => {
    if (machine.isDiskFull) throw new ProblemError('no-room-on-disk');
  };
  const store: Doors['store'] = guard('store', {
    choices: () => machine.choices,
    async saveChoices(change) {
      mustHaveRoom();
      machine.choices = { ...machine.choices, ...change };
    },
    receipts: () => machine.receipts,
    async saveReceipts(change) {
      mustHaveRoom();
      machine.receipts = { ...machine.receipts, ...change };
    },
    updates: () => machine.updates,
    async saveUpdates(change) {
      mustHaveRoom();
      machine.updates = { ...machine.updates, ...change };
    },
    async clear({ keepBackups }) {
      machine.choices = { ...freshChoices, engine: machine.engineName };
      machine.receipts = noReceipts;
      machine.updates = noUpdates;
      if (!keepBackups) machine.archives.clear();
    },
    backupFolder,
  });

  const doors: Doors = {
    clock,
    log,
    sandbox,
    homes,
    releases: createReleases({ sandbox, store, clock, log }),
    selfAudit: createSelfAudit({ sandbox, clock }),
    net: guard('net', {
      async get(url, { headers }) {
        const { port, pathname } = new URL(url);
        return answerAt(machine, Number(port), pathname, headers?.authorization);
      },
      connect: async (address, port) =>
        machine.neighbours.has(`${address}:${port}`) ||
        (viewsOf(machine).some(({ home }) => home?.isRunning) && machine.openAddresses.has(address))
          ? 'open'
          : 'refused',
      resolve: async (host) => (isIPv4(host) ? [host] : (machine.names.get(host) ?? [])),
      async listen(address) {
        const port = listenerPort + machine.listened.length;
        machine.listened.push(address);
        return {
          port,
          untrustedHeard: () => machine.heard,
          async close() {
            machine.heard = [];
            machine.listened = machine.listened.filter((other) => other !== address);
          },
        };
      },
    }),
    computer: guard('computer', {
      look: async () => machine.computer,
      addresses: () => machine.addresses,
      routers: async () => machine.routers,
      freeDisk: async () => machine.freeDisk,
      availableMemory: async () => machine.computer.memoryBytes,
      dataFolder: '/home/ada/.local/share/containers',
      power: async () => machine.power,
      isMetered: async () => machine.isMetered,
      isAdministrator: () => machine.isAdministrator,
      knownFolders: async () => machine.known,
      async realPath(path) {
        const real = machine.links.get(path) ?? path;
        return machine.folders.has(real) || machine.keptFiles.has(real) ? real : null;
      },
      async makeFolder(path) {
        machine.folders.add(path);
      },
      async portHolder(port) {
        const program = machine.squatters.get(port);
        return program === undefined || program === '' ? null : { program, pid: 4711 };
      },
      isPortFree: async (port) =>
        !machine.squatters.has(port) &&
        !viewsOf(machine).some(({ home }) => home?.isRunning && home.spec.port === port),
      extraCertificates: async () => null,
      proxy: () => ({}),
    }),
    admin: guard('admin', {
      commands: async () => machine.adminCommands,
      async run(task, { log }) {
        log(`doing ${task}`);
        if (machine.consent.is === 'done') machine.engine = machine.afterTask[task] ?? machine.engine;
        return machine.consent;
      },
    }),
    store,
    backups: guard('backups', {
      fileOf,
      list: async () =>
        [...machine.notes].flatMap(([id, note]) => (machine.archives.has(fileOf(id)) ? [{ id, note }] : [])),
      measure: async (id) => ({ bytes: 17_000_000, sha256: digestOf(machine.archives.get(fileOf(id))) }),
      async note(id, note) {
        machine.notes.set(id, note);
      },
      async pack(id, label, file) {
        const archive = machine.archives.get(fileOf(id));
        if (!archive) throw new ProblemError('backup-gone', {}, []);
        machine.parcels.set(file, { label, archive: structuredClone(archive) });
      },
      async unpack(file, id, room) {
        const parcel = machine.parcels.get(file);
        if (!parcel) throw new ProblemError('not-a-backup-file', {}, []);
        if (parcel.label.bytes > room) throw new ProblemError('no-room-on-disk');
        machine.archives.set(fileOf(id), structuredClone(parcel.archive));
        return parcel.label;
      },
      async drop(id) {
        machine.notes.delete(id);
        machine.archives.delete(fileOf(id));
      },
      async sweep() {
        const whole = new Set([...machine.notes.keys()].map(fileOf));
        for (const file of machine.archives.keys()) if (!whole.has(file)) machine.archives.delete(file);
      },
    }),
    vault: guard('vault', {
      read: async (id) => machine[vaultPlace[id]],
      async write(id, value) {
        machine[vaultPlace[id]] = value;
      },
      async forget(id) {
        machine[vaultPlace[id]] = null;
      },
    }),
    bait: guard('bait', {
      async lay(words) {
        machine.bait = words;
        return '/home/ada/.local/share/clawcove/bait';
      },
      async takeAway() {
        machine.bait = null;
      },
    }),
    desktop: guard('desktop', {
      openPage: async (url) => void machine.opened.push(url),
      openFolder: async (path) => void machine.opened.push(path),
      openLog: async () => void machine.opened.push('log'),
      openSettings: async (_language, page) => void machine.opened.push(page),
      chooseFolder: async () => machine.picked,
      chooseCopyPlace: async () => machine.picked,
      chooseCopy: async () => machine.picked,
      chooseReportPlace: async () => machine.picked,
      async keepReport(_language, file, json) {
        machine.reports.set(file, json);
      },
      async setStartAtLogin(on) {
        machine.startsAtLogin = on;
      },
    }),
    privateData: guard('privateData', {
      async look(places) {
        const isLookedAt = ({ place }: PrivateFile) => places.some((each) => each.place === place);
        return { ...machine.search, files: machine.privateFiles.filter(isLookedAt) };
      },
      async take({ place }, untrustedPath, keptFolder) {
        mustHaveRoom();
        const file = machine.privateFiles.find(
          (each) => each.place === place && each.untrustedPath === untrustedPath,
        );
        if (!file) return null;
        const names = [basename(untrustedPath), `${basename(untrustedPath)} 2`];
        const free = names.find((name) => !machine.keptFiles.has(join(keptFolder, name)));
        if (free === undefined || !machine.folders.has(keptFolder))
          throw new ProblemError('cannot-keep-file');
        machine.privateFiles = machine.privateFiles.filter((each) => each !== file);
        machine.keptFiles.set(join(keptFolder, free), file);
        return free;
      },
      async putBack(keptFolder, keptName, to, untrustedPath) {
        mustHaveRoom();
        const file = machine.keptFiles.get(join(keptFolder, keptName));
        if (!file) throw new ProblemError('cannot-put-back');
        machine.keptFiles.delete(join(keptFolder, keptName));
        machine.privateFiles = [...machine.privateFiles, { ...file, place: to.place, untrustedPath }];
      },
      close: async () => {},
    }),
    powers: guard('powers', { look: async () => machine.powers }),
    hostOpenClaw: guard('hostOpenClaw', createTestHost(machine)),
    otherComputer: null,
    dedication: null,
    appUpdates: guard('appUpdates', {
      version: appVersion,
      ability: () => machine.appAbility,
      standing: () => machine.appStanding,
      async look() {
        if (typeof machine.appOffered === 'string') throw new ProblemError(machine.appOffered);
        return machine.appOffered;
      },
      async download(_known, { signal, progress }) {
        signal.throwIfAborted();
        if (typeof machine.appOffered === 'string') throw new ProblemError(machine.appOffered);
        progress(50, 100);
        if (machine.appDamage) throw new ProblemError(machine.appDamage);
        progress(100, 100);
        machine.appStanding = { is: 'ready', version: machine.appOffered.version };
      },
      async takeOver() {
        if (machine.appStanding.is !== 'ready') return;
        machine.appStanding = { is: 'restarting', version: machine.appStanding.version };
        machine.startsAnew = true;
      },
      async close() {
        if (machine.appStanding.is === 'ready')
          machine.appStanding = { is: 'next-start', version: machine.appStanding.version };
      },
    }),
  };

  return {
    doors,
    machine,
    calls,
    commands,
    logged,
    failNext: (name, ...errors) => queue(failures, name, errors),
    failAfter: (name, ...errors) => queue(lateFailures, name, errors),
    instead: (name, answer) => void others.set(name, answer),
    before: (name, listener) => void listeners.set(name, listener),
    killAt: (call) => {
      last = call;
    },
    async advance(ms) {
      const until = elapsed(machine) + ms;
      // Who is woken late, e.g. after the computer slept, doesn't take the clock back.
      const goOnTo = (moment: number) => {
        machine.now += Math.max(0, moment - elapsed(machine));
      };
      await settle();
      for (;;) {
        const next = [...sleepers].sort((a, b) => a.until - b.until)[0];
        if (!next || next.until > until) break;
        goOnTo(next.until);
        next.wake();
        await settle();
      }
      goOnTo(until);
    },
  };
}

/** Lets everything that is under way come to rest, as long as it needs nothing but turns of the event loop. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
}
