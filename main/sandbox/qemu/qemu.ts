/** A virtual machine of QEMU's on Linux, run by the person themselves, in a jail: the {@link Machine} of that kind. */
import { randomUUID } from 'node:crypto';
import { chmod, mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Clock, HostComputer, Log, Run } from '../../doors.ts';
import { exists } from '../../host/files.ts';
import { isPortFree } from '../../host/ports.ts';
import { ProblemError } from '../../problem.ts';
import type { Machine, MachineSpec, MachineState, Mended } from '../distro/machine.ts';
import { setClock } from '../distro/set-clock.ts';
import type { Report } from '../sandbox.ts';
import { knownHost, type NoAnswer } from '../ssh/arguments.ts';
import { createGuest } from '../ssh/guest.ts';
import { makeKey } from '../ssh/keys.ts';
import { hasUnit, setUnit } from '../user-unit.ts';
import { type Accelerator, qemuArguments } from './arguments.ts';
import { machineUnit, unitName } from './autostart.ts';
import { type BaseSource, ensureBase, isWhole, keepSpare, mendBase, seemsWhole } from './base.ts';
import { boot } from './boot.ts';
import { createControl } from './control.ts';
import { createDisks } from './disks.ts';
import { engineStateFrom, gather } from './engine.ts';
import { sizeThere } from './fetch.ts';
import { jailed } from './jail.ts';
import {
  connectionTo,
  hostAlias,
  hostAsSeenInside,
  isSetAside,
  placesIn,
  qemuProgram,
  setAsideName,
  sharedInside,
} from './names.ts';
import { findRunning, type Running, runsOn } from './process.ts';
import { dropRecord, type MachineRecord, readRecord, writeRecord } from './record.ts';
import { see } from './see.ts';
import { seedImage } from './seed.ts';
import { carryCertificates, settle, takeRoom } from './settle.ts';
import { standAtRest, standOfRunning } from './stand.ts';

export interface QemuOptions {
  readonly run: Run;
  readonly clock: Clock;
  readonly log: Log;
  readonly portHolder: HostComputer['portHolder'];
  readonly uid: number;
  readonly gid: number;
  /** ClawCove's own folder. */
  readonly dataFolder: string;
  /** XDG_CONFIG_HOME. */
  readonly configFolder: string;
  readonly source: BaseSource;
}

/** How long things may take (ms). */
export interface Patience {
  /** From the power button until the system inside answers. */
  readonly start: number;
  /** From the power button until its console says something: the loader speaks within a second. */
  readonly firstWord: number;
  /** An answer to a greeting. */
  readonly answer: number;
  /** Until it has shut itself down; 15–22 s were measured. */
  readonly stop: number;
}

const patienceOfKvm: Patience = { start: 300_000, firstWord: 90_000, answer: 15_000, stop: 90_000 };
/** How long QEMU may take to end, and then the kernel to end it (ms). */
const quitPatience = 10_000;
const every = 250;

/** A machine on this computer's own virtualization, and on nothing else. */
export function createQemuMachine(options: QemuOptions): Machine {
  return assembleMachine(options, 'kvm', patienceOfKvm);
}

/** What is said of a machine that can't be spoken to. */
const otherKey = () => new ProblemError('machine-host-key-changed', {}, ['check-now', 'open-log']);
const problems: Record<NoAnswer, () => ProblemError> = {
  'host-key-changed': otherKey,
  'key-refused': otherKey,
  silent: () => new ProblemError('home-not-running', {}, ['try-again']),
};

const notThere = () => new ProblemError('home-not-there', {}, ['check-now']);

