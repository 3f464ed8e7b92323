/** A home in a whole Linux system with systemd, as a {@link Sandbox}: the same in any {@link Machine}. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import type { Clock, HostComputer, Log } from '../../doors.ts';
import { exists, readBounded } from '../../host/files.ts';
import { ProblemError } from '../../problem.ts';
import { fenceFileFor } from '../fence.ts';
import type { ImageStore, StoredImage } from '../image/image-store.ts';
import { createQueue } from '../queue.ts';
import type { EngineState, HomeSpec, MarkedProcess, Report, Sandbox } from '../sandbox.ts';
import { runBeside, runOnce } from './calls.ts';
import { givenFiles } from './given.ts';
import { type HomeInMachine, homeFrom, inspectionQuestion, restingHome } from './inspect.ts';
import { dropInstalled, imageUnitFile, installImage } from './install-image.ts';
import { observeInside } from './look.ts';
import type { Machine, MachineSpec } from './machine.ts';
import {
  fenceFile,
  givenFolders,
  homeSlice,
  homeUnit,
  imageNote,
  inside,
  passingUnitFolder,
  recordFile,
  rehearsalSlice,
  rehearsalUnit,
  stateFolder,
  unitFolder,
} from './names.ts';
import { type HomeRecord, parseRecord } from './record.ts';
import { createRest } from './rest.ts';
import { dropSecrets, type KeptSecret, keepSecret, readSecret } from './secrets.ts';
import {
  copyFolder,
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
  mustSucceed,
  noFence,
  putFiles,
  succeeds,
  systemFiles,
  tool,
} from './system.ts';
import { type Around, homeUnitText, type Ingredients, rehearsalUnitText, sliceText } from './unit.ts';

const timeoutMs = 60_000;
/** The gateway ends within seconds, or is ended after `TimeoutStopSec`. */
const stopTimeout = 90_000;
/** The last words of a home, in bytes. */
const maxLog = 256 * 1024;
/** Enough to see why a rehearsal ended. */
const rehearsalLines = 60;

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
}

/** What was worked out of a spec, and what it takes to make something of it. */
interface Parts {
  readonly spec: HomeSpec;
  readonly image: StoredImage;
  readonly ingredients: Ingredients;
  readonly secrets: ReadonlyMap<string, KeptSecret>;
  readonly machineSpec: MachineSpec;
}

