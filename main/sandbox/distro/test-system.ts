/** A home in a machine of its own, for tests. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { registryAddress, registryRepository } from '../../../e2e/rig/registry.ts';
import { systemClock } from '../../host/clock.ts';
import { createRun } from '../../host/command.ts';
import { network } from '../../host/network.ts';
import { createPortHolder, isPortFree } from '../../host/ports.ts';
import { openStream } from '../../host/stream.ts';
import { createImageStore } from '../image/image-store.ts';
import { officialImage } from '../image/names.ts';
import type { Sandbox } from '../sandbox.ts';
import { createDistroSandbox } from './home.ts';
import { createTestMachine, type TestMachine } from './test-machine.ts';

const GiB = 1024 ** 3;

export interface TestSystem {
  readonly folder: string;
  readonly machine: TestMachine;
  readonly sandbox: Sandbox;
  /** What a command prints that root runs inside. */
  inside(...argv: string[]): Promise<string>;
  close(): Promise<void>;
}

/** Opens it. Images come from the rig's registry. */
export async function openTestSystem(): Promise<TestSystem> {
  const folder = await mkdtemp(join(tmpdir(), 'clawcove-machine-'));
  const machine = await createTestMachine(join(folder, 'machine'));
  const sandbox = createDistroSandbox({
    machine,
    images: createImageStore({
      folder: join(folder, 'images'),
      name: officialImage,
      sources: [{ name: `${registryAddress}/${registryRepository}`, insecure: true }],
      net: network,
      open: openStream,
      arch: 'amd64',
    }),
    clock: systemClock,
    log: { info() {}, error: (message, error) => process.stderr.write(`${message} ${error}\n`) },
    computer: { portHolder: createPortHolder(createRun({ PATH: process.env.PATH ?? '' })), isPortFree },
    dataFolder: join(folder, 'clawcove'),
    diskBytes: 20 * GiB,
    restAfterMs: 60_000,
  });
  return {
    folder,
    machine,
    sandbox,
    async inside(...argv) {
      const signal = new AbortController().signal;
      return (await machine.guest.run(argv, { timeoutMs: 30_000, signal })).untrustedOut.trim();
    },
    async close() {
      await machine.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
