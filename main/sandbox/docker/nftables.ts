/**
 * The fence in the kernel's own words, as messages on a netlink socket; pure.
 *
 * Docker has no hooks, so that somebody in the home's network namespace has to build the fence, with
 * programs from an image. An image with nft would be one more thing to fetch and to trust; this
 * computer's own nft can't be lent (it needs the computer's libraries, and Docker Desktop's virtual
 * machine has none). Messages need no program: the few lines of Perl that hand them over (guard.ts) run
 * in every image that is made from Debian, as OpenClaw's is. `nftables.real.test.ts` shows that the kernel
 * ends up with exactly what nft makes of the same rules.
 *
 * Numbers: linux/netfilter/nf_tables.h, nfnetlink.h, netlink.h, if_link.h. All processors that Docker
 * runs on here count from the little end; what travels in network order says so.
 */
import { isIPv4 } from 'node:net';
import { type Match, type Rule, refusal, type Verdict } from '../fence.ts';

const flags = { request: 1, acknowledge: 4, create: 0x400, append: 0x800 } as const;
const inet = 1;
const nested = 0x8000;
const nfTables = 10;
const table = 'clawcove';

const u32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value | 0);
  return bytes;
};
const u16 = (value: number): Buffer => {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
};
/** What the kernel compares as a number of its own. */
const native32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
};
const text = (words: string): Buffer => Buffer.from(`${words}\0`, 'latin1');

function attribute(type: number, ...contents: readonly Buffer[]): Buffer {
  const body = Buffer.concat(contents);
  const header = Buffer.alloc(4);
  header.writeUInt16LE(4 + body.length, 0);
  header.writeUInt16LE(type, 2);
  return Buffer.concat([header, body, Buffer.alloc((4 - (body.length % 4)) % 4)]);
}
const group = (type: number, ...contents: readonly Buffer[]) => attribute(type | nested, ...contents);

function message(type: number, flagBits: number, sequence: number, ...contents: readonly Buffer[]): Buffer {
  const body = Buffer.concat(contents);
  const header = Buffer.alloc(16);
  header.writeUInt32LE(16 + body.length, 0);
  header.writeUInt16LE(type, 4);
  header.writeUInt16LE(flagBits, 6);
  header.writeUInt32LE(sequence, 8);
  return Buffer.concat([header, body]);
}
const family = (which: number, resource = 0) => Buffer.concat([Buffer.from([which, 0]), u16(resource)]);

/** One step of a rule: its name and what it is told. */
const step = (name: string, ...told: readonly Buffer[]) =>
  group(1, attribute(1, text(name)), group(2, ...told));
const register = 1;
const value = (type: number, bytes: Buffer) => group(type, attribute(1, bytes));
const meta = (key: number) => step('meta', attribute(2, u32(key)), attribute(1, u32(register)));
const compare = (bytes: Buffer, operator: 0 | 1 = 0) =>
  step('cmp', attribute(1, u32(register)), attribute(2, u32(operator)), value(3, bytes));
const payload = (base: 1 | 2, offset: number, length: number) =>
  step(
    'payload',
    attribute(1, u32(register)),
    attribute(2, u32(base)),
    attribute(3, u32(offset)),
    attribute(4, u32(length)),
  );
const masked = (mask: Buffer) =>
  step(
    'bitwise',
    attribute(1, u32(register)),
    attribute(2, u32(register)),
    attribute(3, u32(mask.length)),
    value(4, mask),
    value(5, Buffer.alloc(mask.length)),
  );

const metaKeys = { iif: 4, oif: 5, family: 15, protocol: 16 } as const;
const protocols = { tcp: 6, udp: 17 } as const;
const ipv4 = 2;
const ipv6 = 10;
/** The loopback interface is the first one in every network namespace. */
const loopback = native32(1);
/** What the kernel knows of a packet's connection. */
const states = { established: 2, related: 4 } as const;
/** Where source and destination stand in an IPv4 header. */
const places = { from: 12, to: 16 } as const;

function matchSteps(match: Match): Buffer[] {
  switch (match.at) {
    case 'loopback-out':
      return [meta(metaKeys.oif), compare(loopback)];
    case 'loopback-in':
      return [meta(metaKeys.iif), compare(loopback)];
    case 'established':
    case 'related':
      return [
        step('ct', attribute(2, u32(0)), attribute(1, u32(register))),
        masked(native32(states[match.at])),
        compare(native32(0), 1),
      ];
    case 'tcp':
      return [meta(metaKeys.protocol), compare(Buffer.from([protocols.tcp]))];
    case 'ipv6':
      return [meta(metaKeys.family), compare(Buffer.from([ipv6]))];
    case 'to':
    case 'from':
      return [
        meta(metaKeys.family),
        compare(Buffer.from([ipv4])),
        ...rangeSteps(match.range, places[match.at]),
      ];
    case 'port':
      return [
        meta(metaKeys.protocol),
        compare(Buffer.from([protocols[match.protocol]])),
        payload(2, 2, 2),
        compare(u16(match.port)),
      ];
  }
}

