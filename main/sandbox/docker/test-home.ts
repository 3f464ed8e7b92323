/** The Docker of the person who runs a test: the rig's, see e2e/rig/docker.ts. What is of ours there is taken away. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { registryAddress, registryRepository } from '../../../e2e/rig/registry.ts';
import { isRigSession } from '../../../e2e/rig/settings.ts';
import type { Run } from '../../doors.ts';
import { systemClock } from '../../host/clock.ts';
import { createRun } from '../../host/command.ts';
import { environmentForPrograms } from '../../host/environment.ts';
import { network } from '../../host/network.ts';
import { createPortHolder } from '../../host/ports.ts';
import { homeName } from '../container/names.ts';
import { officialImage } from '../image/names.ts';
import type { Sandbox } from '../sandbox.ts';
import { createDockerSandbox, type DockerOptions } from './docker.ts';

export interface TestHome {
  /** The test's own folder. */
  readonly folder: string;
  readonly sandbox: Sandbox;
  readonly run: Run;
  /** From where images come. */
  readonly imageSource: string;
  /** Another ClawCove of the same person. */
  another(change?: Partial<DockerOptions>): Sandbox;
  docker(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }>;
  close(): Promise<void>;
}

const idle = () => new AbortController().signal;
const silentLog = { info() {}, error() {} };

export async function openTestHome(): Promise<TestHome> {
  const folder = await mkdtemp(join(tmpdir(), 'clawcove-test-'));
  const run = createRun(environmentForPrograms(process.env));
  const imageSource = isRigSession ? `${registryAddress}/${registryRepository}` : officialImage;
  const another = (change: Partial<DockerOptions> = {}) =>
    createDockerSandbox({
      run,
      clock: systemClock,
      log: silentLog,
      net: network,
      portHolder: createPortHolder(run),
      uid: userInfo().uid,
      configFolder: join(folder, '.config'),
      dataFolder: join(folder, 'clawcove'),
      imageSource,
      ...change,
    });
  const docker = async (...args: string[]) => {
    const outcome = await run({ file: 'docker', args, timeoutMs: 120_000, signal: idle() });
    if (outcome.is !== 'exited') throw new Error(`docker ${args.join(' ')}: ${outcome.is}`);
    return outcome;
  };
  const clear = async () => {
    const lines = async (...args: string[]) => (await docker(...args)).stdout.split('\n').filter(Boolean);
    for (const id of await lines('ps', '--all', '--quiet', '--filter=name=clawcove-'))
      await docker('rm', '--force', '--volumes', id);
    for (const name of await lines('volume', 'ls', '--quiet', '--filter=name=clawcove-'))
      await docker('volume', 'rm', name);
    await docker('network', 'rm', 'clawcove-openclaw');
  };
  await clear();
  return {
    folder,
    sandbox: another(),
    run,
    imageSource,
    another,
    docker,
    async close() {
      await clear();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Names of ClawCove's containers, volumes and networks, and of images of OpenClaw's. */
export async function leftoversIn({ docker, imageSource }: TestHome): Promise<string[]> {
  const lines = async (...args: string[]) => (await docker(...args)).stdout.split('\n').filter(Boolean);
  return [
    ...(await lines('ps', '--all', '--filter=name=clawcove-', '--format={{.Names}}')),
    ...(await lines('volume', 'ls', '--format={{.Name}}')),
    ...(await lines('network', 'ls', '--filter=name=clawcove-', '--format={{.Name}}')),
    ...(await lines('images', `--filter=reference=${imageSource}`, '--format={{.Repository}}:{{.Tag}}')),
  ].sort();
}

export { homeName };
