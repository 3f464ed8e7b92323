/**
 * The proof on the real engine: nothing gets out of a home as ClawCove makes it, and whatever somebody
 * takes away of its walls, the attempts that those walls stop get through and are told.
 */
import { mkdir } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type AttemptId, attemptIds, type Proof } from '../contract.ts';
import { createBait } from '../host/bait.ts';
import { systemClock } from '../host/clock.ts';
import { createComputer } from '../host/computer.ts';
import { network } from '../host/network.ts';
import { createStore } from '../host/store.ts';
import { mixesCgroups } from '../sandbox/observe/cgroups.ts';
import { createArguments, type Ingredients } from '../sandbox/podman/arguments.ts';
import { meansFrom, PodmanInfo } from '../sandbox/podman/probe.ts';
import { homeName, openTestHome, type TestHome } from '../sandbox/podman/test-home.ts';
import type { HomeSpec } from '../sandbox/sandbox.ts';
import { idle, silentReport } from '../sandbox/silent-report.ts';
import { createState } from '../state.ts';
import { blankSnapshot } from '../testing/jobs.ts';
import { freshChoices } from '../testing/machine.ts';
import { createJobs } from '../work/job.ts';
import { prove } from './prove.ts';
import type { ProofDoors } from './scene.ts';

const silent = { info() {}, error() {} };
const version = '2026.9.6';
/** Whom these aim at may not be there. */
const atOthers: readonly AttemptId[] = ['host-addresses', 'local-network', 'cloud-metadata'];

/** Argument that carries the fence. */
const fence = '--annotation';

/** Addresses of this computer that aren't loopback. */
const hostAddresses = Object.values(networkInterfaces())
  .flatMap((list) => list ?? [])
  .filter(({ family, internal }) => family === 'IPv4' && !internal)
  .map(({ address }) => address);
const hostAddress = hostAddresses[0] ?? null;

/**
 * What no home can be made too weak for, without rights that the person of a rootless engine doesn't have
 * themselves: the kernel asks for them in the computer's own namespace, whoever is root in the home.
 */
const beyondRootless: readonly AttemptId[] = [
  // mknod(2): CAP_MKNOD in the first user namespace.
  'make-device',
  // settimeofday(2): CAP_SYS_TIME, the same.
  'set-clock',
  // init_module(2): CAP_SYS_MODULE, the same.
  'load-module',
  // syslog(2), /dev/kmsg and /proc/kcore: CAP_SYSLOG or CAP_SYS_RAWIO, the same (unless dmesg is free for all).
  'read-kernel',
  // A disk's device node is root's and the group disk's; an engine of the person's can't hand on more.
  'read-disks',
];
/** Who must be there to be reached; where nobody is, the attempt is not made at all. */
const needsSomebody: readonly AttemptId[] = ['local-network', 'cloud-metadata'];

