/**
 * The guard: a passing or lasting container that owns the network of another one, and does nothing but build
 * the fence around it before anybody else is there.
 *
 * Docker starts nothing before a container's own program, and rules among the computer's own
 * (`DOCKER-USER`) would take an administrator. So the guard has the network, with the power over that alone;
 * it hands the rules to the kernel, gives up every power and sleeps. Whoever it guards joins its network
 * and never had a power over it. The guard's end takes the network away; a home that Docker starts by itself,
 * after a crash or with the computer, finds either its guard with the fence standing, or ends.
 *
 * Seen with 20.10: what is published on 127.0.0.1 only can be reached by neighbours who send their packets
 * to the container's own address, up to 28. So the fence also keeps out everybody but the computer itself.
 */
import { randomBytes } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import type { Clock, HostComputer } from '../../doors.ts';
import { ProblemError } from '../../problem.ts';
import { engineProblem, errorLine, mustSucceed } from '../container/call.ts';
import { type Filter, lasting, oursLabel } from '../container/hardening.ts';
import { portProblem } from '../container/home.ts';
import { homeLabel } from '../container/names.ts';
import { hostname } from '../every-home.ts';
import { type Rule, rulesOut } from '../fence.ts';
import type { Fence } from '../sandbox.ts';
import type { Docker } from './call.ts';
import type { DockerContainer } from './inspect.ts';
import { fenceLabel, fenceSign, fenceStands, networkName } from './names.ts';
import { aliasMessages, type Messages, tableMessages } from './nftables.ts';

const timeoutMs = 60_000;
/** How often, and how many times, it is asked whether the fence stands (ms). */
const lookEvery = 100;
const looks = 100;
/** Where the guard finds its rules: a volume of its own, which outlives its ends. */
const rulesFolder = '/run/clawcove-fence';
const rulesFile = `${rulesFolder}/rules`;

/**
 * Hands messages to the kernel, line by line: the kind of socket, how many answers there will be, the bytes in
 * hex. Every answer has to be "no error". Source: netlink(7). Perl is part of every Debian (perl-base).
 */
export const hand = String.raw`
alarm 10;
open my $rules, '<', $ARGV[0] or die "rules: $!\n";
while (<$rules>) {
  my ($protocol, $answers, $hex) = split;
  socket my $socket, 16, 3, $protocol or die "socket: $!\n";
  defined send $socket, pack('H*', $hex), 0, pack('S S L L', 16, 0, 0, 0) or die "send: $!\n";
  while ($answers > 0) {
    defined recv $socket, my $got, 65536, 0 or die "recv: $!\n";
    while (length $got >= 20) {
      my ($length, $type) = unpack 'L S', $got;
      if ($type == 2) {
        my $error = unpack 'l', substr $got, 16, 4;
        if ($error) { $! = -$error; die "refused: $!\n" }
        $answers--;
      }
      $got = substr $got, ($length + 3) & ~3;
    }
  }
}
`;

/** Nobody's number, and no powers: what sleeps can do nothing. */
const guard = `perl -e "$1" "$2" && exec setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all --bounding-set=-all sleep infinity`;

/**
 * Arguments that make a guard; pure.
 *
 * @param port that the guarded one is reached at, from this computer alone; null: it can't be
 */
export function guardArguments(
  name: string,
  image: string,
  seccomp: Filter,
  fence: Fence,
  port: number | null,
): string[] {
  return [
    'create',
    `--name=${name}`,
    oursLabel,
    `--label=${fenceLabel}=${JSON.stringify(fence)}`,
    '--user=0:0',
    '--cap-drop=ALL',
    // The network; and to give all of it up.
    ...['NET_ADMIN', 'SETUID', 'SETGID', 'SETPCAP'].map((power) => `--cap-add=${power}`),
    '--security-opt=no-new-privileges',
    ...(seccomp ? [`--security-opt=seccomp=${seccomp.file}`] : []),
    '--read-only',
    '--ipc=private',
    `--mount=type=volume,dst=${rulesFolder}`,
    '--pids-limit=16',
    `--network=${networkName}`,
    `--hostname=${hostname}`,
    ...(port === null ? [] : [`--publish=127.0.0.1:${port}:${port}`]),
    '--restart=no',
    // It has nothing to put in order, and as the first process of its namespace it hears no other signal.
    '--stop-signal=SIGKILL',
    ...lasting('json-file', 1),
    '--no-healthcheck',
    '--pull=never',
    '--entrypoint=/bin/sh',
    image,
    '-c',
    guard,
    'guard',
    hand,
    rulesFile,
  ];
}

const Network = z.tuple([
  z.object({
    Labels: z.record(z.string(), z.string()).nullish(),
    IPAM: z.object({ Config: z.array(z.object({ Gateway: z.string().nullish() })).nullish() }),
  }),
]);

async function findNetwork(docker: Docker, signal: AbortSignal) {
  const { code, stdout, stderr } = await docker(['network', 'inspect', '--', networkName], {
    timeoutMs,
    signal,
  });
  if (code === 0) return Network.parse(JSON.parse(stdout))[0];
  if (/no such network|not found/i.test(stderr)) return null;
  throw engineProblem(stderr);
}

