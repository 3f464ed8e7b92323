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

/** What a rule looks at in a packet; all that a fence around a home with a network of its own needs. */
export type Match =
  | { readonly at: 'loopback-out' | 'loopback-in' | 'established' | 'related' | 'tcp' | 'ipv6' }
  /** A range (`10.0.0.0/8`) or one address. */
  | { readonly at: 'to' | 'from'; readonly range: string }
  | { readonly at: 'port'; readonly protocol: 'tcp' | 'udp'; readonly port: number };

/**
 * What the fence around one account of a system looks at besides: where that system asks for names, which only it
 * knows, and ports that only its administrator can open.
 */
type AccountMatch = Match | { readonly at: 'to-resolvers' | 'administrators-port' };

/** `refuse`: go on in the chain of that name; `reset` and `prohibit`: the two ways to refuse. */
export type Verdict = 'accept' | 'refuse' | 'reset' | 'prohibit';

export interface Rule<M = Match> {
  readonly when: readonly M[];
  readonly verdict: Verdict;
}

/**
 * How what goes out of the home is refused. TCP with a reset: an ICMP answer is only heeded at the
 * second try, a second later (measured on Linux 6.18).
 */
export const refusal: readonly Rule[] = [
  { when: [{ at: 'tcp' }], verdict: 'reset' },
  { when: [], verdict: 'prohibit' },
];

/**
 * What may go out of the home, in order; what no rule speaks of may.
 *
 * @param resolvers where the home asks for names, wherever that lies
 * @throws Error when an address isn't one
 */
export function rulesOut(fence: Fence, resolvers: readonly string[]): Rule[] {
  const names = resolvers.map((resolver): Match => ({ at: 'to', range: plain(resolver) }));
  return rulesAround(fence, [{ when: [{ at: 'loopback-out' }], verdict: 'accept' }], names);
}

/**
 * @param loopback what becomes of what stays inside
 * @param names who is asked for names
 */
function rulesAround<M>(
  fence: Fence,
  loopback: readonly Rule<M | Match>[],
  names: readonly M[],
): Rule<M | Match>[] {
  return [
    ...loopback,
    { when: [{ at: 'established' }], verdict: 'accept' },
    ...names.flatMap(namesFrom),
    ...fence.allowed.map(
      ({ address, port }): Rule => ({
        when: [{ at: 'to', range: plain(address) }, portOf('tcp', plainPort(port))],
        verdict: 'accept',
      }),
    ),
    ...[...near, ...fence.refused.map(plain)].map(
      (range): Rule => ({ when: [{ at: 'to', range }], verdict: 'refuse' }),
    ),
    // There is no IPv6 in a home; should some engine give it, it is shut.
    { when: [{ at: 'ipv6' }], verdict: 'refuse' },
  ];
}

const portOf = (protocol: 'tcp' | 'udp', port: number): Match => ({ at: 'port', protocol, port });

/** Questions for names to whom a match names. */
const namesFrom = <M>(whom: M): Rule<M | Match>[] =>
  (['udp', 'tcp'] as const).map((protocol) => ({ when: [whom, portOf(protocol, 53)], verdict: 'accept' }));

function matchWords(match: AccountMatch): string {
  switch (match.at) {
    case 'loopback-out':
      return 'oif lo';
    case 'loopback-in':
      return 'iif lo';
    case 'established':
      return 'ct state established';
    case 'related':
      return 'ct state related';
    case 'tcp':
      return 'meta l4proto tcp';
    case 'ipv6':
      return 'meta nfproto ipv6';
    case 'to':
      return `ip daddr ${match.range}`;
    case 'from':
      return `ip saddr ${match.range}`;
    case 'port':
      return `${match.protocol} dport ${match.port}`;
    case 'to-resolvers':
      return 'ip daddr @resolvers';
    case 'administrators-port':
      return 'meta l4proto { tcp, udp } th dport < 1024';
  }
}

const verdictWords: Readonly<Record<Verdict, string>> = {
  accept: 'accept',
  refuse: 'goto refuse',
  reset: 'reject with tcp reset',
  prohibit: 'reject with icmpx type admin-prohibited',
};

/** A rule in nft's words. Source: nft(8). */
export function ruleWords({ when, verdict }: Rule<AccountMatch>): string {
  return [...when.map(matchWords), verdictWords[verdict]].join(' ');
}

const hook = ['type filter hook output priority 0', 'policy accept'];
const chain = (name: string, lines: readonly string[]) =>
  `chain ${name} { ${lines.map((line) => `${line} ; `).join('')}} ; `;

/**
 * The fence as one command for nft, without commas (Podman takes them apart in annotations) and
 * without anything that JSON would write in another way.
 *
 * @param resolver where the home asks for names, wherever that lies
 * @throws Error when an address isn't one
 */
export function fenceRules(fence: Fence, resolver: string): string {
  const out = [...hook, ...rulesOut(fence, [resolver]).map(ruleWords)];
  return `table inet clawcove { ${chain('refuse', refusal.map(ruleWords))}${chain('out', out)}}`;
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
  const loopback: Rule<AccountMatch>[] = [
    ...namesFrom<Match>({ at: 'loopback-out' }),
    { when: [{ at: 'loopback-out' }, { at: 'administrators-port' }], verdict: 'refuse' },
    { when: [{ at: 'loopback-out' }], verdict: 'accept' },
  ];
  const fenced = rulesAround<AccountMatch>(fence, loopback, [{ at: 'to-resolvers' }]);
  // What no account has sent (the kernel's own answers) is no concern of the fence's.
  const out = [...hook, `meta skuid ${account} goto fenced`];
  return `table inet clawcove {}
delete table inet clawcove
table inet clawcove {
set resolvers { type ipv4_addr ; }
${chain('refuse', refusal.map(ruleWords))}
${chain('fenced', fenced.map(ruleWords))}
${chain('out', out)}
}
`;
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

/** Words of a shell script with which a home ends that has no fence. */
export const endUnfenced = `{ echo "ClawCove: the fence around this home is missing" >&2; exit ${noFenceExit}; }`;

/** Line of a shell script with which a home begins: it ends there where no fence stands. */
export const demandFence = `[ "$(cat ${signFile})" = ${sign} ] || ${endUnfenced}`;

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
