/**
 * A machine for tests: a Debian whose systemd is process 1 of namespaces of its own, beside this computer's. It shares
 * its kernel, and nothing else but the shared folder and a cable. Only root can make one.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { debianSources } from '../../../e2e/rig/apt.ts';
import type { Outcome } from '../../doors.ts';
import { createRun } from '../../host/command.ts';
import { isAlive } from '../../host/is-alive.ts';
import { ProblemError } from '../../problem.ts';
import type { ExecOptions, ExecResult } from '../sandbox.ts';
import type { Guest, Machine, MachineSpec } from './machine.ts';

const sharedInside = '/mnt/clawcove-shared';
const agentId = 1000;
const hostAddress = '10.0.2.2';
/** Where it is in the network that it shares with this computer. */
export const guestAddress = '10.0.2.15';
/** Kept between runs, as slow to make as it is. */
const base = '/var/cache/clawcove-rig/machine-with-ssh';
const packages =
  'systemd,systemd-sysv,dbus,nftables,ca-certificates,iproute2,procps,unattended-upgrades,openssh-server,sudo';

const idle = () => new AbortController().signal;

/** Mounts a folder so that what belongs to root there belongs to somebody else here. Source: mount_setattr(2). */
const mountShared = `
import ctypes, os, sys
libc = ctypes.CDLL(None, use_errno=True)
source, target, owner = os.fsencode(sys.argv[1]), os.fsencode(sys.argv[2]), sys.argv[3]
def must(result):
    if result < 0: raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result
ready, done = os.pipe(), os.pipe()
child = os.fork()
if child == 0:
    must(libc.unshare(0x10000000))
    os.write(ready[1], b'x')
    os.read(done[0], 1)
    os._exit(0)
os.read(ready[0], 1)
for name in ('uid_map', 'gid_map'):
    with open(f'proc/{child}/{name}', 'w') as file: file.write(f'0 {owner} 1')
space = os.open(f'proc/{child}/ns/user', os.O_RDONLY)
tree = must(libc.syscall(428, -100, source, 1 | 0x80000))
attributes = (ctypes.c_uint64 * 4)(0x100000 | 2 | 4, 0, 0, space)
must(libc.syscall(442, tree, b'', 0x1000, ctypes.byref(attributes), 32))
must(libc.syscall(429, tree, b'', -100, target, 4))
os.write(done[1], b'x')
os.waitpid(child, 0)
`;

/** Arguments: the machine's folder, the base, the shared folder, where that comes, whose it is, the mounting program. */
const initScript = `set -e
folder=$1 base=$2 shared=$3 inside=$4 owner=$5 mounter=$6
mount --make-rprivate /
root=$folder/root
mount -t overlay overlay -o "lowerdir=$base,upperdir=$folder/disk,workdir=$folder/work" "$root"
cd "$root"
# One overlay too many would stand on another where this computer's own root is one.
mkdir -p "$folder/opt"
mount --bind "$folder/opt" opt
mount -t proc proc proc
mount -t sysfs -o ro sysfs sys
mount -t tmpfs -o mode=755 tmpfs run
mount -t tmpfs -o mode=755 tmpfs dev
for name in null zero full random urandom tty; do touch dev/$name; mount --bind /dev/$name dev/$name; done
mkdir dev/pts dev/shm
mount -t devpts -o newinstance,ptmxmode=0666,mode=620 devpts dev/pts
ln -s pts/ptmx dev/ptmx
mount -t tmpfs -o mode=1777 tmpfs dev/shm
ln -s /proc/self/fd dev/fd
for number in 0 1 2; do ln -s /proc/self/fd/$number dev/std$(echo in out err | cut -d' ' -f$((number + 1))); done
mount -t tmpfs -o mode=755 tmpfs sys/fs/cgroup
for name in systemd pids memory cpu; do
  mkdir sys/fs/cgroup/$name
  kind=$name
  [ $name = systemd ] && kind=none,name=systemd
  mount -t cgroup -o $kind cgroup sys/fs/cgroup/$name
done
mkdir -p old ".$inside"
python3 -c "$mounter" "$shared" "$root$inside" "$owner"
echo "nameserver ${hostAddress}" > etc/resolv.conf
echo openclaw-home > etc/hostname
hostname openclaw-home
pivot_root . old
cd /
umount -l /old
exec env -i container=test PATH=/usr/sbin:/usr/bin:/sbin:/bin /lib/systemd/systemd --system > /dev/null 2>&1 < /dev/null`;