/** @throws Error when it isn't an IPv4 address, alone or with the length of a mask */
function rangeSteps(range: string, offset: number): Buffer[] {
  const [address = '', length = '32', ...more] = range.split('/');
  const bits = Number(length);
  if (!isIPv4(address) || more.length > 0 || !Number.isInteger(bits) || bits < 1 || bits > 32)
    throw new Error('not a range of IPv4 addresses');
  const bytes = Buffer.from(address.split('.').map(Number));
  // Whole bytes are read without a mask, as nft does it.
  const whole = bits / 8;
  if (Number.isInteger(whole)) return [payload(1, offset, whole), compare(bytes.subarray(0, whole))];
  return [payload(1, offset, 4), masked(u32(-(2 ** (32 - bits)))), compare(bytes)];
}

const immediate = (code: number, chain?: string) =>
  step(
    'immediate',
    attribute(1, u32(0)),
    group(2, group(2, attribute(1, u32(code)), ...(chain ? [attribute(2, text(chain))] : []))),
  );
const reject = (kind: number, code: number) =>
  step('reject', attribute(1, u32(kind)), attribute(2, Buffer.from([code])));

const verdictSteps: Readonly<Record<Verdict, Buffer>> = {
  accept: immediate(1),
  refuse: immediate(-4, 'refuse'),
  reset: reject(1, 0),
  prohibit: reject(2, 3),
};

interface Chain {
  readonly name: string;
  readonly rules: readonly Rule[];
  /** At which hook it stands, and what becomes of what no rule speaks of; null: others send on to it. */
  readonly hook: { readonly number: number; readonly policy: 'accept' | 'drop' } | null;
}

function chainBody({ name, hook }: Chain): Buffer {
  const hooked = hook
    ? [
        group(4, attribute(1, u32(hook.number)), attribute(2, u32(0))),
        attribute(5, u32(hook.policy === 'accept' ? 1 : 0)),
        attribute(7, text('filter')),
      ]
    : [];
  return Buffer.concat([attribute(1, text(table)), attribute(3, text(name)), ...hooked]);
}

function ruleBody(chain: string, { when, verdict }: Rule): Buffer {
  const steps = [...when.flatMap(matchSteps), verdictSteps[verdict]];
  return Buffer.concat([attribute(1, text(table)), attribute(2, text(chain)), group(4, ...steps)]);
}

/** Messages for one kind of netlink socket, and how many answers they get. */
export interface Messages {
  readonly bytes: Buffer;
  readonly answers: number;
}

/**
 * A table with everything in it, which the kernel takes as a whole or not at all.
 *
 * @param out rules for what goes out
 * @param into rules for what comes in; everything else is dropped
 */
export function tableMessages(out: readonly Rule[], into: readonly Rule[]): Messages {
  const chains: Chain[] = [
    { name: 'refuse', rules: refusal, hook: null },
    { name: 'out', rules: out, hook: { number: 3, policy: 'accept' } },
    { name: 'in', rules: into, hook: { number: 1, policy: 'drop' } },
  ];
  const orders: [number, Buffer][] = [
    [0, attribute(1, text(table))],
    ...chains.map((chain): [number, Buffer] => [3, chainBody(chain)]),
    ...chains.flatMap(({ name, rules }) => rules.map((rule): [number, Buffer] => [6, ruleBody(name, rule)])),
  ];
  const batch = (type: number, sequence: number) =>
    message(type, flags.request, sequence, family(0, nfTables));
  const flagBits = flags.request | flags.acknowledge | flags.create | flags.append;
  const bodies = orders.map(([order, body], index) =>
    message((nfTables << 8) | order, flagBits, index + 1, family(inet), body),
  );
  return {
    bytes: Buffer.concat([batch(16, 0), ...bodies, batch(17, orders.length + 1)]),
    answers: orders.length,
  };
}

/** Gives the loopback interface a second name, which everybody in the namespace can read and only its owner can set. */
export function aliasMessages(alias: string): Messages {
  const link = Buffer.alloc(16);
  link.writeInt32LE(1, 4);
  const setLink = 19;
  return {
    bytes: message(
      setLink,
      flags.request | flags.acknowledge,
      1,
      link,
      attribute(20, Buffer.from(alias, 'latin1')),
    ),
    answers: 1,
  };
}
