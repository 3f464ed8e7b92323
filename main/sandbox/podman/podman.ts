/** Rootless Podman as a {@link Sandbox}. */
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import type { Clock, HostComputer, Log, Net, Run } from '../../doors.ts';
import { readBounded } from '../../host/files.ts';
import { ProblemError } from '../../problem.ts';
import { type AutostartCommands, hasAutostart, setAutostart } from '../container/autostart.ts';
import { lastLines } from '../container/containers.ts';
import { execInside } from '../container/exec.ts';
import { mustRest } from '../container/home.ts';
import { homeName, secretNames } from '../container/names.ts';
import { noOwnSystem } from '../container/no-own-system.ts';
import { filterFile, writeFilter } from '../container/seccomp-file.ts';
import { stopSeconds, workspace } from '../every-home.ts';
import { fenceHook } from '../fence.ts';
import { describeImage } from '../image/describe-image.ts';
import { officialImage } from '../image/names.ts';
import { findMarked } from '../observe/find-marked.ts';
import { observeHome, ownOutlook } from '../observe/observe.ts';
import { createQueue } from '../queue.ts';
import type { HomeSpec, Sandbox } from '../sandbox.ts';
import type { Ingredients } from './arguments.ts';
import { findContainer, removeContainer, sweep } from './containers.ts';
import { createEngineFinder, type Engine, type PersonFolders } from './engine.ts';
import { podmanExec, runOnce } from './exec.ts';
import { createHome, startHome, stopHome } from './home.ts';
import { dropImages, findImage, listTags, madeAt } from './images.ts';
import { certificatesName, copyVolumes, inside, makingVolume, stateVolume } from './names.ts';
import { tagSources } from './probe.ts';
import { pullImage, sweepDownloads } from './pull.ts';
import { endRehearsal, inRehearsal, startRehearsal } from './rehearsal.ts';
import { keepCertificates, removeSecret, secretId, setSecret } from './secrets.ts';
import {
  copyState,
  exchangeState,
  findCopy,
  hasState,
  loadCopy,
  saveCopy,
  sizeOfCopy,
  tidyState,
} from './state.ts';
import { removeVolume } from './volumes.ts';

export interface PodmanOptions {
  readonly run: Run;
  readonly clock: Clock;
  readonly log: Log;
  readonly net: Net;
  readonly portHolder: HostComputer['portHolder'];
  /** The person's account name. */
  readonly user: string;
  /** The person's XDG folders. */
  readonly folders: PersonFolders;
  /** ClawCove's own folder. */
  readonly dataFolder: string;
  /** Where the program may be that builds fences; the usual places unless said otherwise. */
  readonly nftPlaces?: readonly string[];
}

