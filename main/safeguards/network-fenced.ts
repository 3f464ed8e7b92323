import { randomBytes } from 'node:crypto';
import * as z from 'zod';
import type { Finding } from '../contract.ts';
import type { Doors } from '../doors.ts';
import { makeHome } from '../openclaw/make.ts';
import { gatherFence, internetService, type Service } from '../openclaw/nearby.ts';
import { wakeIfWanted } from '../openclaw/wake.ts';
import type { ExecResult, Fence } from '../sandbox/sandbox.ts';
import { broken, ok, type Safeguard, saw, unknown } from './safeguard.ts';

/** How long one knock from inside waits for an answer (ms): who is near answers within a few. */
const patience = 3_000;
/** All knocks together, with the engine's own slowness (ms). */
const execTimeout = 15_000;
/** A computer with more addresses than this says nothing new by the others. */
const mostAddresses = 8;
/** Where providers' computers hand out keys to who asks from within. */
const metadata: Service = { host: '169.254.169.254', port: 80 };
/** Where a router usually answers: its own page, and questions for names. */
const routerPorts = [80, 443, 53] as const;

/**
 * Knocks from inside, everywhere at once, and leaves a word where somebody opens. Constant: what to
 * do comes as an argument.
 */
const knocker = `
const { connect } = require('node:net');
const { doors, word, patience } = JSON.parse(process.argv[1]);
const knock = ({ host, port }) => new Promise((resolve) => {
  const socket = connect({ host, port });
  const end = (answer) => { socket.destroy(); resolve(answer); };
  let answer = 'refused';
  setTimeout(end, patience, 'silent').unref();
  // Who hangs up at once has opened all the same.
  socket.once('error', () => end(answer));
  socket.once('connect', () => { answer = 'open'; socket.end(word, () => end(answer)); });
});
Promise.all(doors.map(knock)).then((answers) => console.log(JSON.stringify(answers)));
`;

const Answers = z.array(z.enum(['open', 'refused', 'silent']));

/** What knocking from inside has shown. */
export interface Knocks {
  /** What must not open, as the person may read it. */
  readonly near: readonly string[];
  readonly reached: readonly string[];
  /** A service on the internet that OpenClaw needs; null: nobody knows one. */
  readonly internet: { readonly service: string; readonly isReached: boolean } | null;
}

/** Whether the fence stands; pure. `knocks` null: nobody could knock. */
export function judgeFence(knocks: Knocks | null, at: number): Finding {
  if (knocks === null) return unknown('fence-untried');
  const { near, reached, internet } = knocks;
  const tried = saw(at, 'fence-tried', {
    count: near.length,
    addresses: near.join(', ').slice(0, 300) || '–',
  });
  const evidence = internet?.isReached
    ? [tried, saw(at, 'internet-reached', { service: internet.service })]
    : [tried];
  if (reached.length > 0)
    return broken('danger', 'network-open', evidence, { addresses: reached.join(', ').slice(0, 300) });
  const isCutOff = internet !== null && !internet.isReached;
  return ok(
    evidence,
    isCutOff ? [{ code: 'internet-not-reached', facts: { service: internet.service } }] : [],
  );
}

/** What came out of the home, as one answer for each knock; null when it is anything else. Pure. */
export function readAnswers({ exitCode, untrustedOut }: ExecResult, count: number) {
  if (exitCode !== 0) return null;
  try {
    const { data } = Answers.length(count).safeParse(JSON.parse(untrustedOut));
    return data ?? null;
  } catch {
    return null;
  }
}

const named = ({ host, port }: Service) => `${host}:${port}`;

/** Where computers usually answer. */
const ownPorts = [135, 445, 22, 80, 443] as const;
/** How long this computer itself waits there (ms). */
const ownPatience = 1_000;

/** Services nearby where nothing has been arranged, apart from what the fence leaves open. */
async function strangers({ computer }: Doors, { allowed }: Fence): Promise<Service[]> {
  const [router] = await computer.routers();
  const isAllowed = ({ host, port }: Service) =>
    allowed.some((way) => way.address === host && way.port === port);
  return [
    metadata,
    ...(router === undefined ? [] : routerPorts.map((port) => ({ host: router, port }))),
  ].filter((service) => !isAllowed(service));
}

/** Where somebody on this computer opens to whoever comes. */
interface Post {
  readonly services: readonly Service[];
  /** Whether somebody came and left this word. */
  wasHeard(word: string): boolean;
  close(): Promise<void>;
}

/** Listens on this computer for a while; null where nobody opens there. */
async function standHere({ computer, sandbox, net }: Doors, signal: AbortSignal): Promise<Post | null> {
  const own = computer.addresses().filter((address) => !address.includes(':'));
  const hosts = [...own.slice(0, mostAddresses), ...sandbox.inside.computer];
  const at = (ports: readonly number[]) => hosts.flatMap((host) => ports.map((port) => ({ host, port })));
  const listener = await net.listen('0.0.0.0');
  if (listener !== null)
    return {
      services: at([listener.port]),
      wasHeard: (word) => listener.untrustedHeard().includes(word),
      close: () => listener.close(),
    };
  // Where ClawCove may not listen unasked, who does already is as good: a knock means something where somebody opens.
  const [first] = own;
  if (first === undefined) return null;
  const timeoutMs = ownPatience;
  const answers = await Promise.all(ownPorts.map((port) => net.connect(first, port, { timeoutMs, signal })));
  const ports = ownPorts.filter((_, index) => answers[index] === 'open');
  return ports.length === 0 ? null : { services: at(ports), wasHeard: () => false, close: async () => {} };
}

/**
 * Has the home knock at this computer and at what else is near. Who opens is known on either side: a home that lies
 * about having got through is seen to have come.
 */
async function knockFromInside(doors: Doors, signal: AbortSignal): Promise<Knocks | null> {
  const { computer, sandbox, store } = doors;
  const fence = await gatherFence(doors, signal);
  const post = await standHere(doors, signal);
  if (post === null) return null;
  try {
    const near = [...post.services, ...(await strangers(doors, fence))];
    const internet = internetService(store.choices(), computer.proxy());
    const targets = internet === null ? near : [...near, internet];
    const word = randomBytes(16).toString('hex');
    const order = JSON.stringify({ doors: targets, word, patience });
    const result = await sandbox.exec('agent', ['node', '-e', knocker, order], {
      timeoutMs: execTimeout,
      maxBytes: 10_000,
      signal,
    });
    const answers = readAnswers(result, targets.length);
    const wasHeard = post.wasHeard(word);
    if (answers === null && !wasHeard) return null;
    const reached = near.filter((_, index) => answers?.[index] === 'open').map(named);
    return {
      near: near.map(named),
      reached: wasHeard && reached.length === 0 ? post.services.slice(0, 1).map(named) : reached,
      internet: internet && { service: named(internet), isReached: answers?.at(-1) === 'open' },
    };
  } finally {
    await post.close();
  }
}

/** OpenClaw reaches the internet and nothing near: not this computer, not the other devices of its network. */
export const networkFenced: Safeguard = {
  id: 'network-fenced',
  guide: ['isolated'],
  needs: ['gateway-running'],
  patience: 0,
  async check(doors, signal) {
    return judgeFence(await knockFromInside(doors, signal), doors.clock.now());
  },
  async fix(doors, job) {
    await doors.sandbox.stop(job.signal);
    await makeHome(doors, job);
    await wakeIfWanted(doors, job);
  },
};
