/** A home in a whole Linux system with systemd, as a {@link Sandbox}: the same in any {@link Machine}. */
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import type { Clock, HostComputer, Log } from '../../doors.ts';
import { readBounded } from '../../host/files.ts';
import { parseJson } from '../../parse-json.ts';
import { ProblemError } from '../../problem.ts';
import type { ImageStore } from '../image/image-store.ts';
import { createQueue } from '../queue.ts';
import type { EngineState, HomeSpec, MarkedProcess, Report, Sandbox } from '../sandbox.ts';
import { runBeside, runOnce } from './calls.ts';
import { isAsAsked, makeHome } from './create-home.ts';
import { engineWith, faultOf, mayRun } from './faults.ts';
import { fixNow, lookAtOwnSystem } from './fixes.ts';
import { furnish, givenTo } from './furnish.ts';
import { type HomeInMachine, homeFrom, inspectionQuestion, restingHome } from './inspect.ts';
import { dropInstalled } from './install-image.ts';
import { observeInside } from './look.ts';
import type { Machine, MachineSpec } from './machine.ts';
import { givenFolders, homeSlice, homeUnit, inside, recordFile, stateFolder, unitFolder } from './names.ts';
import { forSystem, gatherParts, ingredientsIn, type Parts } from './parts.ts';
import { type HomeRecord, parseRecord } from './record.ts';
import { endRehearsal, inRehearsal, startRehearsal, stopRehearsal } from './rehearsal.ts';
import { createRest } from './rest.ts';
import { dropSecrets, keepSecret, readSecret } from './secrets.ts';
import { clockAhead } from './set-clock.ts';
import {
  copyState,
  dropCopy,
  exchangeState,
  findCopy,
  hasState,
  loadCopy,
  saveCopy,
  sizeOfCopy,
  tidyState,
} from './state.ts';
import {
  fenceProblem,
  type Gone,
  type GuestFile,
  guestProblem,
  lastLines,
  mustSucceed,
  noFence,
  putFiles,
  succeeds,
  systemFiles,
  tool,
} from './system.ts';
import type { Ingredients } from './unit.ts';
import { createWaker } from './waker.ts';

const timeoutMs = 60_000;
/** How many ports after a taken one are tried. */
const portRange = 200;
/** The gateway ends within seconds, or is ended after `TimeoutStopSec`. */
const stopTimeout = 90_000;

export interface DistroOptions {
  readonly machine: Machine;
  readonly images: ImageStore;
  readonly clock: Clock;
  readonly log: Log;
  readonly computer: Pick<HostComputer, 'portHolder' | 'isPortFree'>;
  /** ClawCove's own folder for this engine. */
  readonly dataFolder: string;
  /** Size of the machine's disk. */
  readonly diskBytes: number;
  /** How long a machine whose home rests stays up (ms): long enough for whatever comes next. */
  readonly restAfterMs: number;
  /** Lets nobody but this person into a folder that is there; the mode of the folder says it where this is left out. */
  readonly makePrivate?: (folder: string) => Promise<void>;
}

