/** A virtual machine of Lima's on a Mac, through Apple's own Virtualization: no administrator, no restart. */
import { createHash } from 'node:crypto';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import type { Clock, HostComputer, Run } from '../../doors.ts';
import { exists, readBounded } from '../../host/files.ts';
import { ProblemError } from '../../problem.ts';
import type { Machine, MachineSpec, MachineState } from '../distro/machine.ts';
import { setClock } from '../distro/set-clock.ts';
import type { Report } from '../sandbox.ts';
import { hasAutostart, setAutostart } from './autostart.ts';
import { type Base, bases as usualBases } from './bases.ts';
import { createGuest } from './guest.ts';
import { makeLimaHome } from './home.ts';
import {
  findMachine,
  type Instance,
  instancesFrom,
  isEndOfForwards,
  isOurs,
  machineStateFrom,
} from './instances.ts';
import { createLimactl, type Exited, errorLine, limaProblem, mustSucceed } from './limactl.ts';
import { computerInside, machineName, sharedInside } from './names.ts';
import { engineStateFrom, look } from './probe.ts';
import { seeMachine } from './see.ts';
import { settingsText } from './settings.ts';

const timeoutMs = 30_000;
/** The base has 600 MB (ms). */
const createTimeout = 3_600_000;
/** How long a start may take (s): the first one makes the accounts, and old Macs are slow. */
const startSeconds = 600;
/** How long the system inside may take to shut down (ms), and how often it is looked whether it has. */
const stopTimeout = 60_000;
const lookEvery = 1_000;
/** What Lima reads before and after our settings, if it is there. Source: its pkg/limatype/filenames. */
const everybodysSettings = ['base.yaml', 'default.yaml', 'override.yaml'];
/** How much of the console's end is read. */
const maxLog = 256 * 1024;

export interface LimaOptions {
  readonly run: Run;
  readonly clock: Pick<Clock, 'now' | 'monotonic' | 'sleep'>;
  readonly isPortFree: HostComputer['isPortFree'];
  readonly portHolder: HostComputer['portHolder'];
  /** `limactl` inside the app, with `share/lima` beside its `bin`. */
  readonly program: string;
  /** LIMA_HOME, see home.ts. */
  readonly home: string;
  readonly uid: number;
  /** Which processor ClawCove itself was made for. */
  readonly arch: 'arm64' | 'x64';
  /** The person's ~/Library. */
  readonly library: string;
  readonly freeDisk: (path: string) => Promise<number>;
  readonly bases?: readonly Base[];
}

/** How Lima says that the machine began to start and never answered (as people have shown it to its makers). */
const neverAnswered =
  /essential requirement \d+ of \d+|did not receive an event with the \\?"running|host agent process has exited|degraded, status|seems running/i;

/**
 * Lima's {@link Machine}. What is near can't be kept from it from outside: its network runs in Lima's own process and
 * leads to this computer's loopback, too ({@link computerInside}). The fence is for who furnishes the inside.
 */
