/** Windows' own Linux, as a machine in which a home lives: a distribution of our own, and no other is ever touched. */
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import * as z from 'zod';
import type { Clock, Log, Run } from '../../doors.ts';
import { exists, readBounded } from '../../host/files.ts';
import { listenersOn } from '../../host/windows/ports.ts';
import type { Programs } from '../../host/windows/programs.ts';
import { ProblemError } from '../../problem.ts';
import type { Machine, MachineSpec, MachineState } from '../distro/machine.ts';
import { setClock } from '../distro/set-clock.ts';
import type { EngineState, PublishedPort, Report } from '../sandbox.ts';
import { hasAutostart, setAutostart } from './autostart.ts';
import { type BaseSource, type Download, fetchBase } from './base.ts';
import { createWsl, mustSucceed, wslProblem } from './call.ts';
import { breaches, breachProblem, configure, lookInside, writeSettings } from './configure.ts';
import { type Distro, distrosFrom, isSamePath, listedFrom, lxssKey } from './distros.ts';
import { failureIn } from './failure.ts';
import { createGuest, runInside } from './guest.ts';
import { createHold } from './hold.ts';
import type { Wanted } from './lockdown.ts';
import { lookAtWsl } from './look.ts';
import { distroName, sharedInside } from './names.ts';
import { isFitAbove, isFree } from './place.ts';
import { engineStateFrom } from './probe.ts';
import { type AgentAccount, fstab, isSharable, wslConf } from './texts.ts';
import { listenersIn, type WslConfig, waysToComputer, wslConfigFrom, wslConfigTrap } from './wslconfig.ts';

const timeoutMs = 30_000;
/** Unpacking a root file system takes a minute, on a slow disk many; so does copying one out or in (ms). */
const importTimeout = 1_800_000;
/** How long a system may take to end its services (ms), and how often it is asked meanwhile. */
const endTimeout = 60_000;
const lookEvery = 2_000;
/** A disk that was just let go is held by Windows for some seconds. */
const removeTries = 10;

export interface WslOptions {
  readonly run: Run;
  readonly programs: Programs;
  readonly clock: Clock;
  readonly log: Log;
  readonly download: Download;
  readonly base: BaseSource;
  /** ClawCove's own folder, in `%LOCALAPPDATA%`: never one that a cloud copies. */
  readonly dataFolder: string;
  /** The person's own, in which `.wslconfig` lies. */
  readonly home: string;
  readonly agent: AgentAccount;
  /** Whether there is anything at a path; tests have no drives with letters. */
  readonly isThere?: (path: string) => Promise<boolean>;
}

/** A machine that can be kept as one file as well. */
export interface WslMachine extends Machine {
  /**
   * Writes the whole disk to a file, as it is while the machine rests; an older file is replaced.
   * @param file ends in `.vhdx`: WSL goes by that
   */
  keepDisk(file: string, report: Report): Promise<void>;
  /** Makes the machine anew from such a file, stopped; what was on its disk is gone then. */
  putDiskBack(file: string, report: Report): Promise<void>;
}

/** What the machine was last made as: WSL itself keeps nothing of it that can be asked for. */
const MadeAs = z.object({ port: z.number(), sharedFolder: z.string() });
type MadeAs = z.infer<typeof MadeAs>;

