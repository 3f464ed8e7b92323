/**
 * The fence around a home's network: the internet is open, everything near is not. Pure.
 *
 * The kernel keeps it, in the home's own network namespace, whose owner the agent is not. It goes
 * with the namespace, so it belongs to every start: an engine's runtime builds it before the
 * network is there, and so before anything of the home's runs.
 */
import { BlockList, isIPv4 } from 'node:net';
import type { Fence } from './sandbox.ts';

/**
 * What is no place on the internet: home and office networks, this computer, a provider's own
 * services (169.254.169.254 gives away keys in a cloud), groups. Source: IANA, IPv4 Special-Purpose
 * Address Registry. The three ranges for documentation lead nowhere and may stay.
 */
const near = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '224.0.0.0/4',
  '240.0.0.0/4',
] as const;

const nearList = new BlockList();
for (const range of near) {
  const [address = '', bits = ''] = range.split('/');
  nearList.addSubnet(address, Number(bits), 'ipv4');
}

/** Whether an IPv4 address lies behind the fence wherever the computer is. */
export function isNearAddress(address: string): boolean {
  return nearList.check(address, 'ipv4');
}

/** What becomes part of a rule must be an address and nothing else. */
function plain(address: string): string {
  if (!isIPv4(address)) throw new Error('not an IPv4 address');
  return address;
}

function plainPort(port: number): number {
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new Error('not a port');
  return port;
}

/**
 * The fence as one command for nft, without commas (Podman takes them apart in annotations) and
 * without anything that JSON would write in another way.
 *
 * TCP is refused with a reset: an ICMP answer is only heeded at the second try, a second later
 * (measured on Linux 6.18). There is no IPv6 in a home; should some engine give it, it is shut.
 *
 * @param resolver where the home asks for names, wherever that lies
 * @throws Error when an address isn't one
 */
export function fenceRules(fence: Fence, resolver: string): string {
  const names = ['udp', 'tcp'].map((protocol) => `ip daddr ${plain(resolver)} ${protocol} dport 53 accept`);
  return `table inet clawcove { ${chain('refuse', refuse)}${chain('out', [...hook, ...rulesFor(['oif lo accept'], fence, names)])}}`;
}

/**
 * The same fence around one account of a system that has others: as a file for nft, which takes the place of an older
 * one in one piece. Its set `resolvers` is filled where it is loaded: who that is, only the system there knows.
 *
 * Of the system's own services on its loopback, those on ports that only its administrator can open, the account
 * reaches the resolver alone.
 */
export function fenceFileFor(account: number, fence: Fence): string {
  if (!Number.isInteger(account) || account < 1) throw new Error('not an account to fence in');
  const fenced = rulesFor(
    [
      ...['udp', 'tcp'].map((protocol) => `oif lo ${protocol} dport 53 accept`),
      'oif lo meta l4proto { tcp, udp } th dport < 1024 goto refuse',
      'oif lo accept',
    ],
    fence,
    ['udp', 'tcp'].map((protocol) => `ip daddr @resolvers ${protocol} dport 53 accept`),
  );
  // What no account has sent (the kernel's own answers) is no concern of the fence's.
  const out = [...hook, `meta skuid ${account} goto fenced`];
  return `table inet clawcove {}
delete table inet clawcove
table inet clawcove {
set resolvers { type ipv4_addr ; }
${chain('refuse', refuse)}
${chain('fenced', fenced)}
${chain('out', out)}
}
`;
}

const hook = ['type filter hook output priority 0', 'policy accept'];
const refuse = ['meta l4proto tcp reject with tcp reset', 'reject with icmpx type admin-prohibited'];
const chain = (name: string, lines: readonly string[]) =>
  `chain ${name} { ${lines.map((line) => `${line} ; `).join('')}} ; `;

/** @param names rules that let questions for names through */
function rulesFor(first: readonly string[], fence: Fence, names: readonly string[]): string[] {
  return [
    ...first,
    'ct state established accept',
    ...names,
    ...fence.allowed.map(
      ({ address, port }) => `ip daddr ${plain(address)} tcp dport ${plainPort(port)} accept`,
    ),
    ...[...near, ...fence.refused.map(plain)].map((range) => `ip daddr ${range} goto refuse`),
    'meta nfproto ipv6 goto refuse',
  ];
}

/** Marks a container that gets a fence; its value is the fence itself. */
export const fenceAnnotation = 'app.clawcove.fence';

/**
 * A setting of the network namespace that only the fence's builder can write, and does when the
 * fence stands: the home doesn't go on without it. Its meaning, "never given to a connection by
 * itself", does no harm to a port that nobody uses.
 */
const signFile = '/proc/sys/net/ipv4/ip_local_reserved_ports';
const sign = 9;

/** Exit code of a home that was started without its fence: "service unavailable". Source: sysexits(3). */
export const noFenceExit = 69;

/** Line of a shell script with which a home begins: it ends there where no fence stands. */
export const demandFence = `[ "$(cat ${signFile})" = ${sign} ] || { echo "ClawCove: the fence around this home is missing" >&2; exit ${noFenceExit}; }`;

/**
 * Builds the fence. The runtime gives the container's annotations on standard input, as JSON; no
 * rules at all would be no mistake to nft. Constant: the program comes as an argument.
 */
const build = `rules=$(sed -n 's/.*"${fenceAnnotation.replaceAll('.', '\\.')}" *: *"\\([^"\\\\]*\\)".*/\\1/p') && [ -n "$rules" ] && "$1" "$rules" && echo ${sign} > ${signFile}`;

/**
 * A hook that builds the fence of every container that is marked for it: the contents of a file
 * in a folder of hooks. In this stage the namespaces are there and the programs are still the
 * computer's own; when the hook fails, the container doesn't start. Source: oci-hooks(5), OCI
 * runtime spec, "createContainer"; seen with runc 1.1.5 and crun 1.8.1.
 *
 * @param nft path of the program on this computer
 */
export function fenceHook(nft: string): string {
  const hook = {
    path: '/bin/sh',
    args: ['sh', '-c', build, 'fence', nft],
    env: ['PATH=/usr/sbin:/usr/bin:/sbin:/bin'],
    timeout: 30,
  };
  const when = { annotations: { [`^${fenceAnnotation.replaceAll('.', '\\.')}$`]: '.' } };
  return JSON.stringify({ version: '1.0.0', hook, when, stages: ['createContainer'] });
}