export function createLimaMachine(options: LimaOptions): Machine {
  const { run, clock, program, home, uid, arch, library, bases = usualBases } = options;
  const limactl = createLimactl({ run, program, home });
  const folder = join(home, machineName);
  /** What it was last made as; and what it is to become, until it is. */
  const askedFile = join(home, `${machineName}.yaml`);
  const nextFile = join(home, `${machineName}.next.yaml`);
  const pidFile = join(folder, 'ha.pid');
  const autostart = { run, limactl, agentsFolder: join(library, 'LaunchAgents'), uid };

  const find = async (signal: AbortSignal): Promise<Instance | null> => {
    const { stdout } = await mustSucceed(limactl.call(['list', '--json'], { timeoutMs, signal }));
    const listed = instancesFrom(stdout);
    const found = findMachine(listed);
    if (!found && listed.unreadable > 0)
      throw new ProblemError('engine-failed', { detail: 'limactl list: not understood' }, [
        'try-again',
        'open-log',
      ]);
    return found;
  };
  const stateOf = async (instance: Instance | null): Promise<MachineState> => {
    const began = instance ? await stat(pidFile).catch(() => null) : null;
    return machineStateFrom(instance, began ? Math.floor(began.mtimeMs) : null);
  };
  const state = async (signal: AbortSignal) => stateOf(await find(signal));
  /** Ours, or nothing at all. */
  const ourState = async (signal: AbortSignal) => {
    const found = await state(signal);
    if (found.is === 'foreign') throw new ProblemError('home-not-ours', { name: found.name }, ['check-now']);
    return found;
  };

  /** As if its power were cut. */
  const endByForce = async (signal: AbortSignal): Promise<void> => {
    const { code, stderr } = await limactl.call(['stop', '--force', machineName], { timeoutMs, signal });
    if (code === 0) return;
    const after = await state(signal);
    // One without its settings can't even be ended, and doesn't run.
    const lives = after.is === 'running' || (after.is === 'faulty' && after.why === 'gives-no-answer');
    if (lives) throw limaProblem(stderr);
  };

  const stop = async (signal: AbortSignal): Promise<void> => {
    const { is } = await ourState(signal);
    if (is === 'missing' || is === 'stopped') return;
    // One that is broken has nobody to ask politely.
    if (is === 'running' && (await shutsDown(signal))) return;
    await endByForce(signal);
  };
  /** Lima's own way gives the system inside five seconds, and then cuts its power: it is asked from inside. */
  const shutsDown = async (signal: AbortSignal): Promise<boolean> => {
    try {
      await guestWhenStarted.run(['systemctl', 'poweroff'], { timeoutMs, signal });
    } catch (error) {
      // It may be gone before it has answered.
      if (!(error instanceof ProblemError)) throw error;
    }
    const end = clock.monotonic() + stopTimeout;
    do {
      if ((await state(signal)).is === 'stopped') return true;
      await clock.sleep(lookEvery, signal);
    } while (clock.monotonic() < end);
    return false;
  };

  // Lima would start a machine that rests before it lets anybody in: looking must not do that.
  const isStarted = () => exists(pidFile);
  const guest = createGuest(limactl, async (signal) => (await state(signal)).is === 'running');
  const whenStarted = async <T>(then: () => Promise<T>): Promise<T> => {
    if (!(await isStarted())) throw new ProblemError('home-not-running');
    return then();
  };
  const guestWhenStarted: Machine['guest'] = {
    run: (argv, how) => whenStarted(() => guest.run(argv, how)),
    send: (file, argv, report) => whenStarted(() => guest.send(file, argv, report)),
    receive: (argv, file, report) => whenStarted(() => guest.receive(argv, file, report)),
  };

  const startOnce = (report: Report): Promise<Exited> =>
    limactl.call(['start', `--timeout=${startSeconds}s`, machineName], {
      // Lima ends by itself and says why; this is for a Lima that hangs.
      timeoutMs: (startSeconds + 60) * 1000,
      signal: report.signal,
      onLine: (line) => report.log(line),
    });
  const answers = async (signal: AbortSignal): Promise<boolean> => {
    try {
      return (await guestWhenStarted.run(['true'], { timeoutMs, signal })).exitCode === 0;
    } catch (error) {
      if (error instanceof ProblemError) return false;
      throw error;
    }
  };

  return {
    engine: 'Lima',
    guest: guestWhenStarted,
    sharedInside,
    computer: [computerInside],
    // Apple's virtiofs hands the person's own number on.
    agentId: uid,
    folderFromOutside: async () => null,
    async probe(signal) {
      const seen = await look(options, signal);
      const isMade = await exists(folder);
      const engine = engineStateFrom(seen, arch, isMade);
      if (engine.is !== 'ready' || !isMade) return engine;
      const machine = await state(signal);
      const isStuck = machine.is === 'faulty' && machine.why === 'gives-no-answer';
      return isStuck ? { is: 'stuck', detail: machine.detail } : engine;
    },
    async unstick(signal) {
      const machine = await ourState(signal);
      if (machine.is === 'faulty') await endByForce(signal);
      const after = await state(signal);
      if (after.is === 'faulty')
        throw new ProblemError('engine-failed', { detail: after.detail }, ['try-again', 'open-log']);
      return engineStateFrom(await look(options, signal), arch, true);
    },
    state,
    async create(spec, report) {
      const { signal } = report;
      if (!(await exists(spec.sharedFolder)))
        throw new ProblemError('shared-folder-gone', { path: spec.sharedFolder }, ['choose-folder']);
      await makeLimaHome(home, uid);
      const instance = await find(signal);
      if (instance && !isOurs(instance))
        throw new ProblemError('home-not-ours', { name: instance.name }, ['check-now']);
      // Disks only grow: a smaller one would cut off what is on it.
      const text = settingsText(
        { ...spec, diskBytes: Math.max(spec.diskBytes, instance?.disk ?? 0) },
        bases,
        uid,
      );
      if (instance && (await isAsAsked(instance, spec, text))) return;
      for (const name of everybodysSettings) await rm(join(home, '_config', name), { force: true });
      await writeFileAtomic(nextFile, text, { mode: 0o600 });
      await mustSucceed(limactl.call(['validate', nextFile], { timeoutMs, signal }));
      if (instance) {
        await stop(signal);
        // What `limactl edit` does; that one takes changes as an expression of yq's, in which no path must stand.
        await mkdir(folder, { recursive: true, mode: 0o700 });
        await writeFileAtomic(join(folder, 'lima.yaml'), text, { mode: 0o600 });
      } else
        await mustSucceed(
          limactl.call(['create', `--name=${machineName}`, nextFile], {
            timeoutMs: createTimeout,
            signal,
            onLine: (line) => report.log(line),
          }),
        );
      await rename(nextFile, askedFile);
    },
    async start(report) {
      const { signal } = report;
      const instance = await find(signal);
      const before = await stateOf(instance);
      if (before.is === 'foreign')
        throw new ProblemError('home-not-ours', { name: before.name }, ['check-now']);
      if (before.is === 'missing') throw new ProblemError('home-not-there', {}, ['check-now']);
      if (before.is === 'running' && (await answers(signal))) return;
      // One that hangs since the computer slept, as Lima's makers know of some, is as good as broken.
      if (before.is !== 'stopped') await endByForce(signal);
      await mustBeFree(instance, signal);
      let started = await startOnce(report);
      if (started.code !== 0 && neverAnswered.test(started.stderr) && isUnknown(started)) {
        // A network that macOS has lost, or a process that was killed: what is left of it goes, and it begins anew.
        report.log(errorLine(started.stderr));
        await endByForce(signal);
        started = await startOnce(report);
      }
      if (started.code !== 0) {
        if (neverAnswered.test(started.stderr) && isUnknown(started))
          throw new ProblemError('machine-no-answer', {}, ['try-again', 'open-log']);
        throw limaProblem(started.stderr);
      }
      if (!(await answers(signal)))
        throw new ProblemError('machine-no-answer', {}, ['try-again', 'open-log']);
    },
    stop,
    async mend({ signal }) {
      const found = await ourState(signal);
      if (found.is !== 'faulty') return { is: 'as-it-was' };
      if (found.why === 'host-disk-full') throw new ProblemError('no-room-on-disk', {}, ['try-again']);
      await endByForce(signal);
      const asked = await readBounded(askedFile);
      const settings = join(folder, 'lima.yaml');
      // Its settings are the one thing that is written down twice.
      if (asked !== null && !(await exists(settings)))
        await writeFileAtomic(settings, asked, { mode: 0o600 });
      const after = await state(signal);
      if (after.is === 'faulty')
        throw new ProblemError('engine-failed', { detail: after.detail }, ['try-again', 'open-log']);
      return { is: 'as-it-was' };
    },
    // Lima does so itself, but only now and then.
    setClock: (signal) => setClock(guestWhenStarted, clock, signal),
    async see(signal) {
      const instance = await find(signal);
      return seeMachine(run, instance && isOurs(instance) ? instance : null, signal);
    },
    async untrustedLog(lines) {
      // Which of its serial ports a system talks to differs from one to the other.
      const logs = ['serialv.log', 'serial.log', 'serialp.log'].map((name) => endOf(join(folder, name)));
      const text = (await Promise.all(logs)).find((log) => log.trim() !== '') ?? '';
      return text.trimEnd().split('\n').slice(-lines).join('\n');
    },
    setAutostart: (on, signal) => setAutostart(on, autostart, signal),
    hasAutostart: (signal) => hasAutostart(autostart, signal),
    async destroy({ signal }) {
      await setAutostart(false, autostart, signal);
      const found = await ourState(signal);
      if (found.is !== 'missing')
        await mustSucceed(
          limactl.call(['delete', '--force', machineName], { timeoutMs: stopTimeout, signal }),
        );
      for (const { location } of bases)
        await rm(keptBase(library, location), { recursive: true, force: true });
      await rm(home, { recursive: true, force: true });
    },
  };

  /** Lima starts a machine without its port when somebody else has that, and says nothing. */
  async function mustBeFree(instance: Instance | null, signal: AbortSignal): Promise<void> {
    const port = instance?.config?.portForwards?.find(({ ignore }) => ignore !== true)?.hostPort;
    if (!port || (await options.isPortFree(port))) return;
    const holder = await options.portHolder(port, signal);
    throw new ProblemError('port-taken', { port, program: holder?.program ?? '?' }, ['try-again']);
  }

  /** Whether a failure has no name of its own among those that a person can do something about. */
  function isUnknown({ stderr }: Exited): boolean {
    return limaProblem(stderr).problem.code === 'engine-failed';
  }

  async function isAsAsked(instance: Instance, spec: MachineSpec, text: string): Promise<boolean> {
    if (instance.status === 'Broken' || !instance.config) return false;
    if ((await readBounded(askedFile)) !== text) return false;
    const [mount, ...others] = instance.config.mounts ?? [];
    const [gateway, end] = instance.config.portForwards ?? [];
    // Somebody may have written defaults of Lima's into our folder: what counts is what is in force.
    return (
      mount?.location === spec.sharedFolder &&
      others.length === 0 &&
      gateway?.hostIP === '127.0.0.1' &&
      gateway.hostPort === spec.port &&
      end !== undefined &&
      isEndOfForwards(end) &&
      instance.cpus === spec.cpus &&
      (instance.config.networks ?? []).length === 0 &&
      instance.config.ssh?.forwardAgent !== true
    );
  }
}

/** Where Lima keeps a base that it has downloaded; pure. Source: its pkg/downloader. */
export function keptBase(library: string, location: string): string {
  const name = createHash('sha256').update(location).digest('hex');
  return join(library, 'Caches', 'lima', 'download', 'by-url-sha256', name);
}

async function endOf(path: string): Promise<string> {
  const file = await open(path, 'r').catch(() => null);
  if (!file) return '';
  try {
    const { size } = await file.stat();
    const length = Math.min(size, maxLog);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, size - length);
    return buffer.subarray(0, bytesRead).toString('utf8');
  } finally {
    await file.close();
  }
}