/** The WSL family's {@link Machine}. */
export function createWslMachine(options: WslOptions): WslMachine {
  const { run, programs, clock, log, dataFolder, agent, isThere = exists } = options;
  const folder = join(dataFolder, 'wsl');
  const diskFolder = join(folder, 'disk');
  const noteFile = join(folder, 'machine.json');
  const idle = () => new AbortController().signal;
  const wsl = createWsl(run, programs.wsl);
  const hold = createHold(run, programs.wsl);
  let config: WslConfig = wslConfigFrom('');
  let startedAt: number | null = null;
  let lastState: EngineState | null = null;

  const wantedFor = (windowsFolder: string): Wanted => ({
    wslConf: wslConf(),
    fstab: fstab(windowsFolder, sharedInside, agent),
    sharedFolder: windowsFolder,
    sharedInside,
  });

  async function probe(signal: AbortSignal): Promise<EngineState> {
    lastState = engineStateFrom(await lookAtWsl(run, programs, signal));
    return lastState;
  }

  /** The registry alone is asked: that wakes nothing and nobody. */
  async function find(
    signal: AbortSignal,
  ): Promise<{ readonly distro: Distro; readonly isOurs: boolean } | null> {
    const answer = await run({
      file: programs.reg,
      args: ['query', lxssKey, '/s'],
      timeoutMs,
      signal,
      encoding: 'latin1',
    });
    if (answer.is !== 'exited' || answer.code > 1)
      throw new ProblemError('engine-failed', { detail: `reg: ${answer.is}` }, ['try-again']);
    const distro = distrosFrom(answer.stdout).find(
      ({ name }) => name.toLowerCase() === distroName.toLowerCase(),
    );
    return distro ? { distro, isOurs: isSamePath(distro.folder, diskFolder) } : null;
  }

  async function isRunning(signal: AbortSignal): Promise<boolean> {
    if (hold.isHeld()) return true;
    const answer = await wsl(['--list', '--verbose'], { timeoutMs, signal });
    return listedFrom(answer.text).some(({ name, state }) => name === distroName && state === 'Running');
  }

  async function state(signal: AbortSignal): Promise<MachineState> {
    const found = await find(signal);
    if (!found) return { is: 'missing' };
    const { distro, isOurs } = found;
    if (!isOurs) return { is: 'foreign', name: distro.name };
    const damaged = (detail: string) => ({ is: 'faulty', why: 'disk-damaged', detail }) as const;
    if (distro.standing === 'busy') return { is: 'faulty', why: 'gives-no-answer', detail: 'busy' };
    if (distro.standing !== 'installed') return damaged(distro.standing);
    // The old kind has no kernel of its own: nothing keeps it apart from Windows.
    if (distro.wslVersion !== 2) return { is: 'faulty', why: 'no-virtualization', detail: 'WSL 1' };
    if (!(await isThere(join(diskFolder, distro.diskFile)))) return damaged(distro.diskFile);
    return (await isRunning(signal)) ? { is: 'running', startedAt } : { is: 'stopped' };
  }

  /** @throws ProblemError when there is none, or it is somebody else's */
  async function ours(signal: AbortSignal): Promise<Distro> {
    const found = await find(signal);
    if (!found) throw new ProblemError('home-not-there', {}, ['check-now']);
    if (!found.isOurs) throw new ProblemError('home-not-ours', { name: found.distro.name }, ['check-now']);
    return found.distro;
  }

  /** Ends ours, and only ours: `--shutdown` would end the person's others and Docker's. */
  async function terminate(signal: AbortSignal): Promise<void> {
    await hold.release();
    startedAt = null;
    const answer = await wsl(['--terminate', distroName], { timeoutMs: endTimeout, signal });
    if (answer.code !== 0 && failureIn(answer.text) !== 'distro-not-found') throw wslProblem(answer.text);
  }

  async function unregister(signal: AbortSignal): Promise<void> {
    await terminate(signal);
    await mustSucceed(wsl(['--unregister', distroName], { timeoutMs: importTimeout, signal }));
    await removeFolder();
  }

  async function removeFolder(): Promise<void> {
    await rm(diskFolder, { recursive: true, force: true, maxRetries: removeTries, retryDelay: 500 });
  }

  /** Makes the distribution from a file; one that is broken off leaves nothing behind. */
  async function bringIn(args: readonly string[], report: Report): Promise<void> {
    if (!(await isFree(diskFolder)) || !(await isFitAbove(run, programs, folder, report.signal)))
      throw new ProblemError('home-place-not-fit', { path: diskFolder }, ['try-again', 'open-log']);
    try {
      const answer = await wsl(args, { timeoutMs: importTimeout, signal: report.signal });
      if (answer.code === 0) return;
      if (failureIn(answer.text) === 'name-taken')
        throw new ProblemError('home-not-ours', { name: distroName }, ['check-now']);
      throw wslProblem(answer.text);
    } catch (error) {
      const half = await find(idle());
      // One that is whole holds somebody's memories, however it came there.
      if (half?.isOurs && half.distro.standing === 'half-made') await unregister(idle());
      throw error;
    }
  }

  async function note(made: MadeAs): Promise<void> {
    await mkdir(folder, { recursive: true });
    await writeFileAtomic(noteFile, JSON.stringify(made), { mode: 0o600 });
  }

  async function madeAs(): Promise<MadeAs | null> {
    try {
      return MadeAs.parse(JSON.parse(await readFile(noteFile, 'utf8')));
    } catch {
      return null;
    }
  }

  async function readConfig(): Promise<void> {
    config = wslConfigFrom((await readBounded(join(options.home, '.wslconfig'))) ?? '');
    const setting = wslConfigTrap(config);
    if (setting !== null) throw new ProblemError('wsl-settings', { setting }, ['try-again']);
  }

  async function create(spec: MachineSpec, report: Report): Promise<void> {
    const { signal } = report;
    const windowsFolder = spec.sharedFolder;
    if (!(await isThere(windowsFolder)))
      throw new ProblemError('shared-folder-gone', { path: windowsFolder }, ['choose-folder']);
    if (!isSharable(windowsFolder))
      throw new ProblemError('shared-folder-not-seen', { path: windowsFolder }, ['choose-folder']);
    await readConfig();
    const found = await find(signal);
    if (found && !found.isOurs)
      throw new ProblemError('home-not-ours', { name: found.distro.name }, ['check-now']);
    const standing = found?.distro.standing ?? 'half-made';
    if (standing === 'busy')
      throw new ProblemError('engine-too-slow', { command: distroName }, ['try-again']);
    if (standing === 'installed') await stop(signal);
    else {
      // What was never finished holds nothing yet.
      if (found) await unregister(signal);
      const file = await fetchBase(options.base, join(folder, 'base'), options.download, report);
      await mkdir(folder, { recursive: true });
      await bringIn(['--import', distroName, diskFolder, file, '--version', '2'], report);
    }
    await resize(spec.diskBytes, report);
    await configure(wsl, wantedFor(windowsFolder), spec.certificates, signal);
    await note({ port: spec.port, sharedFolder: windowsFolder });
    // What was written counts from the next start on; that start is this one, and nothing of OpenClaw's is in it yet.
    await terminate(signal);
    const amiss = await look(windowsFolder, signal);
    await terminate(signal);
    if (amiss.length > 0) throw breachProblem(amiss, windowsFolder);
  }

  const look = (windowsFolder: string, signal: AbortSignal) =>
    breaches(wsl, wantedFor(windowsFolder), () => clock.sleep(lookEvery, signal), signal);

  /** A disk that can't be made as large as asked still works; it says itself when it is full. */
  async function resize(bytes: number, { log: say, signal }: Report): Promise<void> {
    await terminate(signal);
    const size = `${Math.ceil(bytes / 1024 ** 2)}MB`;
    const answer = await wsl(['--manage', distroName, '--resize', size], {
      timeoutMs: importTimeout,
      signal,
    });
    if (answer.code === 0) return;
    if (failureIn(answer.text) === 'disk-full') throw wslProblem(answer.text);
    say(`the home's disk keeps its size: ${answer.text.trim().split('\n').at(-1) ?? ''}`);
  }

  async function start({ signal, log: say }: Report): Promise<void> {
    await ours(signal);
    const made = await madeAs();
    if (!made) throw new ProblemError('home-not-there', {}, ['check-now']);
    if (!(await isThere(made.sharedFolder)))
      throw new ProblemError('shared-folder-gone', { path: made.sharedFolder }, ['choose-folder']);
    await readConfig();
    const wasHeld = hold.isHeld();
    hold.start();
    try {
      let found = await look(made.sharedFolder, signal);
      if (found.includes('settings-differ') || found.includes('sees-more')) {
        // Root inside may have written something else; nobody outside does.
        say('the home did not keep to its settings; they are written anew');
        await writeSettings(wsl, wantedFor(made.sharedFolder), signal);
        await terminate(signal);
        hold.start();
        found = await look(made.sharedFolder, signal);
      }
      if (found.length > 0) throw breachProblem(found, made.sharedFolder);
      if (!wasHeld) startedAt = clock.now();
    } catch (error) {
      // Whatever it was: nothing goes on behind the person's back in a home that isn't as it should be.
      await terminate(idle()).catch((reason: unknown) => log.error('the home could not be ended', reason));
      throw error;
    }
  }

  async function stop(signal: AbortSignal): Promise<void> {
    const found = await find(signal);
    if (!found?.isOurs) return;
    if (await isRunning(signal)) await endInOrder(signal);
    await terminate(signal);
  }

  /** Its services end by themselves; what doesn't is ended by {@link terminate}. */
  async function endInOrder(signal: AbortSignal): Promise<void> {
    const asked = await runInside(wsl, ['/usr/bin/systemctl', '--no-block', 'poweroff'], {
      timeoutMs,
      signal,
    }).catch((error: unknown) => {
      if (error instanceof ProblemError) return null;
      throw error;
    });
    await hold.release();
    const until = clock.monotonic() + endTimeout;
    while (asked?.exitCode === 0 && clock.monotonic() < until && (await isRunning(signal)))
      await clock.sleep(lookEvery, signal);
  }

  const guest = createGuest(wsl, async (signal) => {
    if (hold.isHeld()) return;
    if (!(await find(signal))?.isOurs || !(await isRunning(signal)))
      throw new ProblemError('home-not-running', {}, ['try-again']);
    // From now on it is known without asking.
    hold.start();
  });

  /** Addresses of this computer at which the home's port can be reached. */
  async function publishedPorts(port: number, signal: AbortSignal): Promise<PublishedPort[]> {
    // Mirrored, the two share their interfaces: where it listens inside is where it can be reached outside.
    if (config.networking === 'mirrored') {
      const argv = ['/usr/bin/ss', '-H', '-l', '-t', '-n', `sport = :${port}`];
      const { untrustedOut } = await runInside(wsl, argv, { timeoutMs, signal });
      return listenersIn(untrustedOut, port).map((address) => ({ address, port, insidePort: port }));
    }
    const listeners = await listenersOn(run, programs, port, signal);
    // Nobody could tell: that is not "nowhere".
    if (!listeners)
      throw new ProblemError('engine-failed', { detail: 'Get-NetTCPConnection' }, ['try-again']);
    return listeners
      .filter(({ program }) => /^wslrelay$/i.test(program))
      .map(({ address }) => ({ address: address === '::' ? '0.0.0.0' : address, port, insidePort: port }));
  }

  return {
    engine: 'WSL',
    guest,
    sharedInside,
    agentId: agent.uid,
    get computer() {
      return waysToComputer(config);
    },
    async probe(signal) {
      // A home that lives in it proves more than all these questions.
      if (hold.isHeld() && lastState?.is === 'ready') return lastState;
      return probe(signal);
    },
    // It is never stuck in a way that could be mended without ending the person's other distributions.
    unstick: probe,
    state,
    create,
    start,
    stop,
    async mend({ signal }) {
      const found = await state(signal);
      if (found.is !== 'faulty') return { is: 'as-it-was' };
      // What Windows is still at work on ends by itself; of the rest nothing was kept that it could go back to.
      if (found.why === 'gives-no-answer')
        throw new ProblemError('engine-too-slow', { command: distroName }, ['try-again']);
      throw new ProblemError('machine-failed', { detail: `${found.why}: ${found.detail}` }, ['open-log']);
    },
    setClock: (signal) => setClock(guest, clock, signal),
    folderFromOutside: async () => null,
    async see(signal) {
      const made = await madeAs();
      const running = (await state(signal)).is === 'running';
      const seen = running ? await lookInside(wsl, signal) : null;
      return {
        // The virtual machine is a process of Windows itself, which no account of a person's runs.
        hostUid: null,
        ports: running && made ? await publishedPorts(made.port, signal) : [],
        sharedFolders:
          seen?.windowsFolders.map(({ source }) => source ?? '?') ?? (made ? [made.sharedFolder] : []),
        confinement: [
          'Hyper-V utility VM of WSL 2, shared with this person’s other distributions',
          `networking: ${config.networking}`,
          ...(config.forwardsLocalhost ? [] : ['localhost forwarding: off']),
          ...(config.tunnelsNames ? [] : ['DNS tunneling: off']),
        ],
      };
    },
    async untrustedLog(lines, signal) {
      if (!(await find(signal))?.isOurs || !(await isRunning(signal))) return '';
      const argv = [
        '/usr/bin/journalctl',
        '--no-pager',
        '--boot',
        '--output=short-iso',
        '--lines',
        String(lines),
      ];
      const { untrustedOut } = await runInside(wsl, argv, { timeoutMs, signal });
      return untrustedOut;
    },
    async setAutostart(on, signal) {
      await setAutostart(on, { run, log, programs, dataFolder }, signal);
    },
    hasAutostart: (signal) => hasAutostart({ run, log, programs, dataFolder }, signal),
    async destroy({ signal }) {
      await setAutostart(false, { run, log, programs, dataFolder }, signal);
      const found = await find(signal);
      if (found?.isOurs) await unregister(signal);
      await rm(folder, { recursive: true, force: true, maxRetries: removeTries, retryDelay: 500 });
    },
    async keepDisk(file, { signal }) {
      await ours(signal);
      if (await isRunning(signal)) throw new ProblemError('home-is-running', {}, ['try-again']);
      const part = `${file}.part.vhdx`;
      await rm(part, { force: true });
      try {
        const args = ['--export', distroName, part, '--format', 'vhd'];
        await mustSucceed(wsl(args, { timeoutMs: importTimeout, signal }));
        await rename(part, file);
      } finally {
        await rm(part, { force: true });
      }
    },
    async putDiskBack(file, report) {
      if (!(await isThere(file))) throw new ProblemError('state-gone', {}, ['check-now']);
      const found = await find(report.signal);
      if (found && !found.isOurs)
        throw new ProblemError('home-not-ours', { name: found.distro.name }, ['check-now']);
      if (found) await unregister(report.signal);
      await bringIn(['--import', distroName, diskFolder, file, '--vhd', '--version', '2'], report);
    },
  };
}
