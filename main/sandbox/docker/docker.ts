/**
 * The person's Docker as a {@link Sandbox}, where it already works: nobody is ever made a member of the group
 * `docker`, which is as good as being an administrator; see {@link EngineState}, `not-allowed`.
 *
 * A home is two containers, itself and a guard that has its network (guard.ts). What lasts lies in one volume,
 * which passing keepers look after (keeper.ts): Docker's own files are out of an ordinary person's reach.
 */
import { access, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock, HostComputer, Log, Net, Run } from '../../doors.ts';
import { ProblemError } from '../../problem.ts';
import { type AutostartCommands, hasAutostart, setAutostart } from '../container/autostart.ts';
import { lastLines } from '../container/containers.ts';
import { execInside } from '../container/exec.ts';
import type { Filter } from '../container/hardening.ts';
import { mustRest } from '../container/home.ts';
import { homeName, rehearsalName } from '../container/names.ts';
import { noOwnSystem } from '../container/no-own-system.ts';
import { filterFile, writeFilter } from '../container/seccomp-file.ts';
import { stopSeconds, workspace } from '../every-home.ts';
import { describeImage } from '../image/describe-image.ts';
import { officialImage } from '../image/names.ts';
import { fetchTags } from '../image/registry-manifest.ts';
import type { TagSource } from '../image/tags.ts';
import { findMarked } from '../observe/find-marked.ts';
import { createQueue } from '../queue.ts';
import type { HomeSpec, Sandbox } from '../sandbox.ts';
import type { Ingredients } from './arguments.ts';
import { dockerWords } from './call.ts';
import { findContainer, removeContainer, sweep } from './containers.ts';
import { createEngineFinder, type Engine } from './engine.ts';
import { type Tell, tellEngine } from './engine-api.ts';
import { dockerExec, runOnce } from './exec.ts';
import { shareFolder, unshareFolder } from './folder-access.ts';
import { removeNetwork, type Watchtower } from './guard.ts';
import { holdWhile } from './hold.ts';
import { createHome, findHome, mustHaveFolder, startHome, stopHome } from './home.ts';
import { anyImage, dropImages, findImage, madeAt } from './images.ts';
import { createKeeper, type Keeper, mustBeDone } from './keeper.ts';
import { baseVolume, cacheWindow, guardName, inside, rehearsalWindow, stateWindow } from './names.ts';
import { observeFromHere } from './observe.ts';
import { pullImage } from './pull.ts';
import { endRehearsal, startRehearsal } from './rehearsal.ts';
import { dropGiven, dropOlder, give, giveCertificates, givenWindow } from './secrets.ts';
import {
  copyState,
  dropCopy,
  exchangeState,
  findCopy,
  foundations,
  hasState,
  loadCopy,
  saveCopy,
  sizeOfCopy,
  tidyState,
} from './state.ts';
import { agentOutside, resolversIn } from './surroundings.ts';
import usualSystemCalls from './usual-system-calls.json' with { type: 'json' };
import { findVolume, makeBase, makeWindow, removeVolume } from './volumes.ts';
import { showWorkspace } from './workspace.ts';

export interface DockerOptions {
  readonly run: Run;
  readonly clock: Clock;
  readonly log: Log;
  readonly net: Net;
  readonly portHolder: HostComputer['portHolder'];
  /** The person's number on this computer. */
  readonly uid: number;
  /** XDG_CONFIG_HOME. */
  readonly configFolder: string;
  /** ClawCove's own folder. */
  readonly dataFolder: string;
  /**
   * From where images are fetched: the official name unless said otherwise. Docker goes through mirrors
   * for its own registry only.
   */
  readonly imageSource?: string;
  /** How the engine is asked without its program. */
  readonly tell?: Tell;
}

const isOfThisComputer = (name: string) => /^(?:localhost|127(?:\.\d+){3})(?::\d+)?\//.test(name);