/** In cgroups of its own below this one's, so that limits inside are real ones. */
const startScript = `set -e
for name in systemd pids memory cpu; do
  own=$(grep -E ":(name=)?$name:" /proc/self/cgroup | cut -d: -f3)
  mkdir -p "/sys/fs/cgroup/$name$own/$0"
  echo $$ > "/sys/fs/cgroup/$name$own/$0/cgroup.procs"
done
exec unshare --mount --pid --fork --uts --ipc --net --cgroup --kill-child sh -c "$@"`;

/** Joins the machine's network with this computer's by a cable. Arguments: its process, the cable's name. */
const cableScript = `set -e
ip link add "$2" type veth peer name eth0 netns "$1"
ip address add ${hostAddress}/24 dev "$2"
ip link set "$2" up
nsenter --target "$1" --net sh -c 'ip address add ${guestAddress}/24 dev eth0; ip link set lo up; ip link set eth0 up; ip route add default via ${hostAddress}'`;

const sweepScript = `for name in systemd pids memory cpu; do
  find "/sys/fs/cgroup/$name" -depth -type d -path "*/$0*" -exec rmdir {} + 2> /dev/null
done; exit 0`;

/** Makes what every test machine begins with. Takes a minute or three. */
async function makeBase(): Promise<void> {
  if (existsSync(base)) return;
  const run = createRun({ PATH: process.env.PATH ?? '' });
  const making = `${base}.making`;
  await rm(making, { recursive: true, force: true });
  const sources = await debianSources();
  const made = await run({
    file: 'mmdebstrap',
    args: [
      '--quiet',
      '--mode=root',
      '--variant=minbase',
      `--include=${packages}`,
      '--aptopt=APT::Install-Recommends "false"',
      ...['man', 'doc', 'locale'].map((name) => `--dpkgopt=path-exclude=/usr/share/${name}/*`),
      sources[0]?.suite ?? '',
      making,
      ...sources.map(({ uri, suite }) => `deb ${uri} ${suite} main`),
    ],
    timeoutMs: 900_000,
    signal: idle(),
  });
  if (made.is !== 'exited' || made.code !== 0) throw new Error(`no Debian: ${JSON.stringify(made)}`);
  await rename(making, base);
}

export interface TestMachine extends Machine {
  /** Arguments that run something inside as root. */
  enter(argv: readonly string[]): string[];
  close(): Promise<void>;
}