// Some minutes, so only in the long run; the window's own proof, healthy and without walls, is in every run.
describe.runIf(process.env.CLAWCOVE_E2E_LONG === '1')('the proof on Podman', () => {
  let home: TestHome;
  let doors: ProofDoors;
  let spec: HomeSpec;
  let ingredients: Ingredients;
  let globals: string[];
  /** Stands in for an engine; nobody is obeyed. */
  let engine: Server;

  const podman = async (...args: string[]) => {
    const { code, stdout, stderr } = await home.podman(...globals, ...args);
    if (code !== 0) throw new Error(`podman ${args.join(' ')}: ${stderr}`);
    return stdout;
  };

  async function proveIt(change: Partial<ProofDoors> = {}): Promise<Proof> {
    const jobs = createJobs(createState(blankSnapshot), systemClock, () => {});
    const ending = await jobs.run(
      'prove',
      () => null,
      (job) => prove({ ...doors, ...change }, job, () => {}),
    );
    expect(ending).toEqual({ is: 'done' });
    const { proof } = doors.store.receipts();
    if (!proof) throw new Error('no proof was kept');
    for (const id of thatAre(proof, 'got-through')) everThrough.add(id);
    return proof;
  }

  /** Everything that got through from any of the weakened homes. */
  const everThrough = new Set<AttemptId>();

  const thatAre = ({ attempts }: Proof, is: string) =>
    attempts.filter(({ result }) => result.is === is).map(({ id }) => id);
  const resultOf = ({ attempts }: Proof, id: AttemptId) => attempts.find((each) => each.id === id)?.result;

  /** A home as ClawCove makes it, save what is taken away (by the beginning of arguments) and added. */
  async function weaken(taken: readonly string[], added: readonly string[]): Promise<void> {
    const [create = '', ...words] = createArguments(homeName, spec, ingredients);
    const image = words.indexOf(spec.image);
    const left = words.slice(0, image).filter((word) => !taken.some((start) => word.startsWith(start)));
    // As it is made, it would end without its fence.
    const rest = taken.includes(fence) ? [spec.image, ...spec.command] : words.slice(image);
    await podman(create, ...added, ...left, ...rest);
    await podman('start', homeName);
  }

  beforeAll(async () => {
    home = await openTestHome();
    const { run, folder, sandbox } = home;
    const dataFolder = join(folder, 'clawcove');
    globals = [...((await mixesCgroups()) ? ['--runtime=runc'] : []), `--hooks-dir=${dataFolder}/hooks`];
    const sharedFolder = join(folder, 'shared');
    await mkdir(sharedFolder);
    await mkdir(join(folder, 'engine'));
    engine = createServer((guest) => guest.destroy());
    await new Promise<void>((resolve) => engine.listen(join(folder, 'engine', 'podman.sock'), resolve));
    const image = await sandbox.fetchImage(version, silentReport());
    spec = {
      image: image.reference,
      version,
      port: 18_997,
      sharedFolder,
      memoryBytes: 1024 ** 3,
      cpus: 1,
      pids: 128,
      command: ['sleep', '3600'],
      environment: {},
      secrets: [],
      certificates: null,
      fence: { allowed: [], refused: hostAddresses },
    };
    doors = {
      sandbox,
      net: network,
      computer: createComputer({
        run,
        environment: process.env,
        home: folder,
        configFolder: join(folder, '.config'),
        engineFolder: join(folder, '.local/share/containers'),
      }),
      bait: createBait(dataFolder),
      clock: systemClock,
      store: createStore({ folder: dataFolder, defaults: freshChoices, clock: systemClock, log: silent }),
      log: silent,
    };
    // The first one writes the filter of system calls that the others are made with.
    await sandbox.create(spec, silentReport());
    const means = meansFrom(PodmanInfo.parse(JSON.parse(await podman('info', '--format=json'))));
    const seccomp = { file: join(dataFolder, 'system-calls.json'), contents: '' };
    ingredients = { means, seccomp, secretIds: [] };
    await podman('rm', '--force', '--time=0', homeName);
  });
  afterEach(async () => {
    await podman('rm', '--force', '--time=0', '--volumes', homeName);
  });
  afterAll(async () => {
    engine?.close();
    await home?.close();
  });

  it('finds no way out of a home as ClawCove makes it', async () => {
    await home.sandbox.create(spec, silentReport());
    await home.sandbox.start(idle());
    const proof = await proveIt();
    expect(thatAre(proof, 'got-through')).toEqual([]);
    expect(atOthers).toEqual(expect.arrayContaining(thatAre(proof, 'could-not-try')));
    expect(proof.version).toBe(version);
    // Nothing of it is left: inside no process but what lives there, outside no bait.
    const { stdout } = await home.podman(...globals, 'exec', homeName, 'sh', '-c', 'ls -A /tmp; ls /proc');
    expect(stdout).not.toMatch(/^\.[0-9a-f]{32}$/m);
    expect(stdout.split('\n').filter((name) => /^\d+$/.test(name)).length).toBeLessThan(8);
    expect(await doors.bait.lay('')).toBe(join(home.folder, 'clawcove', 'bait'));
  });

  const unfiltered = '--security-opt=seccomp=';
  const noLimits = ['--ulimit=nproc', '--pids-limit', '--ulimit=data', '--memory'];

  it.each<[string, readonly string[], () => readonly string[], readonly AttemptId[]]>([
    ['a program tree that can be written to', ['--read-only'], () => [], ['write-programs']],
    [
      'no filter of system calls',
      [unfiltered],
      () => ['--security-opt=seccomp=unconfined'],
      ['user-namespace', 'kernel-parts'],
    ],
    [
      'all powers',
      ['--cap-drop', unfiltered],
      () => ['--cap-add=ALL', '--security-opt=seccomp=unconfined'],
      ['change-user', 'change-owner', 'change-root', 'mount', 'host-name', 'raw-network'],
    ],
    [
      'root inside',
      ['--user=', '--cap-drop'],
      () => ['--user=0:0'],
      ['change-user', 'change-owner', 'change-root', 'read-passwords'],
    ],
    [
      'no walls at all',
      ['--user=', '--cap-drop', '--security-opt', '--read-only'],
      () => ['--user=0:0', '--privileged'],
      [
        'su',
        'change-user',
        'user-namespace',
        'change-owner',
        'change-root',
        'mount',
        'host-name',
        'raw-network',
        'write-programs',
        'write-kernel',
        'read-passwords',
      ],
    ],
    ['the processes of this computer', [], () => ['--pid=host'], ['see-processes', 'signal-processes']],
    ['a folder of the person’s', [], () => [`--volume=${home.folder}:/mnt/elsewhere`], ['read-home']],
    [
      'an engine to give orders to',
      [],
      () => [`--volume=${home.folder}/engine/podman.sock:/mnt/podman.sock`],
      ['engine'],
    ],
    ['no limits', noLimits, () => ['--pids-limit=0'], ['many-processes', 'much-memory']],
  ])('tells what gets through with %s', async (_, taken, added, expected) => {
    await weaken(taken, added());
    const through = thatAre(await proveIt(), 'got-through');
    expect(through).toEqual(expect.arrayContaining([...expected]));
  });

  it('tells that a program hands out root’s rights to who asks', async () => {
    await weaken(['--user=', '--read-only'], ['--user=0:0']);
    const script =
      'printf "#!/bin/sh\\nshift\\nexec \\"\\$@\\"\\n" > /usr/local/bin/sudo; chmod 755 /usr/local/bin/sudo';
    await podman('exec', homeName, 'sh', '-c', script);
    expect(resultOf(await proveIt(), 'sudo')).toMatchObject({ is: 'got-through' });
  });

  it('tells that a program which runs as root for everybody hands out its rights', async () => {
    await weaken(['--read-only', '--security-opt=no-new-privileges', '--cap-drop'], []);
    await podman('exec', '--user=0:0', homeName, 'sh', '-c', 'chmod u+s "$(command -v su)"');
    expect(resultOf(await proveIt(), 'set-user-id')).toEqual({ is: 'got-through', witness: 'outside' });
  });

  describe('about the network', () => {
    const aroundNetwork = ['--network', '--publish', '--dns', fence];

    it('reaches nobody from a home without any', async () => {
      await weaken(aroundNetwork, ['--network=none']);
      const proof = await proveIt();
      for (const id of ['host-loopback', 'host-addresses'] as const)
        expect(resultOf(proof, id)?.is).not.toBe('got-through');
    });

    it('reaches this computer from a home that has its network', async ({ skip }) => {
      if (!hostAddress) return skip('needs an address that is not loopback');
      await weaken(aroundNetwork, ['--network=host']);
      const proof = await proveIt();
      for (const id of ['host-loopback', 'host-addresses'] as const)
        expect(resultOf(proof, id)).toEqual({ is: 'got-through', witness: 'outside' });
    });

    it('reaches who is near from a home without its fence, and not from one that has it', async ({
      skip,
    }) => {
      if (!hostAddress) return skip('needs an address that is not loopback');
      const router = createServer((guest) => guest.destroy());
      const isOpen = await new Promise<boolean>((resolve) => {
        router.once('error', () => resolve(false));
        router.listen(8080, hostAddress, () => resolve(true));
      });
      if (!isOpen) return skip('needs port 8080');
      const withRouter = { computer: { ...doors.computer, routers: async () => [hostAddress] } };
      try {
        await weaken([fence], []);
        const open = await proveIt(withRouter);
        expect(resultOf(open, 'local-network')?.is).toBe('got-through');
        expect(resultOf(open, 'host-addresses')).toEqual({ is: 'got-through', witness: 'outside' });
        await podman('rm', '--force', '--time=0', '--volumes', homeName);
        await home.sandbox.create(spec, silentReport());
        await home.sandbox.start(idle());
        const shut = await proveIt(withRouter);
        expect(resultOf(shut, 'local-network')?.is).toBe('stopped');
        for (const id of ['host-loopback', 'host-addresses'] as const)
          expect(resultOf(shut, id)).toMatchObject({ is: 'stopped', witness: 'outside' });
      } finally {
        router.close();
      }
    });
  });

  it('has seen each attempt get through from some home, save those that no rootless home lets through', ({
    skip,
  }) => {
    if (!hostAddress) return skip('needs an address that is not loopback');
    const never = attemptIds.filter((id) => !everThrough.has(id) && !needsSomebody.includes(id));
    expect(never).toEqual(beyondRootless);
  });
});