/** Makes the driver; nothing is run before the first verb. */
export function createDistroSandbox(options: DistroOptions): Sandbox {
  const { machine, images, clock, log, dataFolder } = options;
  const { guest, agentId } = machine;
  const secretsFolder = join(dataFolder, 'secrets');
  const recordCopy = join(dataFolder, 'home.json');
  const idle = () => new AbortController().signal;

  const isUp = async (signal: AbortSignal) => (await machine.state(signal)).is === 'running';
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

  /** Starts the machine unless it runs; one that isn't there is nobody's to start. */
  const wake = async (report: Report, port: number | null) => {
    const state = await machine.state(report.signal);
    if (state.is === 'running') return;
    if (state.is === 'missing') throw new ProblemError('home-not-there', {}, ['check-now']);
    if (state.is === 'foreign') throw new ProblemError('home-not-ours', { name: state.name }, ['check-now']);
    if (state.is === 'faulty')
      throw new ProblemError('engine-failed', { detail: `${state.why}: ${state.detail}`.slice(0, 300) });
    // Whoever has the port now would only make the machine's own start fail, without a word about who it is.
    if (port !== null && !(await options.computer.isPortFree(port))) {
      const holder = await options.computer.portHolder(port, report.signal);
      throw new ProblemError('port-taken', { port, program: holder?.program ?? '?' }, ['try-again']);
    }
    await machine.start(report);
  };
  const quiet = (signal: AbortSignal): Report => ({ signal, progress() {}, log: (line) => log.info(line) });
  const rememberedRecord = async () => parseRecord((await readBounded(recordCopy)) ?? '');
  /** Wakes a machine that is there; false: there is none. */
  const wakeIfThere = async (signal: AbortSignal) => {
    if ((await machine.state(signal)).is === 'missing') return false;
    await wake(quiet(signal), (await rememberedRecord())?.port ?? null);
    return true;
  };
  const mustWake = async (signal: AbortSignal) => {
    if (!(await wakeIfThere(signal))) throw new ProblemError('state-gone', {}, ['check-now']);
  };

  const homeInside = async (signal: AbortSignal): Promise<HomeInMachine | null> => {
    const answer = await mustSucceed(guest.run(inspectionQuestion, { timeoutMs, signal }));
    const { ports } = await machine.see(signal);
    return homeFrom(answer.untrustedOut, ports);
  };
  const isRunning = async (signal: AbortSignal) =>
    (await isUp(signal)) && (await homeInside(signal))?.inspection.state === 'running';
  const mustRest = async (signal: AbortSignal) => {
    if (await isRunning(signal)) throw new ProblemError('home-is-running', {}, ['try-again']);
  };
  const stopHome = (signal: AbortSignal) =>
    mustSucceed(guest.run(tool('home', 'stop', homeUnit, homeSlice), { timeoutMs: stopTimeout, signal }));

  const gather = async (spec: HomeSpec, state: EngineState): Promise<Parts> => {
    if (!(await exists(spec.sharedFolder)))
      throw new ProblemError('shared-folder-gone', { path: spec.sharedFolder }, ['choose-folder']);
    const image = await images.open(spec.image);
    if (!image) throw new ProblemError('image-gone', { version: spec.version }, ['try-again']);
    const secrets = new Map<string, KeptSecret>();
    for (const { id } of spec.secrets) {
      const kept = await readSecret(secretsFolder, id);
      if (!kept) throw new ProblemError('secret-gone', { name: id }, ['try-again']);
      secrets.set(id, kept);
    }
    const ingredients: Ingredients = {
      digest: image.digest,
      workingFolder: image.surroundings.workingFolder,
      agentId,
      sharedInside: machine.sharedInside,
      limits: { memoryBytes: spec.memoryBytes, cpus: spec.cpus, pids: spec.pids },
      keepsLimits: state.is === 'ready' && state.limits === 'enforced',
    };
    const { memoryBytes, cpus, port, sharedFolder, fence, certificates } = spec;
    const { diskBytes } = options;
    const machineSpec = { memoryBytes, cpus, port, sharedFolder, fence, certificates, diskBytes };
    return { spec, image, ingredients, secrets, machineSpec };
  };

  const given = (kind: keyof typeof givenFolders, { spec, image, secrets }: Parts) => [
    // What an older one was given and this one isn't must not be there.
    { gone: givenFolders[kind] },
    ...givenFiles(kind, { spec, surroundings: image.surroundings, secrets, agentId }),
  ];
  /** Lays what a home needs of the system, and what is asked for beside it; the image, too, where it is missing. */
  const furnish = async (parts: Parts, more: readonly (GuestFile | Gone)[], report: Report) => {
    const { image, ingredients, spec } = parts;
    const slice = sliceText(ingredients);
    const files = [
      ...systemFiles,
      { path: fenceFile, text: fenceFileFor(agentId, spec.fence), mode: '644' },
      { path: `${unitFolder}/${homeSlice}`, text: slice, mode: '644' },
      { path: `${passingUnitFolder}/${rehearsalSlice}`, text: slice, mode: '644' },
      imageUnitFile(image),
      ...more,
    ];
    const settle = tool('home', 'settle', String(agentId), imageNote(image.digest));
    const said = await putFiles(guest, files, report.signal, settle);
    if (!said.includes('image-is-there')) await installImage(guest, image, report);
  };
  /** A machine as the spec asks for, awake, with everything in it that it takes to make something of the spec. */
  const settle = async (
    spec: HomeSpec,
    more: (parts: Parts) => readonly (GuestFile | Gone)[],
    report: Report,
  ): Promise<Parts> => {
    const state = await machine.probe(report.signal);
    if (state.is !== 'ready') throw new ProblemError('engine-not-ready', { state: state.is }, ['check-now']);
    const parts = await gather(spec, state);
    await machine.create(parts.machineSpec, report);
    await wake(report, spec.port);
    await furnish(parts, more(parts), report);
    return parts;
  };

  const createHome = async (spec: HomeSpec, report: Report): Promise<void> => {
    const { signal } = report;
    const parts = await settle(spec, () => [], report);
    const unit = homeUnitText(parts.ingredients);
    const digest = digestOf([
      unit,
      sliceText(parts.ingredients),
      parts.machineSpec,
      spec.command,
      spec.environment,
      spec.secrets,
      spec.version,
      [...parts.secrets.values()].map(({ id }) => id),
    ]);
    const there = await homeInside(signal);
    if (there?.isAsMade && there.record.digest === digest) return void (await stopHome(signal));
    await stopHome(signal);
    await rm(recordCopy, { force: true });
    const record: HomeRecord = {
      id: randomBytes(16).toString('hex'),
      digest,
      madeAt: clock.now(),
      image: spec.image,
      imageDigest: parts.image.digest,
      version: spec.version,
      user: `${agentId}:${agentId}`,
      sharedFolder: spec.sharedFolder,
      port: spec.port,
      limits: parts.ingredients.limits,
      command: [...spec.command],
      secrets: spec.secrets.map(({ id }) => id),
      unit,
    };
    const note = JSON.stringify(record);
    const files = [
      { gone: recordFile },
      { gone: `${unitFolder}/${homeUnit}.d` },
      { gone: `${passingUnitFolder}/${homeUnit}.d` },
      ...given('home', parts),
      { path: `${unitFolder}/${homeUnit}`, text: unit, mode: '644' },
      // With the note it is a home.
      { path: recordFile, text: note, mode: '600' },
    ];
    await putFiles(guest, files, signal, ['systemctl', 'daemon-reload']);
    await mkdir(dataFolder, { recursive: true, mode: 0o700 });
    await writeFileAtomic(recordCopy, note, { mode: 0o600 });
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

  const lastLines = async (unit: string, lines: number, signal: AbortSignal): Promise<string> => {
    const words = [`_SYSTEMD_UNIT=${unit}`, `--lines=${lines}`];
    const { untrustedOut } = await guest.run(
      ['journalctl', '--quiet', '--no-pager', '--output=cat', ...words],
      {
        timeoutMs,
        signal,
        maxBytes: maxLog,
      },
    );
    return untrustedOut.trimEnd();
  };

  /** The settings of what runs beside a home; as it was made. */
  const ingredientsOf = async (record: HomeRecord, signal: AbortSignal): Promise<Ingredients> => {
    const [image, state] = await Promise.all([images.open(record.image), machine.probe(signal)]);
    return {
      digest: record.imageDigest,
      workingFolder: image?.surroundings.workingFolder ?? inside.home,
      agentId,
      sharedInside: machine.sharedInside,
      limits: record.limits,
      keepsLimits: state.is === 'ready' && state.limits === 'enforced',
    };
  };
  const rehearsing: { ingredients: Ingredients | null } = { ingredients: null };
  const rehearsalAround: Around & { kind: 'rehearsal' } = {
    kind: 'rehearsal',
    network: false,
    as: 'agent',
    state: copyFolder('rehearsal'),
  };
  const endRehearsal = async (signal: AbortSignal) => {
    const stop = tool('home', 'stop', rehearsalUnit, rehearsalSlice);
    await mustSucceed(guest.run(stop, { timeoutMs: stopTimeout, signal }));
    const left = [`${passingUnitFolder}/${rehearsalUnit}`, givenFolders.rehearsal].map((gone) => ({ gone }));
    await putFiles(guest, left, signal);
  };

  return {
    inside: { ...inside, computer: machine.computer },
    probe: (signal) => machine.probe(signal),
    unstick: (signal) => inTurn(() => machine.unstick(signal)),
    listVersions: (signal) => images.listVersions(signal),
    describeVersion: (tag, signal) => images.describeVersion(tag, signal),
    findImage: (version) => images.find(version),
    imageDate: (reference) => images.date(reference),
    fetchImage: (version, report) => images.fetch(version, report),
    keepSecret: (id, value) => inTurn(() => keepSecret(secretsFolder, id, value)),
    hasSecret: async (id) => (await readSecret(secretsFolder, id)) !== null,
    once: (spec, argv, { network, ...call }) =>
      thenRest(async () => {
        // Two sandboxes around one state would damage it.
        await mustRest(call.signal);
        const parts = await settle(spec, (made) => given('once', made), quiet(call.signal));
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
      return record ? restingHome(record, (await machine.see(signal)).ports) : { is: 'missing' };
    },
    async observe(signal) {
      if (!(await isUp(signal))) return { is: 'not-running' };
      return observeInside(machine, (await rememberedRecord())?.port ?? null, signal);
    },
    async workspaceFolder(signal) {
      if (!(await isRunning(signal))) return null;
      return machine.folderFromOutside(`${stateFolder}/workspace`, signal);
    },
    async untrustedLog(lines, signal) {
      const there = (await isUp(signal)) ? await homeInside(signal) : null;
      return there ? lastLines(homeUnit, lines, signal) : machine.untrustedLog(lines, signal);
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
        const { signal } = report;
        await mustWake(signal);
        await endRehearsal(signal);
        const parts = await gather(spec, await machine.probe(signal));
        const text = rehearsalUnitText(parts.ingredients, rehearsalAround.state);
        const unit = { path: `${passingUnitFolder}/${rehearsalUnit}`, text, mode: '644' };
        await furnish(parts, [...given('rehearsal', parts), unit], report);
        await mustSucceed(guest.run(['systemctl', 'start', rehearsalUnit], { timeoutMs, signal }));
        rehearsing.ingredients = parts.ingredients;
      }),
    async inRehearsal(argv, call) {
      const { ingredients } = rehearsing;
      if (!ingredients || !(await isUp(call.signal)))
        throw new ProblemError('home-not-running', {}, ['try-again']);
      return runBeside(guest, ingredients, rehearsalAround, argv, call);
    },
    endRehearsal: (signal) =>
      thenRest(async () => {
        if (!(await isUp(signal))) return '';
        const said = await lastLines(rehearsalUnit, rehearsalLines, signal);
        await endRehearsal(signal);
        await dropCopy(guest, 'rehearsal', signal);
        rehearsing.ingredients = null;
        return said;
      }),
    tidy: (signal) =>
      thenRest(async () => {
        if (!(await wakeIfThere(signal))) return;
        // Half made, it has none of the scripts that all this takes.
        await putFiles(guest, systemFiles, signal);
        await endRehearsal(signal);
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
        if (await wakeIfThere(signal))
          await dropInstalled(
            guest,
            digests.filter((digest) => digest !== undefined),
            signal,
          );
        await images.drop(keep);
      }),
    destroy: ({ state }, report) =>
      inTurn(async () => {
        const { signal } = report;
        await machine.setAutostart(false, signal);
        if (state) await machine.destroy(report);
        else if (await wakeIfThere(signal)) {
          await stopHome(signal);
          await endRehearsal(signal);
          await tidyState(guest, signal);
          for (const copy of ['before', 'aside'] as const) await dropCopy(guest, copy, signal);
          const left = [recordFile, `${unitFolder}/${homeUnit}`, ...Object.values(givenFolders)];
          await mustSucceed(guest.run(['rm', '-rf', ...left], { timeoutMs, signal }));
          await dropInstalled(guest, [], signal);
          await machine.stop(signal);
        }
        await dropSecrets(secretsFolder);
        await images.drop(null);
        await rm(recordCopy, { force: true });
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

function digestOf(parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