/** Makes the homes' own network, or finds it there: those on it don't hear each other, nor other containers. */
export async function makeNetwork(docker: Docker, signal: AbortSignal): Promise<void> {
  const there = await findNetwork(docker, signal);
  if (there?.Labels?.[homeLabel] === '1') return;
  if (there) throw new ProblemError('home-not-ours', { name: networkName }, ['check-now']);
  const args = ['--driver=bridge', '--opt=com.docker.network.bridge.enable_icc=false', oursLabel];
  const { code, stderr } = await docker(['network', 'create', ...args, '--', networkName], {
    timeoutMs,
    signal,
  });
  if (code !== 0 && !/already exists/i.test(stderr)) throw engineProblem(stderr);
}

export async function removeNetwork(docker: Docker, signal: AbortSignal): Promise<void> {
  const there = await findNetwork(docker, signal);
  if (there?.Labels?.[homeLabel] === '1')
    await mustSucceed(docker(['network', 'rm', '--', networkName], { timeoutMs, signal }));
}

/** Who may come in: the computer itself, by its address in the homes' network. */
export function rulesIn(computer: string): Rule[] {
  return [
    { when: [{ at: 'loopback-in' }], verdict: 'accept' },
    { when: [{ at: 'established' }], verdict: 'accept' },
    // Above all the word that a packet is too large for some line.
    { when: [{ at: 'related' }], verdict: 'accept' },
    { when: [{ at: 'from', range: computer }], verdict: 'accept' },
  ];
}

const fenceOf = (labels: DockerContainer['labels']): Fence =>
  z
    .object({
      refused: z.array(z.string()),
      allowed: z.array(z.object({ address: z.string(), port: z.number() })),
    })
    .parse(JSON.parse(labels[fenceLabel] ?? ''));

/** What it takes to raise a guard. */
export interface Watchtower {
  readonly docker: Docker;
  readonly clock: Clock;
  readonly portHolder: HostComputer['portHolder'];
  /** A folder of ours. */
  readonly dataFolder: string;
  /** Where the engine asks for names now: it takes them from this computer at every start. */
  resolvers(signal: AbortSignal): Promise<readonly string[]>;
}

/**
 * Starts a guard that rests, and answers when the fence stands.
 * @throws ProblemError `fence-failed`, `port-taken`
 */
export async function raiseGuard(
  tower: Watchtower,
  guard: DockerContainer,
  signal: AbortSignal,
): Promise<void> {
  const { docker, portHolder } = tower;
  await bringRules(tower, guard, signal);
  const { code, stderr } = await docker(['start', '--', guard.id], { timeoutMs: 120_000, signal });
  const port = guard.inspection.ports[0]?.port;
  if (code !== 0) throw (await portProblem(stderr, port, portHolder, signal)) ?? engineProblem(stderr);
  try {
    await untilFenced(tower, guard.id, signal);
  } catch (error) {
    await endGuard(docker, guard.id);
    throw error;
  }
}

async function bringRules(tower: Watchtower, guard: DockerContainer, signal: AbortSignal): Promise<void> {
  const { docker, dataFolder } = tower;
  const [network, resolvers] = await Promise.all([findNetwork(docker, signal), tower.resolvers(signal)]);
  const computer = network?.IPAM.Config?.find(({ Gateway }) => Gateway)?.Gateway;
  if (!computer)
    throw new ProblemError('fence-failed', { detail: `${networkName} has no address` }, ['try-again']);
  const file = join(dataFolder, `fence-${randomBytes(6).toString('hex')}`);
  await mkdir(dataFolder, { recursive: true, mode: 0o700 });
  try {
    const rules = rulesText(rulesOut(fenceOf(guard.labels), resolvers), rulesIn(computer));
    await writeFile(file, rules, { mode: 0o644 });
    await mustSucceed(docker(['cp', '--', file, `${guard.id}:${rulesFile}`], { timeoutMs, signal }));
  } finally {
    await rm(file, { force: true });
  }
}

/** The rules as the guard reads them: the fence first, its sign last. */
export function rulesText(out: readonly Rule[], into: readonly Rule[]): string {
  const line = (protocol: number, { bytes, answers }: Messages) =>
    `${protocol} ${answers} ${bytes.toString('hex')}\n`;
  const [netfilter, route] = [12, 0];
  return line(netfilter, tableMessages(out, into)) + line(route, aliasMessages(fenceSign));
}

async function untilFenced({ docker, clock }: Watchtower, id: string, signal: AbortSignal): Promise<void> {
  for (let look = 0; look < looks; look++) {
    const args = ['exec', '--', id, '/bin/sh', '-c', fenceStands];
    const { code, stderr } = await docker(args, { timeoutMs, signal });
    if (code === 0) return;
    if (/is not running|is restarting/i.test(stderr)) break;
    await clock.sleep(lookEvery, signal);
  }
  const said = await docker(['logs', '--tail=5', '--', id], { timeoutMs, signal });
  throw new ProblemError('fence-failed', { detail: errorLine(said.stderr) }, ['try-again', 'open-log']);
}

/** Ends a guard, and with it the network of whoever it guards; quiet where it has ended. */
export async function endGuard(docker: Docker, id: string): Promise<void> {
  await docker(['kill', '--', id], { timeoutMs, signal: new AbortController().signal });
}