/** Makes the driver; nothing is run before the first verb. */
export function createPodmanSandbox(options: PodmanOptions): Sandbox {
  const { run, clock, log, dataFolder, folders } = options;
  const hooksFolder = join(dataFolder, 'hooks');
  const finder = createEngineFinder({ ...options, hooksFolder });
  const podmanOf = async (signal: AbortSignal) => (await finder.ready(signal)).podman;
  const autostart = { run, log, configFolder: folders.config };
  const inTurn = createQueue();
  const downloads = join(dataFolder, 'download');

  const gather = async (engine: Engine, spec: HomeSpec, signal: AbortSignal): Promise<Ingredients> => {
    if (spec.certificates !== null) await keepCertificates(engine.podman, spec.certificates, signal);
    const secretIds: string[] = [];
    for (const { id } of spec.secrets) {
      const found = await secretId(engine.podman, secretNames[id], signal);
      if (found === null) throw new ProblemError('secret-gone', { name: id }, ['try-again']);
      secretIds.push(found);
    }
    const { arch, security } = engine.info.host;
    const profile = security.seccompProfilePath ? await readBounded(security.seccompProfilePath) : null;
    return { means: engine.means, seccomp: await writeFilter(profile, arch, dataFolder), secretIds };
  };

  /** The engine, with everything that it takes to start a home or something like it. */
  const startable = async (signal: AbortSignal): Promise<Engine> => {
    const engine = await finder.ready(signal);
    if (engine.nft === null) throw new ProblemError('engine-not-ready', { state: 'no-fence' }, ['check-now']);
    await mkdir(hooksFolder, { recursive: true, mode: 0o700 });
    await writeFileAtomic(join(hooksFolder, 'fence.json'), fenceHook(engine.nft), { mode: 0o600 });
    return engine;
  };

  return {
    ...noOwnSystem,
    engine: 'Podman',
    inside,
    probe: (signal) => finder.probe(signal),
    unstick: (signal) =>
      inTurn(async () => {
        const state = await finder.unstick(signal);
        if (state.is !== 'ready' && state.is !== 'no-fence') return state;
        const podman = await podmanOf(signal);
        const home = await findContainer(podman, homeName, signal);
        // What it stood on is gone: it would not start again (seen on 4.3.1).
        if (home?.isOurs) await removeContainer(podman, home.id, signal);
        return state;
      }),
    listVersions: async (signal) => listTags(await finder.ready(signal), officialImage, signal),
    async describeVersion(tag, signal) {
      const { info } = await finder.ready(signal);
      const sources = tagSources(info, officialImage);
      return describeImage(options.net, sources, tag, info.host.arch, signal);
    },
    findImage: async (version, signal) => findImage(await podmanOf(signal), officialImage, version, signal),
    imageDate: async (reference, signal) => madeAt(await podmanOf(signal), reference, signal),
    fetchImage: async (version, report) =>
      pullImage({
        engine: await finder.ready(report.signal),
        net: options.net,
        name: officialImage,
        version,
        folder: downloads,
        clock,
        report,
      }),
    keepSecret: (id, value, signal) =>
      inTurn(async () => setSecret(await podmanOf(signal), secretNames[id], value, signal)),
    hasSecret: async (id, signal) =>
      (await secretId(await podmanOf(signal), secretNames[id], signal)) !== null,
    once: (spec, argv, call) =>
      inTurn(async () => {
        const engine = await startable(call.signal);
        // Two sandboxes around one state would damage it.
        mustRest(await findContainer(engine.podman, homeName, call.signal));
        return runOnce(engine.podman, spec, await gather(engine, spec, call.signal), argv, call);
      }),
    create: (spec, report) =>
      inTurn(async () => {
        const engine = await startable(report.signal);
        await sweep(engine.podman, report.signal, clock, 'abandoned');
        await createHome(engine.podman, spec, await gather(engine, spec, report.signal), report, clock);
      }),
    start: (signal) =>
      inTurn(async () => startHome((await startable(signal)).podman, signal, options.portHolder)),
    stop: (signal) => inTurn(async () => stopHome(await podmanOf(signal), signal)),
    async exec(as, argv, call) {
      const podman = await podmanOf(call.signal);
      const isRunning = async () => {
        const there = await findContainer(podman, homeName, call.signal);
        return there?.isOurs === true && there.inspection.state === 'running';
      };
      return execInside(podmanExec(podman), homeName, as, argv, call, isRunning);
    },
    async findMarked(mark, signal) {
      const there = await findContainer(await podmanOf(signal), homeName, signal);
      return there?.isOurs ? findMarked(mark, there.id) : [];
    },
    async inspect(signal) {
      const there = await findContainer(await podmanOf(signal), homeName, signal);
      if (!there) return { is: 'missing' };
      return there.isOurs ? there.inspection : { is: 'foreign', name: there.name };
    },
    async observe(signal) {
      const { podman, info } = await finder.ready(signal);
      const there = await findContainer(podman, homeName, signal);
      if (!there?.isOurs || there.pid === 0) return { is: 'not-running' };
      const { graphRoot, runRoot, volumePath } = info.store;
      // Volumes may lie apart from everything else of the engine's.
      const engineFolders = [graphRoot, runRoot, ...(volumePath ? [volumePath] : [])];
      const port = there.inspection.ports[0]?.insidePort ?? null;
      return observeHome({ pid: there.pid, id: there.id, port }, ownOutlook(engineFolders));
    },
    async workspaceFolder(signal) {
      const there = await findContainer(await podmanOf(signal), homeName, signal);
      // The folder of its volume can't be entered from outside: it belongs to the home's own user numbers.
      return there?.isOurs && there.pid !== 0 ? `/proc/${there.pid}/root${workspace}` : null;
    },
    untrustedLog: async (lines, signal) => lastLines(await podmanOf(signal), homeName, lines, signal, log),
    hasState: async (signal) => hasState(await podmanOf(signal), signal),
    copyState: (copy, of, report) =>
      inTurn(async () => copyState(await podmanOf(report.signal), copy, of, report)),
    findCopy: async (copy, signal) => findCopy(await podmanOf(signal), copy, signal),
    exchangeState: (copy, was, signal) =>
      inTurn(async () => exchangeState(await podmanOf(signal), copy, was, signal)),
    sizeOfCopy: async (copy, signal) => sizeOfCopy(await podmanOf(signal), copy, signal),
    saveCopy: (copy, file, report) =>
      inTurn(async () => saveCopy(await podmanOf(report.signal), copy, file, report, clock)),
    loadCopy: (copy, file, of, report) =>
      inTurn(async () => loadCopy(await podmanOf(report.signal), copy, file, of, report)),
    dropCopy: (copy, signal) =>
      inTurn(async () => removeVolume(await podmanOf(signal), copyVolumes[copy], signal)),
    startRehearsal: (spec, { signal }) =>
      inTurn(async () => {
        const engine = await startable(signal);
        await startRehearsal(engine.podman, spec, await gather(engine, spec, signal), signal);
      }),
    inRehearsal: async (argv, call) => inRehearsal(await podmanOf(call.signal), argv, call),
    endRehearsal: (signal) => inTurn(async () => endRehearsal(await podmanOf(signal), signal, log)),
    tidy: (signal) =>
      inTurn(async () => {
        const podman = await podmanOf(signal);
        await endRehearsal(podman, signal, log);
        await tidyState(podman, signal);
        await sweep(podman, signal, clock, 'abandoned');
        await sweepDownloads(downloads);
      }),
    setAutostart: async (on, signal) =>
      setAutostart(on ? autostartOf(await finder.ready(signal)) : null, autostart, signal),
    hasAutostart: (signal) => hasAutostart(autostart, signal),
    dropSpareImages: (keep, signal) =>
      inTurn(async () => dropImages(await podmanOf(signal), officialImage, keep, signal)),
    destroy: ({ state }, { signal, log: say }) =>
      inTurn(async () => {
        const podman = await podmanOf(signal);
        await setAutostart(null, autostart, signal);
        await stopHome(podman, signal);
        const home = await findContainer(podman, homeName, signal);
        if (home?.isOurs) await removeContainer(podman, home.id, signal);
        else if (home) say(`"${homeName}" was not made by ClawCove and stays`);
        await sweep(podman, signal, clock, 'all');
        await endRehearsal(podman, signal, log);
        await tidyState(podman, signal);
        for (const name of [...Object.values(secretNames), certificatesName])
          await removeSecret(podman, name, signal);
        const volumes = [...Object.values(copyVolumes), makingVolume, ...(state ? [stateVolume] : [])];
        for (const name of volumes) await removeVolume(podman, name, signal);
        await dropImages(podman, officialImage, [], signal);
        await rm(hooksFolder, { recursive: true, force: true });
        await rm(downloads, { recursive: true, force: true });
        await rm(filterFile(dataFolder), { force: true });
      }),
  };
}

function autostartOf({ globals }: Engine): AutostartCommands {
  const podman = ['podman', ...globals];
  return {
    start: [[...podman, 'start', homeName]],
    stop: [...podman, 'stop', `--time=${stopSeconds}`, homeName],
  };
}