/** @param folder of its own; its disk is in there */
export async function createTestMachine(folder: string): Promise<TestMachine> {
  await makeBase();
  const run = createRun({ PATH: process.env.PATH ?? '', LANG: 'C.UTF-8' });
  const specFile = join(folder, 'spec.json');
  const autostartFile = join(folder, 'autostart');
  const cable = `ccm${process.pid % 100_000_000}`;
  const group = `clawcove-test-${process.pid}`;
  let pid: number | null = null;
  let startedAt: number | null = null;
  let forward: Server | null = null;

  const isUp = () => pid !== null && isAlive(pid);
  const specText = () => readFile(specFile, 'utf8').catch(() => null);
  const readSpec = async () => JSON.parse((await specText()) ?? 'null') as MachineSpec | null;
  const must = (outcome: Outcome): Extract<Outcome, { is: 'exited' }> => {
    if (outcome.is === 'exited') return outcome;
    if (outcome.is === 'timed-out') throw new ProblemError('engine-too-slow', { command: 'test' });
    throw new Error(outcome.is);
  };
  const sh = async (script: string, args: readonly string[]) => {
    const call = await run({ file: 'sh', args: ['-c', script, ...args], timeoutMs: 60_000, signal: idle() });
    const { code, stderr } = must(call);
    if (code !== 0) throw new Error(stderr);
  };

  const enter = (argv: readonly string[]) => {
    if (!isUp()) throw new ProblemError('home-not-running', {}, ['try-again']);
    const spaces = ['--mount', '--uts', '--ipc', '--net', '--pid', '--cgroup', '--root', '--wd'];
    const environment = ['env', '-i', '--chdir=/', 'PATH=/usr/sbin:/usr/bin:/sbin:/bin', 'LANG=C.UTF-8'];
    return ['nsenter', `--target=${pid}`, ...spaces, '--', ...environment, ...argv];
  };
  const call = async (words: readonly string[], options: ExecOptions): Promise<ExecResult> => {
    const [file = '', ...args] = words;
    const outcome = must(await run({ maxBytes: 1024 * 1024, ...options, file, args }));
    const { code, stdout, stderr, truncated } = outcome;
    return { exitCode: code, untrustedOut: stdout, untrustedErr: stderr, truncated };
  };
  const guest: Guest = {
    run: async (argv, options) => call(enter(argv), options),
    send: async (file, argv, { signal }) =>
      call(['sh', '-c', 'exec "$@" < "$0"', file, ...enter(argv)], { timeoutMs: 600_000, signal }),
    receive: async (argv, file, { signal }) =>
      call(['sh', '-c', 'umask 077; exec "$@" > "$0"', file, ...enter(argv)], { timeoutMs: 600_000, signal }),
  };

  const publish = async (port: number) => {
    const server = createServer((near) => {
      const far = connect(port, guestAddress);
      near.pipe(far).pipe(near);
      near.on('error', () => far.destroy());
      far.on('error', () => near.destroy());
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(port, '127.0.0.1', resolve);
    });
    forward = server;
  };
  const stop = async () => {
    forward?.close();
    forward = null;
    if (isUp() && pid !== null) {
      // What it answers, and whether it does, depends on how far it has come. It need not end in order: whatever is
      // in a home has to outlive a power cut.
      await guest
        .run(['systemctl', 'poweroff', '--no-block'], { timeoutMs: 5_000, signal: idle() })
        .catch(() => {});
      for (let look = 0; look < 30 && isUp(); look++) await new Promise((done) => setTimeout(done, 100));
      if (isUp()) process.kill(pid, 'SIGKILL');
      while (isUp()) await new Promise((done) => setTimeout(done, 50));
    }
    pid = null;
    startedAt = null;
    await sh(sweepScript, [group]);
  };
  const start = async () => {
    if (isUp()) return;
    const spec = await readSpec();
    if (!spec) throw new ProblemError('home-not-there');
    for (const name of ['disk', 'work', 'root']) await mkdir(join(folder, name), { recursive: true });
    const words = ['machine', folder, base, spec.sharedFolder, sharedInside, String(agentId), mountShared];
    const keeper = spawn('sh', ['-c', startScript, group, initScript, ...words], {
      stdio: 'ignore',
      detached: true,
    });
    keeper.unref();
    for (let look = 0; look < 4000 && pid === null; look++) {
      const children = await readFile(`/proc/${keeper.pid}/task/${keeper.pid}/children`, 'utf8').catch(
        () => '',
      );
      for (const child of children.trim().split(' ')) {
        // Before it is there, its place is taken by those who prepare it.
        const name = await readFile(`/proc/${child}/comm`, 'utf8').catch(() => '');
        if (name.trim() === 'systemd') pid = Number(child);
      }
      await new Promise((done) => setTimeout(done, 50));
    }
    if (pid === null) throw new Error('the test machine does not start');
    await sh(cableScript, ['cable', String(pid), cable]);
    for (let look = 0; look < 100; look++) {
      const asked = ['systemctl', 'is-system-running'];
      const { untrustedOut } = await guest.run(asked, { timeoutMs: 60_000, signal: idle() });
      if (/running|degraded/.test(untrustedOut)) break;
      await new Promise((done) => setTimeout(done, 100));
    }
    startedAt = Date.now();
    await publish(spec.port);
  };

  return {
    engine: 'QEMU',
    guest,
    enter,
    sharedInside,
    agentId,
    computer: [hostAddress],
    probe: async () => ({ is: 'ready', version: '12.0', limits: 'enforced' }),
    unstick: async () => ({ is: 'ready', version: '12.0', limits: 'enforced' }),
    async state() {
      if ((await specText()) === null) return { is: 'missing' };
      return isUp() ? { is: 'running', startedAt } : { is: 'stopped' };
    },
    async create(spec) {
      const text = JSON.stringify(spec);
      if ((await specText()) === text) return;
      await stop();
      await mkdir(folder, { recursive: true });
      await writeFile(specFile, text);
    },
    start,
    stop,
    // Never faulty, and on this computer's own clock.
    mend: async () => ({ is: 'as-it-was' }),
    setClock: async () => {},
    async see() {
      const spec = await readSpec();
      const ports = spec ? [{ address: '127.0.0.1', port: spec.port, insidePort: spec.port }] : [];
      return { hostUid: null, ports, sharedFolders: spec ? [spec.sharedFolder] : [], confinement: [] };
    },
    folderFromOutside: async (path) => (isUp() ? `/proc/${pid}/root${path}` : null),
    untrustedLog: async () => '',
    setAutostart: async (on) => (on ? writeFile(autostartFile, '') : rm(autostartFile, { force: true })),
    hasAutostart: async () => existsSync(autostartFile),
    async destroy() {
      await stop();
      await rm(folder, { recursive: true, force: true });
    },
    close: stop,
  };
}