/** Makes the driver; nothing is run before the first verb. */
export function createDockerSandbox(options: DockerOptions): Sandbox {
  const { run, clock, log, net, dataFolder, portHolder } = options;
  const { imageSource = officialImage, tell = tellEngine } = options;
  // As Docker itself: encryption is not asked of this computer's own.
  const source: TagSource = { name: imageSource, insecure: isOfThisComputer(imageSource) };
  const finder = createEngineFinder(run, dataFolder);
  const dockerOf = async (signal: AbortSignal) => (await finder.ready(signal)).docker;
  const autostart = { run, log, configFolder: options.configFolder };
  const inTurn = createQueue();
  const workspaceCopy = join(dataFolder, 'workspace');

  const filterOf = ({ means }: Engine): Promise<Filter> =>
    writeFilter(JSON.stringify(usualSystemCalls), means.arch, dataFolder);

  /** What any image of ours can do beside a home; null: none lies here. */
  const visitOf = async (engine: Engine, signal: AbortSignal) => {
    const image = await anyImage(engine.docker, imageSource, signal);
    return image === null ? null : { clock, image, seccomp: await filterOf(engine) };
  };
  const findKeeper = async (engine: Engine, signal: AbortSignal): Promise<Keeper | null> => {
    const visit = await visitOf(engine, signal);
    return visit && createKeeper(engine.docker, clock, visit.image, visit.seccomp);
  };
  const keeperOf = async (engine: Engine, signal: AbortSignal): Promise<Keeper> => {
    const keeper = await findKeeper(engine, signal);
    if (!keeper) throw new ProblemError('image-gone', { version: '' }, ['try-again']);
    return keeper;
  };
  /** The engine, with somebody who looks after what lasts. */
  const staffed = async (signal: AbortSignal) => {
    const engine = await finder.ready(signal);
    return { ...engine, keeper: await keeperOf(engine, signal) };
  };

  const watchtower = (engine: Engine): Watchtower => ({
    docker: engine.docker,
    clock,
    portHolder,
    dataFolder,
    async resolvers(signal) {
      const keeper = await keeperOf(engine, signal);
      const script = 'cat /etc/resolv.conf';
      return resolversIn((await mustBeDone(keeper({ as: 'look', script, signal }))).stdout);
    },
  });

  /** Lays the foundations of a home, lets it into the shared folder, and finds what it is made from. */
  const gather = async (engine: Engine, spec: HomeSpec, signal: AbortSignal): Promise<Ingredients> => {
    await mustHaveFolder(spec);
    const { docker, means } = engine;
    const seccomp = await filterOf(engine);
    const keeper = createKeeper(docker, clock, spec.image, seccomp);
    await makeBase(docker, signal);
    const script = `${foundations}; cat /proc/self/uid_map`;
    const { stdout } = await mustBeDone(keeper({ as: 'change', script, signal }));
    await makeWindow(docker, stateWindow, 'state/data', [], signal);
    await makeWindow(docker, cacheWindow, 'cache/data', [], signal);
    // In a virtual machine of its own everybody may write to what is shared.
    if (!means.isDesktop) {
      const sharing = { person: options.uid, agent: agentOutside(stdout) };
      await shareFolder(run, spec.sharedFolder, sharing, signal);
    }
    if (spec.certificates !== null) await giveCertificates(docker, keeper, spec.certificates, clock, signal);
    const given: Record<string, string> = {};
    for (const id of [
      ...spec.secrets.map((secret) => secret.id),
      ...(spec.certificates === null ? [] : (['certificates'] as const)),
    ]) {
      const window = await givenWindow(docker, id, signal);
      if (window === null) throw new ProblemError('secret-gone', { name: id }, ['try-again']);
      given[id] = window;
    }
    return { means, seccomp, given };
  };

  const homeThere = async (signal: AbortSignal) => findHome(await dockerOf(signal), signal);
  const execWays = async (signal: AbortSignal) => {
    const engine = await finder.ready(signal);
    return dockerExec(engine.docker, () => visitOf(engine, new AbortController().signal));
  };
  const runs = async (name: string, signal: AbortSignal) => {
    const there = await findContainer(await dockerOf(signal), name, signal);
    return there?.isOurs === true && there.inspection.state === 'running';
  };

  return {
    ...noOwnSystem,
    engine: 'Docker',
    inside,
    probe: (signal) => finder.probe(signal),
    unstick: (signal) => finder.probe(signal),
    listVersions: (signal) => fetchTags(net, [source], signal),
    async describeVersion(tag, signal) {
      const { means } = await finder.ready(signal);
      return describeImage(net, [source], tag, means.arch, signal);
    },
    findImage: async (version, signal) => findImage(await dockerOf(signal), imageSource, version, signal),
    imageDate: async (reference, signal) => madeAt(await dockerOf(signal), reference, signal),
    fetchImage: async (version, report) => {
      const engine = await finder.ready(report.signal);
      return pullImage({ engine, tell, net, source, version, clock, report });
    },
    keepSecret: (id, value, signal) =>
      inTurn(async () => {
        const { docker, keeper } = await staffed(signal);
        await give(docker, keeper, id, value, clock, signal);
      }),
    hasSecret: async (id, signal) => (await givenWindow(await dockerOf(signal), id, signal)) !== null,
    once: (spec, argv, call) =>
      inTurn(async () => {
        const engine = await finder.ready(call.signal);
        // Two sandboxes around one state would damage it.
        mustRest(await findContainer(engine.docker, homeName, call.signal));
        const ingredients = await gather(engine, spec, call.signal);
        return runOnce(watchtower(engine), spec, ingredients, argv, call);
      }),
    create: (spec, report) =>
      inTurn(async () => {
        const { signal } = report;
        const engine = await finder.ready(signal);
        await sweep(engine.docker, signal, clock, 'abandoned');
        const ingredients = await gather(engine, spec, signal);
        const keeper = createKeeper(engine.docker, clock, spec.image, ingredients.seccomp);
        const script = 'find cache/data -mindepth 1 -delete';
        const emptyCache = async () => {
          await mustBeDone(keeper({ as: 'change', script, signal }));
          await dropOlder(engine.docker, keeper, signal);
        };
        await createHome(engine.docker, spec, ingredients, report, clock, emptyCache);
      }),
    start: (signal) => inTurn(async () => startHome(watchtower(await finder.ready(signal)), signal)),
    stop: (signal) => inTurn(async () => stopHome(await dockerOf(signal), signal)),
    async exec(as, argv, call) {
      const ways = await execWays(call.signal);
      return execInside(ways, homeName, as, argv, call, () => runs(homeName, call.signal));
    },
    async findMarked(mark, signal) {
      const there = await homeThere(signal);
      return there?.home.isOurs ? findMarked(mark, there.home.id) : [];
    },
    async inspect(signal) {
      const there = await homeThere(signal);
      if (!there) return { is: 'missing' };
      return there.home.isOurs ? there.home.inspection : { is: 'foreign', name: there.home.name };
    },
    async observe(signal) {
      const engine = await finder.ready(signal);
      const there = await homeThere(signal);
      if (!there?.home.isOurs || there.home.pid === 0) return { is: 'not-running' };
      const { pid, id, inspection } = there.home;
      const port = inspection.ports[0]?.insidePort ?? null;
      const engineFolders = [engine.means.rootFolder];
      const visit = await visitOf(engine, signal);
      return observeFromHere(engine.docker, visit, { pid, id, port }, engineFolders, signal);
    },
    async workspaceFolder(signal) {
      const there = await homeThere(signal);
      if (!there?.home.isOurs || there.home.pid === 0) return null;
      const folder = `/proc/${there.home.pid}/root${workspace}`;
      const isReadable = await access(folder).then(
        () => true,
        () => false,
      );
      if (isReadable) return folder;
      return showWorkspace((await staffed(signal)).keeper, run, workspaceCopy, signal);
    },
    untrustedLog: async (lines, signal) => lastLines(await dockerOf(signal), homeName, lines, signal, log),
    hasState: async (signal) => {
      const engine = await finder.ready(signal);
      return hasState(engine.docker, await findKeeper(engine, signal), signal);
    },
    copyState: (copy, of, { signal }) =>
      inTurn(async () => {
        const { keeper, ...engine } = await staffed(signal);
        const there = await findContainer(engine.docker, homeName, signal);
        const isRunning = there?.isOurs === true && there.inspection.state === 'running';
        const hold = (work: { script: string; args: readonly string[] }) =>
          holdWhile(
            engine,
            run,
            join(dataFolder, 'docker'),
            there?.id ?? '',
            keeper,
            keeper.hire({ ...work, as: 'change' }),
          );
        await copyState(engine.docker, keeper, copy, of, isRunning ? hold : null, signal);
      }),
    findCopy: async (copy, signal) => {
      const docker = await dockerOf(signal);
      // Before anything was made there is nothing to look at, nor with.
      if (!(await findVolume(docker, baseVolume, signal))) return null;
      return findCopy(docker, (await staffed(signal)).keeper, copy, signal);
    },
    exchangeState: (copy, was, signal) =>
      inTurn(async () => {
        const { docker, keeper } = await staffed(signal);
        mustRest(await findContainer(docker, homeName, signal));
        await exchangeState(docker, keeper, copy, was, signal);
      }),
    sizeOfCopy: async (copy, signal) => sizeOfCopy((await staffed(signal)).keeper, copy, signal),
    saveCopy: (copy, file, report) =>
      inTurn(async () => {
        const { docker, keeper } = await staffed(report.signal);
        await saveCopy(docker, keeper, copy, file, report, clock);
      }),
    loadCopy: (copy, file, of, report) =>
      inTurn(async () => {
        const { docker, keeper } = await staffed(report.signal);
        await makeBase(docker, report.signal);
        await loadCopy(keeper, copy, file, of, report);
      }),
    dropCopy: (copy, signal) =>
      inTurn(async () => {
        const { docker, keeper } = await staffed(signal);
        await dropCopy(docker, keeper, copy, signal);
      }),
    startRehearsal: (spec, { signal }) =>
      inTurn(async () => {
        const engine = await finder.ready(signal);
        await startRehearsal(engine.docker, spec, await gather(engine, spec, signal), signal);
      }),
    async inRehearsal(argv, call) {
      const ways = await execWays(call.signal);
      return execInside(ways, rehearsalName, 'agent', argv, call, () => runs(rehearsalName, call.signal));
    },
    endRehearsal: (signal) =>
      inTurn(async () => {
        const { docker, keeper } = await staffed(signal);
        const said = await endRehearsal(docker, signal, log);
        await dropCopy(docker, keeper, 'rehearsal', signal);
        return said;
      }),
    tidy: (signal) =>
      inTurn(async () => {
        const engine = await finder.ready(signal);
        const { docker } = engine;
        await endRehearsal(docker, signal, log);
        const there = await findContainer(docker, homeName, signal);
        if (there?.isOurs && there.isPaused)
          await docker(['unpause', '--', there.id], { timeoutMs: 60_000, signal });
        const keeper = await findKeeper(engine, signal);
        if (keeper) await tidyState(docker, keeper, 'passing', signal);
        await sweep(docker, signal, clock, 'abandoned');
      }),
    setAutostart: async (on, signal) =>
      setAutostart(on ? autostartOf(await finder.ready(signal)) : null, autostart, signal),
    hasAutostart: (signal) => hasAutostart(autostart, signal),
    dropSpareImages: (keep, signal) =>
      inTurn(async () => dropImages(await dockerOf(signal), imageSource, keep, signal)),
    destroy: ({ state }, { signal, log: say }) =>
      inTurn(async () => {
        const engine = await finder.ready(signal);
        const { docker } = engine;
        await setAutostart(null, autostart, signal);
        await stopHome(docker, signal);
        const there = await findHome(docker, signal);
        if (there?.home.isOurs) {
          const folder = there.home.inspection.mounts.find(({ kind }) => kind === 'bind')?.source;
          const keeper = await findKeeper(engine, signal);
          if (keeper && folder !== undefined) {
            const script = 'cat /proc/self/uid_map';
            const { stdout } = await mustBeDone(keeper({ as: 'look', script, signal }));
            await unshareFolder(run, folder, { person: options.uid, agent: agentOutside(stdout) }, signal);
          }
          await removeContainer(docker, there.home.id, signal);
          await removeContainer(docker, guardName, signal);
        } else if (there) say(`"${homeName}" was not made by ClawCove and stays`);
        await sweep(docker, signal, clock, 'all');
        await endRehearsal(docker, signal, log);
        await dropGiven(docker, signal);
        for (const window of [stateWindow, cacheWindow, rehearsalWindow])
          await removeVolume(docker, window, signal);
        const keeper = await findKeeper(engine, signal);
        if (state) await removeVolume(docker, baseVolume, signal);
        else if (keeper) await tidyState(docker, keeper, 'copies', signal);
        await removeNetwork(docker, signal);
        await dropImages(docker, imageSource, [], signal);
        await rm(workspaceCopy, { recursive: true, force: true });
        await rm(join(dataFolder, 'docker'), { recursive: true, force: true });
        await rm(filterFile(dataFolder), { force: true });
      }),
  };
}

/** The guard first: the home waits for its fence. */
function autostartOf({ host }: Engine): AutostartCommands {
  return {
    start: [guardName, homeName].map((name) => dockerWords(host, ['start', name])),
    stop: dockerWords(host, ['stop', `--time=${stopSeconds}`, homeName, guardName]),
  };
}
