/** Finds out what this computer's Podman is and can do. */
import { release } from 'node:os';
import { join } from 'node:path';
import semver from 'semver';
import type { Run } from '../../doors.ts';
import { exists } from '../../host/files.ts';
import { ProblemError } from '../../problem.ts';
import { type Cli, type Exited, engineProblem, errorLine } from '../container/call.ts';
import { mixesCgroups } from '../observe/cgroups.ts';
import type { EngineState } from '../sandbox.ts';
import { createPodman } from './call.ts';
import { engineStateFrom, type Means, meansFrom, PodmanInfo, refusesCgroups } from './probe.ts';

/** A quick question takes 0.1 s, the first one after a reboot seconds. */
const timeoutMs = 30_000;
/** It stops homes that still run, each with its own patience. */
const unstickTimeout = 120_000;

/** An engine that can carry a home. */
export interface Engine {
  readonly podman: Cli;
  /** What stands before every command, for others who start Podman (systemd). */
  readonly globals: readonly string[];
  readonly info: PodmanInfo;
  readonly means: Means;
  /** The program that builds fences; null: there is none, and nothing may be started. */
  readonly nft: string | null;
}

/** Ordinary people's PATH doesn't lead to all of them. */
const usualNftPlaces: readonly string[] = [
  '/usr/sbin/nft',
  '/usr/bin/nft',
  '/sbin/nft',
  '/usr/local/sbin/nft',
];

async function firstThere(places: readonly string[]): Promise<string | null> {
  const there = await Promise.all(places.map(exists));
  return places[there.indexOf(true)] ?? null;
}

export interface EngineFinder {
  /** Looks anew. */
  probe(signal: AbortSignal): Promise<EngineState>;
  /**
   * Gets a stuck engine going again.
   * @throws ProblemError when it stays stuck
   */
  unstick(signal: AbortSignal): Promise<EngineState>;
  /**
   * The engine, looked at once; one without a fence is good enough to look at a home and to stop it.
   * @throws ProblemError `engine-not-ready` when it can't carry a home
   */
  ready(signal: AbortSignal): Promise<Engine>;
}

/** The person's folders, by the XDG names. */
export interface PersonFolders {
  readonly config: string;
  readonly data: string;
}

type Look = { readonly state: EngineState; readonly engine: Engine | null };

export function createEngineFinder(options: {
  readonly run: Run;
  readonly user: string;
  readonly folders: PersonFolders;
  /** Hooks for what it starts; see fence.ts. */
  readonly hooksFolder: string;
  /** Where the program may be that builds fences. */
  readonly nftPlaces?: readonly string[];
}): EngineFinder {
  const { run, user, folders, hooksFolder, nftPlaces = usualNftPlaces } = options;
  let known: Engine | null = null;
  let hasRunc = false;

  const look = async (signal: AbortSignal): Promise<Look> => {
    const storage = await globalArguments(folders);
    const ask = (...args: string[]) =>
      run({ file: 'podman', args: [...storage, ...args], timeoutMs, signal });
    const answer = await ask('info', '--format=json');
    if (answer.is === 'not-found') return { state: { is: 'absent' }, engine: null };
    // Nobody has seen the engine then: the computer is too busy, or has nothing left to start it with.
    if (answer.is === 'timed-out')
      throw new ProblemError('engine-too-slow', { command: 'info' }, ['try-again', 'open-log']);
    if (answer.is === 'killed')
      throw new ProblemError('engine-failed', { detail: `podman info: ${answer.by}` }, [
        'try-again',
        'open-log',
      ]);
    const info = infoFrom(answer);
    if (!info) return { state: stateWithoutInfo(answer), engine: null };

    const mixes = await mixesCgroups();
    const needsRunc = refusesCgroups(info, mixes);
    hasRunc ||= needsRunc && (await findsRunc(ask));
    const nft = await firstThere(nftPlaces);
    const state = engineStateFrom(info, { user, mixesCgroups: mixes, hasRunc, hasNft: nft !== null });
    if (state.is !== 'ready' && state.is !== 'no-fence') return { state, engine: null };
    const runtime = needsRunc ? ['--runtime=runc'] : [];
    const globals = [...storage, ...runtime, `--hooks-dir=${hooksFolder}`];
    const podman = createPodman(run, globals);
    return { state, engine: { podman, globals, info, means: meansFrom(info), nft } };
  };

  return {
    async probe(signal) {
      const { state, engine } = await look(signal);
      known = engine;
      return state;
    },
    async unstick(signal) {
      const podman = createPodman(run, await globalArguments(folders));
      const { stderr } = await podman(['system', 'migrate'], { timeoutMs: unstickTimeout, signal });
      // It reports a failure for what it could not stop because it was dead already (seen on 4.3.1).
      const { state, engine } = await look(signal);
      known = engine;
      if (state.is === 'stuck') throw engineProblem(stderr);
      return state;
    },
    async ready(signal) {
      if (known) return known;
      const { state, engine } = await look(signal);
      if (!engine) throw new ProblemError('engine-not-ready', { state: state.is }, ['check-now']);
      known = engine;
      return engine;
    },
  };
}

function infoFrom(answer: Exited): PodmanInfo | null {
  if (answer.code !== 0) return null;
  try {
    return PodmanInfo.parse(JSON.parse(answer.stdout));
  } catch {
    return null;
  }
}

/** Parts that come with the engine's installation and are missing: installing again puts that right. */
const missingPart =
  /newuidmap|newgidmap|could not find (?:a working conmon|"?slirp4netns|"?pasta|"?netavark)|no valid executable found for OCI runtime|default OCI runtime .* not found/;

/**
 * All of the person's programs were ended at once, those among them that hold Podman's namespaces: it
 * still counts on them until the computer starts anew, and names its own way out (seen on 4.3.1).
 */
const stuck = /podman system migrate/;

function stateWithoutInfo({ stdout, stderr, code }: Exited): EngineState {
  if (missingPart.test(stderr)) return { is: 'absent' };
  if (stuck.test(stderr)) return { is: 'stuck', detail: errorLine(stderr) };
  const detail = code === 0 ? `podman info: ${stdout.slice(0, 200)}` : errorLine(stderr);
  return { is: 'broken', detail };
}

/** Podman looks in more places than PATH, so it is asked itself. */
async function findsRunc(ask: (...args: string[]) => ReturnType<Run>): Promise<boolean> {
  const answer = await ask('--runtime=runc', 'info', '--format={{.Host.OCIRuntime.Name}}');
  return answer.is === 'exited' && answer.code === 0;
}

/** What stands before every command; its warnings would stand between the words of what runs inside. */
const globalArguments = async (folders: PersonFolders): Promise<string[]> => [
  '--log-level=error',
  ...(await storageArguments(folders)),
];

/**
 * Debian's Podman 4.3 takes the storage driver `vfs` where nobody configured one: three
 * times the disk and 7 s for every start instead of 0.3. The first use decides for ever, so
 * the kernel's own `overlay` is asked for where neither a configuration nor an earlier use
 * has decided yet.
 */
async function storageArguments({ config, data }: PersonFolders): Promise<string[]> {
  // Before this kernel ordinary people could not use its overlay.
  if (semver.lt(semver.coerce(release()) ?? '0.0.0', '5.13.0')) return [];
  const deciding = [
    join(config, 'containers/storage.conf'),
    '/etc/containers/storage.conf',
    '/usr/share/containers/storage.conf',
    join(data, 'containers/storage/vfs-images'),
  ];
  const decided = await Promise.all(deciding.map(exists));
  return decided.includes(true) ? [] : ['--storage-driver=overlay'];
}