/** Makes the driver; nothing is run before the first verb. */
export function createDistroSandbox(options: DistroOptions): Sandbox {
  const { machine, images, clock, log, dataFolder } = options;
  const { guest, agentId } = machine;
  const secretsFolder = join(dataFolder, 'secrets');
  const recordCopy = join(dataFolder, 'home.json');
  const specFile = join(dataFolder, 'machine-spec.json');
  const idle = () => new AbortController().signal;

  const { isUp, wake } = createWaker(machine, options.computer);
  const larder = { machine, images, secretsFolder, diskBytes: options.diskBytes };
  const rest = createRest(clock, log, options.restAfterMs, () =>
    inTurn(async () => {
      const signal = idle();
      if (
        (await isUp(signal)) &&
        !(await succeeds(guest, ['systemctl', 'is-active', '--quiet', homeUnit], signal))
      )
        await machine.stop(signal);
    }),
  );
  const queue = createQueue();
  /** Changes of one home are made one after the other; the machine stays up meanwhile. */
  const inTurn = <T>(work: () => Promise<T>) =>
    queue(async () => {
      rest.interrupt();
      return work();
    });
  /** Work after which the home rests, or may rest. */
  const thenRest = <T>(work: () => Promise<T>) =>
    inTurn(async () => {
      try {
        return await work();
      } finally {
        rest.soon();
      }
    });

  const quiet = (signal: AbortSignal): Report => ({ signal, progress() {}, log: (line) => log.info(line) });
  const rememberedRecord = async () => parseRecord((await readBounded(recordCopy)) ?? '');
  /** The machine as it was last asked for; null: nobody knows. Written by ourselves, and whole. */
  const rememberedSpec = async () => parseJson((await readBounded(specFile)) ?? '') as MachineSpec | null;
  const makeMachine = async (spec: MachineSpec, report: Report) => {
    await machine.create(spec, report);
    await mkdir(dataFolder, { recursive: true, mode: 0o700 });
    await writeFileAtomic(specFile, JSON.stringify(spec), { mode: 0o600 });
  };
  const freePortAfter = async (taken: number) => {
    for (let port = taken + 1; port <= Math.min(taken + portRange, 65_535); port++)
      if (await options.computer.isPortFree(port)) return port;
    throw new ProblemError('no-free-port', { port: taken });
  };
  /**
   * Wakes a machine that is there; false: there is none. Work inside needs no port: where somebody else has the home's, the
   * machine is woken with another one, until its home is made anew.
   */
  const wakeIfThere = async (signal: AbortSignal) => {
    if ((await machine.state(signal)).is === 'missing') return false;
    try {
      await wake(quiet(signal), (await rememberedRecord())?.port ?? null);
    } catch (error) {
      const spec = await rememberedSpec();
      if (!(error instanceof ProblemError) || error.problem.code !== 'port-taken' || !spec) throw error;
      await makeMachine({ ...spec, port: await freePortAfter(spec.port) }, quiet(signal));
      await wake(quiet(signal), null);
    }
    return true;
  };
  const mustWake = async (signal: AbortSignal) => {
    if (!(await wakeIfThere(signal))) throw new ProblemError('state-gone', {}, ['check-now']);
  };

  const homeInside = async (signal: AbortSignal): Promise<HomeInMachine | null> => {
    const answer = await mustSucceed(guest.run(inspectionQuestion, { timeoutMs, signal }));
    return homeFrom(answer.untrustedOut, await machine.see(signal));
  };
  const probe = async (signal: AbortSignal): Promise<EngineState> => {
    const engine = await machine.probe(signal);
    return engine.is === 'ready' ? engineWith(engine, await machine.state(signal)) : engine;
  };
  const isRunning = async (signal: AbortSignal) =>
    (await isUp(signal)) && (await homeInside(signal))?.inspection.state === 'running';
  const mustRest = async (signal: AbortSignal) => {
    if (await isRunning(signal)) throw new ProblemError('home-is-running', {}, ['try-again']);
  };
  const stopHome = (signal: AbortSignal) =>
    mustSucceed(guest.run(tool('home', 'stop', homeUnit, homeSlice), { timeoutMs: stopTimeout, signal }));

  /** A machine as the spec asks for, awake, with everything in it that it takes to make something of the spec. */
  const settle = async (
    spec: HomeSpec,
    more: (parts: Parts) => readonly (GuestFile | Gone)[],
    report: Report,
  ): Promise<Parts> => {
    const state = await machine.probe(report.signal);
    if (state.is !== 'ready') throw new ProblemError('engine-not-ready', { state: state.is }, ['check-now']);
    const parts = await gatherParts(spec, state, larder);
    await makeMachine(parts.machineSpec, report);
    // One that isn't held in as it should be is only held in again from its next start on.
    if ((await isUp(report.signal)) && ((await machine.see(report.signal)).unconfined ?? []).length > 0)
      await machine.stop(report.signal);
    await wake(report, spec.port);
    await furnish(guest, parts, more(parts), report);
    return parts;
  };

  const createHome = async (spec: HomeSpec, report: Report): Promise<void> => {
    const { signal } = report;
    const parts = await settle(spec, () => [], report);
    const there = await homeInside(signal);
    await stopHome(signal);
    if (!there || !isAsAsked(there, parts)) await makeHome(guest, parts, recordCopy, clock, signal);
  };

  const startHome = async (signal: AbortSignal): Promise<void> => {
    await wake(quiet(signal), (await rememberedRecord())?.port ?? null);
    const there = await homeInside(signal);
    if (!there) throw new ProblemError('home-not-there', {}, ['check-now']);
    if (there.inspection.state === 'running') return;
    const started = await guest.run(tool('home', 'start', homeUnit), { timeoutMs, signal });
    if (started.exitCode === noFence) throw fenceProblem(started);
    if (started.exitCode !== 0) throw guestProblem(started);
  };

  /** The settings of what runs beside a home, as it was made. */
  const ingredientsOf = async (record: HomeRecord, signal: AbortSignal): Promise<Ingredients> => {
    const [image, state] = await Promise.all([images.open(record.image), machine.probe(signal)]);
    return {
      ...ingredientsIn(machine, state),
      digest: record.imageDigest,
      workingFolder: image?.surroundings.workingFolder ?? inside.home,
      limits: record.limits,
    };
  };
  /** Of the rehearsal that runs. */
  const rehearsing: { ingredients: Ingredients | null } = { ingredients: null };

  return {
    inside: { ...inside, computer: machine.computer },
    engine: machine.engine,
    ...(machine.shares && { shares: machine.shares }),
    probe,
    unstick: (signal) =>
      inTurn(async () => {
        await machine.unstick(signal);
        return probe(signal);
      }),
    mend: (report) =>
      inTurn(async () => {
        const { is } = await machine.state(report.signal);
        if (is === 'missing' || is === 'foreign') return { is: 'as-it-was' };
        const mended = await machine.mend(report);
        if (mended.is === 'gone') await rm(recordCopy, { force: true });
        return mended;
      }),
    clockAhead: async (signal) => ((await isUp(signal)) ? clockAhead(guest, clock, signal) : null),
    setClock: async (signal) => {
      if (await isUp(signal)) await machine.setClock(signal);
    },
    ownSystem: async (signal) => {
      const state = await machine.state(signal);
      if (state.is === 'running') return lookAtOwnSystem(guest, signal);
      return state.is === 'faulty' ? { is: 'unreadable', detail: state.why } : { is: 'resting' };
    },
    systemCost: async (signal) => ({
      is: 'own',
      downloadBytes: (await machine.baseSize?.(signal)) ?? null,
      memoryBytes: forSystem,
      mostDiskBytes: options.diskBytes,
    }),
    fixOwnSystem: (report) =>
      thenRest(async () => {
        if (!(await wakeIfThere(report.signal)))
          throw new ProblemError('home-not-running', {}, ['try-again']);
        const { signal } = report;
        await putFiles(guest, systemFiles, signal);
        await fixNow(guest, report);
        const system = await lookAtOwnSystem(guest, signal);
        if (system.is !== 'seen' || system.restartSince === null) return;
        report.log('the system begins anew, so that its fixes count');
        await stopHome(signal);
        await (machine.restart ?? machine.stop)(signal);
      }),
    listVersions: (signal) => images.listVersions(signal),
    describeVersion: (tag, signal) => images.describeVersion(tag, signal),
    findImage: (version) => images.find(version),
    imageDate: (reference) => images.date(reference),
    fetchImage: (version, report) => images.fetch(version, report),
    keepSecret: (id, value) => inTurn(() => keepSecret(secretsFolder, id, value, options.makePrivate)),
    hasSecret: async (id) => (await readSecret(secretsFolder, id)) !== null,
    once: (spec, argv, { network, ...call }) =>
      thenRest(async () => {
        // Two sandboxes around one state would damage it.
        await mustRest(call.signal);
        const parts = await settle(spec, (made) => givenTo('once', made), quiet(call.signal));
        const around = { kind: 'once', network, as: 'agent', state: stateFolder } as const;
        return runOnce(guest, parts.ingredients, around, argv, call);
      }),
    create: (spec, report) => thenRest(() => createHome(spec, report)),
    start: (signal) => inTurn(() => startHome(signal)),
    stop: (signal) =>
      thenRest(async () => {
        if (await isUp(signal)) await stopHome(signal);
      }),
    async exec(as, argv, call) {
      const record = (await isUp(call.signal)) ? await rememberedRecord() : null;
      if (record === null) throw new ProblemError('home-not-running', {}, ['try-again']);
      const around = {
        kind: 'home',
        network: true,
        as: as === 'root' ? 'root' : 'agent',
        state: stateFolder,
      } as const;
      return runBeside(guest, await ingredientsOf(record, call.signal), around, argv, call);
    },
    async findMarked(mark, signal) {
      if (!(await isUp(signal))) return [];
      const answer = await mustSucceed(guest.run(tool('marked', homeSlice, mark), { timeoutMs, signal }));
      return markedFrom(answer.untrustedOut);
    },
    async inspect(signal) {
      const state = await machine.state(signal);
      if (state.is === 'missing') return { is: 'missing' };
      if (state.is === 'foreign') return { is: 'foreign', name: state.name };
      if (state.is === 'running') return (await homeInside(signal))?.inspection ?? { is: 'missing' };
      const record = await rememberedRecord();
      if (!record) return { is: 'missing' };
      const fault = faultOf(state);
      return { ...restingHome(record, await machine.see(signal)), ...(fault && { fault }) };
    },
    async observe(signal) {
      const state = await machine.state(signal);
      if (state.is === 'faulty' && mayRun(state)) return { is: 'unreadable', detail: state.why };
      if (state.is !== 'running') return { is: 'not-running' };
      return observeInside(machine, (await rememberedRecord())?.port ?? null, signal);
    },
    async workspaceFolder(signal) {
      if (!(await isRunning(signal))) return null;
      return machine.folderFromOutside(`${stateFolder}/workspace`, signal);
    },
    async untrustedLog(lines, signal) {
      const there = (await isUp(signal)) ? await homeInside(signal) : null;
      return there ? lastLines(guest, homeUnit, lines, signal) : machine.untrustedLog(lines, signal);
    },
    hasState: (signal) =>
      thenRest(async () => (await wakeIfThere(signal)) && (await hasState(guest, signal))),
    copyState: (copy, of, report) =>
      thenRest(async () => {
        await mustWake(report.signal);
        await copyState(guest, copy, of, await isRunning(report.signal), report);
      }),
    findCopy: (copy, signal) =>
      thenRest(async () => ((await wakeIfThere(signal)) ? findCopy(guest, copy, signal) : null)),
    exchangeState: (copy, was, signal) =>
      thenRest(async () => {
        await mustWake(signal);
        await mustRest(signal);
        await exchangeState(guest, copy, was);
      }),
    sizeOfCopy: (copy, signal) =>
      thenRest(async () => {
        await mustWake(signal);
        return sizeOfCopy(guest, copy, signal);
      }),
    saveCopy: (copy, file, report) =>
      thenRest(async () => {
        await mustWake(report.signal);
        await saveCopy(guest, copy, file, report);
      }),
    loadCopy: (copy, file, of, report) =>
      thenRest(async () => {
        await mustWake(report.signal);
        await loadCopy(guest, copy, file, of, agentId, report);
      }),
    dropCopy: (copy, signal) =>
      thenRest(async () => {
        if (await wakeIfThere(signal)) await dropCopy(guest, copy, signal);
      }),
    startRehearsal: (spec, report) =>
      inTurn(async () => {
        await mustWake(report.signal);
        const parts = await gatherParts(spec, await machine.probe(report.signal), larder);
        await startRehearsal(guest, parts, report);
        rehearsing.ingredients = parts.ingredients;
      }),
    inRehearsal: (argv, call) => inRehearsal(guest, rehearsing.ingredients, argv, call),
    endRehearsal: (signal) =>
      thenRest(async () => {
        rehearsing.ingredients = null;
        return (await isUp(signal)) ? endRehearsal(guest, signal) : '';
      }),
    tidy: (signal) =>
      thenRest(async () => {
        if (!(await wakeIfThere(signal))) return;
        // Half made, it has none of the scripts that all this takes.
        await putFiles(guest, systemFiles, signal);
        await stopRehearsal(guest, signal);
        await tidyState(guest, signal);
        await mustSucceed(guest.run(['rm', '-rf', givenFolders.once], { timeoutMs, signal }));
      }),
    setAutostart: (on, signal) => inTurn(() => machine.setAutostart(on, signal)),
    hasAutostart: (signal) => machine.hasAutostart(signal),
    dropSpareImages: (keep, signal) =>
      thenRest(async () => {
        const found = await Promise.all(keep.map((version) => images.find(version)));
        const record = await rememberedRecord();
        const digests = [...found.map((image) => image?.digest), record?.imageDigest];
        // First what makes room on this computer: a machine may be held still for want of it, and can't be asked then.
        await images.drop(keep);
        if ((await machine.state(signal)).is === 'faulty') return;
        if (await wakeIfThere(signal))
          await dropInstalled(
            guest,
            digests.filter((digest) => digest !== undefined),
            signal,
          );
      }),
    destroy: ({ state }, report) =>
      inTurn(async () => {
        const { signal } = report;
        await machine.setAutostart(false, signal);
        if (state) await machine.destroy(report);
        else if (await wakeIfThere(signal)) {
          await stopHome(signal);
          await stopRehearsal(guest, signal);
          await tidyState(guest, signal);
          for (const copy of ['before', 'aside'] as const) await dropCopy(guest, copy, signal);
          const left = [recordFile, `${unitFolder}/${homeUnit}`, ...Object.values(givenFolders)];
          await mustSucceed(guest.run(['rm', '-rf', ...left], { timeoutMs, signal }));
          await dropInstalled(guest, [], signal);
          await machine.stop(signal);
        }
        await dropSecrets(secretsFolder);
        await images.drop(null);
        await Promise.all([recordCopy, specFile].map((file) => rm(file, { force: true })));
      }),
  };
}

function markedFrom(untrustedLines: string): MarkedProcess[] {
  return untrustedLines
    .split('\n')
    .map((line) => /^(\d+) ([0-9a-f]{1,16})$/.exec(line))
    .filter((match) => match !== null)
    .map(([, uid, capabilities]) => ({
      uid: Number(uid),
      effectiveCapabilities: BigInt(`0x${capabilities}`),
    }));
}
