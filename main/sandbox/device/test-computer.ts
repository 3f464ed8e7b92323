/** Another computer for tests: a whole system of its own with SSH and a person's account, joined by a cable. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { registryAddress, registryRepository } from '../../../e2e/rig/registry.ts';
import type { OtherComputer } from '../../contract.ts';
import type { OtherComputerAccess } from '../../doors.ts';
import { systemClock } from '../../host/clock.ts';
import { createRun } from '../../host/command.ts';
import { network } from '../../host/network.ts';
import { createPortHolder, isPortFree } from '../../host/ports.ts';
import { openStream } from '../../host/stream.ts';
import { createDistroSandbox } from '../distro/home.ts';
import type { Machine } from '../distro/machine.ts';
import { createTestMachine, guestAddress } from '../distro/test-machine.ts';
import { createImageStore } from '../image/image-store.ts';
import { officialImage } from '../image/names.ts';
import type { Sandbox } from '../sandbox.ts';
import { idle, silentReport } from '../silent-report.ts';
import { createAccess } from './access.ts';
import { createDeviceMachine } from './device.ts';

export const password = `it's a "$(password)" \\ with all that`;

/** A person who may become administrator, and one who may not. Constant: the password comes as an argument. */
const furnish = `set -e
useradd --uid 1001 --create-home --shell /bin/bash --groups sudo ada
useradd --uid 1002 --create-home --shell /bin/bash ben
printf '%s\\n' "ada:$1" "ben:$1" | chpasswd
ssh-keygen -A > /dev/null
systemctl start ssh`;

export interface TestComputer {
  readonly folder: string;
  readonly computer: OtherComputer;
  readonly access: OtherComputerAccess;
  readonly machine: Machine;
  readonly sandbox: Sandbox;
  /** What a command prints that root runs there, not over SSH. */
  inside(...argv: string[]): Promise<string>;
  /** Lets ClawCove in, by its person's password and word. */
  prepare(): Promise<void>;
  switchOff(): Promise<void>;
  switchOn(): Promise<void>;
  close(): Promise<void>;
}

/** Opens it, with nothing of ours on it. Images come from the rig's registry. */
export async function openTestComputer(): Promise<TestComputer> {
  const folder = await mkdtemp(join(tmpdir(), 'clawcove-computer-'));
  const system = await createTestMachine(join(folder, 'system'));
  const sharedFolder = join(folder, 'nothing-shared');
  await mkdir(sharedFolder);
  await system.create(
    {
      memoryBytes: 0,
      cpus: 1,
      diskBytes: 0,
      // It isn't looked at: the way there is ours to make.
      port: 18_990,
      sharedFolder,
      fence: { refused: [], allowed: [] },
      certificates: null,
    },
    silentReport(),
  );
  const inside = async (...argv: string[]) => {
    const result = await system.guest.run(argv, { timeoutMs: 60_000, signal: idle() });
    return result.untrustedOut.trim();
  };
  const switchOn = async () => {
    await system.start(silentReport());
    await inside('systemctl', 'start', 'ssh');
  };
  await system.start(silentReport());
  const furnished = await system.guest.run(['/bin/sh', '-c', furnish, 'furnish', password], {
    timeoutMs: 60_000,
    signal: idle(),
  });
  if (furnished.exitCode !== 0) throw new Error(furnished.untrustedErr);

  const computer: OtherComputer = { host: guestAddress, port: 22, account: 'ada' };
  const log = {
    info() {},
    error: (message: string, error: unknown) => void process.stderr.write(`${message} ${error}\n`),
  };
  const dataFolder = join(folder, 'clawcove');
  const run = createRun({ PATH: process.env.PATH ?? '', LANG: 'C.UTF-8' });
  const options = {
    run,
    clock: systemClock,
    log,
    net: network,
    computer: { portHolder: createPortHolder(run), isPortFree },
    dataFolder,
    arch: process.arch,
    named: () => computer,
  };
  const access = createAccess(options);
  // Its clock is this computer's.
  const machine: Machine = { ...createDeviceMachine(options), setClock: async () => {} };
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
    log,
    computer: options.computer,
    dataFolder: join(dataFolder, 'home'),
    diskBytes: 0,
    restAfterMs: 60_000,
  });
  return {
    folder,
    computer,
    access,
    machine,
    sandbox,
    inside,
    async prepare() {
      await access.trust(computer, await access.shownKey(computer, idle()), idle());
      const letIn = await access.letIn(computer, password, idle());
      if (letIn.is !== 'done') throw new Error(JSON.stringify(letIn));
      await access.dedicate();
    },
    switchOff: () => system.stop(idle()),
    switchOn,
    async close() {
      await machine.stop(idle()).catch(() => {});
      await system.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
