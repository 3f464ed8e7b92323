/** A Podman of its own for tests: the person's real containers are out of reach. */
import { chmod, cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { homedir, tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import type { Command, Run } from '../../doors.ts';
import { systemClock } from '../../host/clock.ts';
import { createRun } from '../../host/command.ts';
import { environmentForPrograms } from '../../host/environment.ts';
import { network } from '../../host/network.ts';
import { createPortHolder } from '../../host/ports.ts';
import { homeName } from '../container/names.ts';
import type { Sandbox } from '../sandbox.ts';
import { createPodmanSandbox, type PodmanOptions } from './podman.ts';

/** The test's own home folder with an engine's store in it. */
export interface TestHome {
  readonly folder: string;
  readonly sandbox: Sandbox;
  readonly run: Run;
  /** Another ClawCove of the same person. */
  another(change?: Partial<PodmanOptions>): Sandbox;
  podman(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }>;
  /** Where the engine finds its registries. */
  readonly registriesConf: string;
  close(): Promise<void>;
}

const idle = () => new AbortController().signal;
const silentLog = { info() {}, error() {} };

/** Opens it. Images come from where the person's own Podman would fetch them. */
export async function openTestHome(): Promise<TestHome> {
  const folder = await mkdtemp(join(tmpdir(), 'clawcove-test-'));
  const at = (...parts: string[]) => join(folder, ...parts);
  const registriesConf = at('.config/containers/registries.conf');
  await mkdir(at('.config/containers'), { recursive: true });
  // Podman 4.3 looks for its registries below HOME, whatever XDG_CONFIG_HOME says.
  await mkdir(at('runtime'), { mode: 0o700 });
  await cp(join(homedir(), '.config/containers/registries.conf'), registriesConf).catch(() => {});
  const environment = {
    ...environmentForPrograms(process.env),
    HOME: folder,
    XDG_CONFIG_HOME: at('.config'),
    XDG_DATA_HOME: at('.local/share'),
    XDG_RUNTIME_DIR: at('runtime'),
    XDG_CACHE_HOME: at('.cache'),
  };
  const run = createRun(environment);
  const another = (change: Partial<PodmanOptions> = {}) =>
    createPodmanSandbox({
      run,
      clock: systemClock,
      log: silentLog,
      net: network,
      portHolder: createPortHolder(run),
      user: userInfo().username,
      folders: { config: at('.config'), data: at('.local/share') },
      dataFolder: at('clawcove'),
      ...change,
    });
  const call = (args: readonly string[], more: Partial<Command> = {}) =>
    run({ file: 'podman', args, timeoutMs: 120_000, signal: idle(), ...more });
  const podman = async (...args: string[]) => {
    const outcome = await call(args);
    if (outcome.is !== 'exited') throw new Error(`podman ${args.join(' ')}: ${outcome.is}`);
    return outcome;
  };
  return {
    folder,
    sandbox: another(),
    run,
    another,
    podman,
    registriesConf,
    async close() {
      await podman('rm', '--all', '--force', '--time=0');
      // Files in the store belong to the person's subordinate ids.
      await call(['unshare', 'chmod', '-R', 'u+rwX', at('.local/share')]);
      await call(['unshare', 'rm', '-rf', at('.local/share')]);
      await podman('system', 'migrate');
      await chmod(folder, 0o700);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const Names = z.array(z.object({ Names: z.union([z.string(), z.array(z.string())]) }));

/** Names of ClawCove's containers, volumes and secrets, and of images. */
export async function leftoversIn({ podman }: TestHome): Promise<string[]> {
  const lines = async (...args: string[]) => (await podman(...args)).stdout.split('\n').filter(Boolean);
  const containers = Names.parse(JSON.parse((await podman('ps', '--all', '--format=json')).stdout));
  return [
    ...containers.flatMap(({ Names: names }) => names),
    ...(await lines('volume', 'ls', '--format={{.Name}}')),
    ...(await lines('secret', 'ls', '--format={{.Name}}')),
    ...(await lines('images', '--format={{.Repository}}:{{.Tag}}')),
  ].sort();
}

export { homeName };
