/** Virtual machines for tests, made from the rig's stand-in for Debian's image, which is served here. */
import { constants, createReadStream } from 'node:fs';
import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { networkInterfaces, tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import type { Run } from '../../doors.ts';
import { systemClock } from '../../host/clock.ts';
import { createRun } from '../../host/command.ts';
import { environmentForPrograms } from '../../host/environment.ts';
import { createPortHolder } from '../../host/ports.ts';
import type { Machine, MachineSpec } from '../distro/machine.ts';
import type { Accelerator } from './arguments.ts';
import type { BaseSource } from './base.ts';
import { type Places, placesIn } from './names.ts';
import { assembleMachine, type Patience, type QemuOptions } from './qemu.ts';

/** Where the rig keeps the image; null where it was not built: `rig.ts cloud-image`. */
export async function cloudFolder(): Promise<string | null> {
  const folder = join(process.env.CLAWCOVE_RIG_CACHE ?? '/var/cache/clawcove-rig', 'cloud');
  return stat(join(folder, 'SHA512SUMS')).then(
    () => folder,
    () => null,
  );
}

const image = 'debian-12-generic-amd64.qcow2';
/** A processor of software on a busy computer. */
const patienceOfTests: Patience = { start: 2_400_000, firstWord: 1_200_000, answer: 45_000, stop: 600_000 };

/** As the product refuses them. */
const ownAddresses = () =>
  Object.values(networkInterfaces())
    .flatMap((all) => all ?? [])
    .filter(({ family, internal }) => family === 'IPv4' && !internal)
    .map(({ address }) => address);

export interface TestMachine {
  readonly folder: string;
  readonly places: Places;
  readonly spec: MachineSpec;
  readonly run: Run;
  readonly source: BaseSource;
  readonly machine: Machine;
  /** Another ClawCove of the same person. */
  another(change: {
    readonly options?: Partial<QemuOptions>;
    readonly accelerator?: Accelerator;
    readonly patience?: Partial<Patience>;
  }): Machine;
  /** Takes the machine away with all that it was. */
  close(): Promise<void>;
}

/** Null where the rig has no image. */
export async function openTestMachine(): Promise<TestMachine | null> {
  const cloud = await cloudFolder();
  if (cloud === null) return null;
  const server = createServer((request, response) => {
    const file = join(cloud, (request.url ?? '').replaceAll('..', ''));
    const [, from = '0'] = /^bytes=(\d+)-$/.exec(request.headers.range ?? '') ?? [];
    const start = Number(from);
    stat(file).then(
      ({ size }) => {
        response.writeHead(start > 0 ? 206 : 200, { 'content-length': size - start });
        createReadStream(file, { start }).pipe(response);
      },
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const folder = await mkdtemp(join(tmpdir(), 'clawcove-vm-'));
  await chmod(folder, 0o700);
  const sharedFolder = join(folder, 'shared');
  await mkdir(sharedFolder);
  const run = createRun(environmentForPrograms(process.env));
  const { uid, gid } = userInfo();
  const places = placesIn(folder);
  // As a ClawCove leaves it that was killed right after the download: it is verified, and not brought again.
  await mkdir(places.folder);
  await copyFile(join(cloud, image), places.base, constants.COPYFILE_FICLONE);
  const source: BaseSource = {
    folder: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    image,
    signer: { file: 'SHA512SUMS.sign', keys: await readFile(join(cloud, 'keys'), 'utf8') },
  };
  const another: TestMachine['another'] = ({ options, accelerator = 'emulated', patience }) =>
    assembleMachine(
      {
        run,
        clock: systemClock,
        log: { info() {}, error() {} },
        portHolder: createPortHolder(run),
        uid,
        gid,
        dataFolder: folder,
        configFolder: join(folder, 'config'),
        source,
        ...options,
      },
      accelerator,
      { ...patienceOfTests, ...patience },
    );
  const machine = another({});
  return {
    folder,
    places,
    spec: {
      memoryBytes: 1024 ** 3,
      cpus: 1,
      diskBytes: 6 * 1024 ** 3,
      port: 18_997,
      sharedFolder,
      fence: { refused: ownAddresses(), allowed: [] },
      certificates: null,
    },
    run,
    source,
    machine,
    another,
    async close() {
      const signal = new AbortController().signal;
      await machine.destroy({ signal, progress() {}, log() {} });
      server.closeAllConnections();
      server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