/** The system gives a port that nobody has. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ host: '127.0.0.1', port: 0, exclusive: true }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

/** @param accelerator see {@link Accelerator} */
export function assembleMachine(options: QemuOptions, accelerator: Accelerator, patience: Patience): Machine {
  const { run, clock, log, portHolder, uid, gid, dataFolder, configFolder, source } = options;
  const places = placesIn(dataFolder);
  const disks = createDisks(run, places);
  const control = createControl(places);
  const unit = { run, log, configFolder };

  const ourRecord = async (): Promise<MachineRecord> => {
    const recorded = await readRecord(places.record);
    if (recorded.is === 'ours') return recorded.record;
    throw recorded.is === 'none'
      ? notThere()
      : new ProblemError('home-not-ours', { name: places.folder }, ['check-now']);
  };
  const change = async (changes: Partial<MachineRecord>): Promise<MachineRecord> => {
    const record = { ...(await ourRecord()), ...changes };
    await writeRecord(places.record, record);
    return record;
  };
  const guest = createGuest({
    run,
    clock,
    connection: async () => connectionTo(places, (await ourRecord()).sshPort),
    patience: patience.answer,
    problems,
  });

  const gone = async (within: number, signal: AbortSignal): Promise<boolean> => {
    const begun = clock.monotonic();
    const running = await findRunning(places);
    while (running !== null && (await runsOn(running, places))) {
      if (clock.monotonic() - begun > within) return false;
      await clock.sleep(every, signal);
    }
    return true;
  };

  /** Ends it whatever it does; can't be broken off. */
  const kill = async () => {
    const idle = new AbortController().signal;
    await guest.hangUp().catch(() => {});
    if ((await findRunning(places)) === null) return;
    await control.untrustedConsole(idle);
    await control.quit(idle);
    if (await gone(quitPatience, idle)) return;
    const running = await findRunning(places);
    if (running !== null) process.kill(running.pid, 'SIGKILL');
    if (!(await gone(quitPatience, idle)))
      throw new ProblemError('machine-failed', { detail: 'it does not end' }, ['try-again', 'open-log']);
  };

  const argvOf = ({ spec, sshPort, isSettled }: MachineRecord): string[] => {
    const ports = [spec.port, sshPort];
    const qemu = qemuArguments({ ...spec, places, sshPort, withSeed: !isSettled }, accelerator);
    return jailed({ fence: spec.fence, uid, gid, ports }, [qemuProgram, ...qemu]);
  };

  /** The unit is what the machine is now. */
  const renewUnit = async (record: MachineRecord, signal: AbortSignal) => {
    if (await hasUnit(unitName, unit, signal))
      await setUnit(unitName, machineUnit(argvOf(record), places, record.sshPort), unit, signal);
  };

  const stop = async (signal: AbortSignal): Promise<void> => {
    if ((await findRunning(places)) === null) return;
    const runState = await control.runState(signal);
    await guest.hangUp();
    await control.untrustedConsole(signal);
    // One that doesn't run can't shut itself down.
    if (runState === 'running') {
      await control.pressPower(signal);
      if (await gone(patience.stop, signal)) {
        await writeFile(places.endedWell, '', { flush: true });
        return;
      }
      log.info('the machine did not shut itself down in time');
    }
    await kill();
  };

  /** Makes sure that what it is started from is whole, and keeps what the last run left. */
  const prepare = async (record: MachineRecord, { signal, log }: Report): Promise<void> => {
    const damaged = (detail: string) =>
      new ProblemError('machine-disk-damaged', { detail }, ['try-again', 'open-log']);
    if (!(await isWhole(places.base, record.base, signal))) throw damaged('base');
    const health = await disks.health(signal);
    if (health.is !== 'whole') throw damaged(health.detail);
    if (!record.isSettled || !(await exists(places.endedWell))) return;
    log('keeping what the last run left');
    await disks.keep(signal);
    await rename(places.endedWell, places.keptWell);
  };

  /** Ports that nobody else has; the gateway's was chosen by others. */
  const openPorts = async (record: MachineRecord, signal: AbortSignal): Promise<MachineRecord> => {
    const { port } = record.spec;
    if (!(await isPortFree(port))) {
      const holder = await portHolder(port, signal);
      throw new ProblemError('port-taken', { port, program: holder?.program ?? '?' }, ['try-again']);
    }
    const sshPort = (await isPortFree(record.sshPort)) ? record.sshPort : await freePort();
    return change({ sshPort });
  };

  /** Whether it was started a moment ago, by whoever it was: with the computer, perhaps. */
  const isBeginning = async (running: Running | null, signal: AbortSignal): Promise<boolean> =>
    running?.startedAt != null &&
    clock.now() - running.startedAt < patience.start &&
    (await control.runState(signal)) === 'running';

  const start = async (report: Report): Promise<void> => {
    const { signal } = report;
    let record = await ourRecord();
    const means = {
      run,
      clock,
      places,
      control,
      guest,
      patience: patience.start,
      silence: patience.firstWord,
      kill,
    };
    const running = await findRunning(places);
    if (running !== null && (await guest.knock(signal)) === null) return;
    if (await isBeginning(running, signal)) await boot(means, null, report);
    else {
      await kill();
      if (!(await exists(record.spec.sharedFolder)))
        throw new ProblemError('shared-folder-gone', { path: record.spec.sharedFolder }, ['choose-folder']);
      await prepare(record, report);
      record = await openPorts(record, signal);
      await renewUnit(record, signal);
      const old = [places.console, places.qmp, places.verdict, places.endedWell];
      await Promise.all(old.map((file) => rm(file, { force: true })));
      await boot(means, argvOf(record), report);
    }
    await setClock(guest, clock, signal);
    if (!record.isSettled) {
      await settle(guest, places, clock, patience.start, signal);
      record = await change({ isSettled: true });
      await renewUnit(record, signal);
    }
    const { certificates, diskBytes } = record.spec;
    if (record.certificatesInside !== certificates) {
      await carryCertificates(guest, certificates, signal);
      record = await change({ certificatesInside: certificates });
    }
    if (record.roomInside !== diskBytes) {
      await takeRoom(guest, signal);
      await change({ roomInside: diskBytes });
    }
  };

  const makeNew = async (spec: MachineSpec, report: Report): Promise<void> => {
    const { signal } = report;
    await mkdir(places.folder, { recursive: true, mode: 0o700 });
    await chmod(places.folder, 0o700);
    const base = await ensureBase(run, source, places.base, null, report);
    await keepSpare(places);
    await disks.make(spec.diskBytes, signal);
    const [host, client] = [
      await makeKey(run, places.hostKey, signal),
      await makeKey(run, places.clientKey, signal),
    ];
    const instance = randomUUID();
    const seed = seedImage({
      instance,
      hostKey: host.secret,
      hostKeyPublic: host.publicKey,
      clientKeyPublic: client.publicKey,
    });
    await rm(places.seed, { force: true });
    await writeFile(places.seed, seed, { mode: 0o600, flush: true });
    await writeFile(places.knownHosts, knownHost(hostAlias, host.publicKey), { mode: 0o600, flush: true });
    // Last: it says that all of it is there.
    await writeRecord(places.record, {
      form: 1,
      instance,
      spec,
      sshPort: await freePort(),
      base,
      isSettled: false,
      certificatesInside: null,
      // cloud-init takes all of it at the first start.
      roomInside: spec.diskBytes,
    });
  };

  const state = async (signal: AbortSignal): Promise<MachineState> => {
    const recorded = await readRecord(places.record);
    if (recorded.is === 'none') return { is: 'missing' };
    if (recorded.is === 'foreign') return { is: 'foreign', name: places.folder };
    const running = await findRunning(places);
    if (running === null) {
      const isBaseWhole = await seemsWhole(places.base, recorded.record.base);
      return standAtRest(isBaseWhole, await disks.health(signal));
    }
    const [runState, isDiskCorrupt] = [await control.runState(signal), await control.isDiskCorrupt(signal)];
    const noAnswer = runState === 'running' ? await guest.knock(signal) : 'silent';
    const seen = { startedAt: running.startedAt, runState, isDiskCorrupt, noAnswer };
    return standOfRunning(seen, clock.now(), patience.start);
  };

  /** A machine that was held still goes on, where there is room by now for what it was about to write. */
  const goOn = async (signal: AbortSignal): Promise<Mended> => {
    await control.goOn(signal);
    await clock.sleep(1_000, signal);
    if ((await control.runState(signal)) !== 'running')
      throw new ProblemError('no-room-on-disk', {}, ['try-again']);
    return { is: 'as-it-was' };
  };

  /** All that it was is kept under another name, and there is none any more. */
  const setAside = async ({ signal, log }: Report): Promise<Mended> => {
    await setUnit(unitName, null, unit, signal);
    const aside = setAsideName(dataFolder, clock.now());
    await rename(places.folder, aside);
    log(`nothing of the machine can be used any more; it is kept in ${aside}`);
    return { is: 'gone' };
  };

  /** Whether its base is what it was, or could be brought back. */
  const hasBase = async ({ base }: MachineRecord, report: Report): Promise<boolean> => {
    // Whatever it looks like: one bit of it may be another.
    if (await isWhole(places.base, base, report.signal)) return true;
    const mended = await mendBase(run, source, places, base, report);
    if (mended !== null) await change({ base: mended });
    return mended !== null;
  };

  return {
    engine: 'QEMU',
    guest,
    sharedInside,
    // Whose files those of the person are inside: they carry the number that QEMU sees.
    agentId: uid,
    computer: [hostAsSeenInside],
    async probe(signal) {
      return engineStateFrom(await gather({ run, places, uid, gid }, signal));
    },
    async unstick(signal) {
      const stand = await state(signal);
      const hangs =
        stand.is === 'faulty' && (stand.why === 'gives-no-answer' || stand.why === 'no-virtualization');
      if (hangs) await stop(signal);
      return this.probe(signal);
    },
    state,
    baseSize: async (signal) =>
      (await exists(places.base)) ? 0 : sizeThere(new URL(source.image, source.folder), signal),
    async create(spec, report) {
      const recorded = await readRecord(places.record);
      if (recorded.is === 'foreign')
        throw new ProblemError('home-not-ours', { name: places.folder }, ['check-now']);
      if (recorded.is === 'none') return makeNew(spec, report);
      const { record } = recorded;
      if (isDeepStrictEqual(record.spec, spec) && (await seemsWhole(places.base, record.base))) return;
      await stop(report.signal);
      const base = await ensureBase(run, source, places.base, record.base, report);
      await disks.grow(spec.diskBytes, report.signal);
      await renewUnit(await change({ spec, base }), report.signal);
    },
    start,
    stop,
    async see(signal) {
      return see(await findRunning(places), control, signal);
    },
    folderFromOutside: async () => null,
    async untrustedLog(lines, signal) {
      const all = (await control.untrustedConsole(signal)).split('\n');
      return all.slice(-lines).join('\n');
    },
    async setAutostart(on, signal) {
      const record = on ? await ourRecord() : null;
      const words = record && machineUnit(argvOf(record), places, record.sshPort);
      await setUnit(unitName, words, unit, signal);
    },
    hasAutostart: (signal) => hasUnit(unitName, unit, signal),
    setClock: (signal) => setClock(guest, clock, signal),
    async mend(report) {
      const record = await ourRecord();
      const { signal } = report;
      const stand = await state(signal);
      if (stand.is === 'running') return { is: 'as-it-was' };
      const why = stand.is === 'faulty' ? stand.why : null;
      if (why === 'host-disk-full') return goOn(signal);
      await kill();
      if (!(await hasBase(record, report))) return setAside(report);
      const health = await disks.health(signal);
      if (health.is === 'whole' && why !== 'host-key-changed') return { is: 'as-it-was' };
      // Before its first stop in good order there is nothing to go back to but an empty machine that nobody can enter.
      const kept = await stat(places.keptWell).catch(() => null);
      if (kept === null || (health.is === 'damaged' && health.which === 'good')) return setAside(report);
      report.log('going back to what was there after the last stop in good order');
      await disks.goBack(signal);
      await disks.grow(record.spec.diskBytes, signal);
      await rm(places.endedWell, { force: true });
      // Its system is as small as it was then, and may lack certificates.
      await change({ roomInside: 0, certificatesInside: null });
      return { is: 'went-back', to: Math.floor(kept.mtimeMs) };
    },
    async destroy(report) {
      await setUnit(unitName, null, unit, report.signal);
      await kill();
      const recorded = await readRecord(places.record);
      if (recorded.is === 'foreign') return;
      await dropRecord(places.record);
      await rm(places.folder, { recursive: true, force: true });
      for (const name of (await readdir(dataFolder)).filter(isSetAside))
        await rm(join(dataFolder, name), { recursive: true, force: true });
      report.log(`removed ${places.folder}`);
    },
  };
}
