/** The network as ClawCove itself uses it: knocking at the gateway and at addresses that must not answer, and listening who comes. */
import { lookup } from 'node:dns/promises';
import { get as httpGet, type IncomingMessage } from 'node:http';
import { get as httpsGet } from 'node:https';
import { connect } from 'node:net';
import type { HttpAnswer, Net } from '../doors.ts';
import { Cancelled } from '../problem.ts';
import { type AgentFor, directly } from './agents.ts';
import { listen } from './listen.ts';

const maxBody = 64 * 1024;

type Reachability = Awaited<ReturnType<Net['connect']>>;

/** The beginning of an answer's body; the rest is never waited for. */
async function readBody(message: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of message as AsyncIterable<Buffer>) {
    pieces.push(piece.subarray(0, maxBody - size));
    size += piece.length;
    if (size >= maxBody) break;
  }
  return Buffer.concat(pieces).toString('utf8');
}

function failure(error: unknown): HttpAnswer {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ECONNREFUSED') return { is: 'refused' };
  return { is: 'failed', detail: code || (error instanceof Error ? error.message.slice(0, 200) : '') };
}

async function getOnce(
  url: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
  agentFor: AgentFor,
): Promise<HttpAnswer> {
  const get = url.startsWith('https:') ? httpsGet : httpGet;
  const message = await new Promise<IncomingMessage>((resolve, reject) => {
    // No connection is kept: the gateway may be another one at the next question.
    get(url, { headers, signal, agent: agentFor(url) }, resolve).on('error', reject);
  });
  const untrustedBody = await readBody(message);
  message.destroy();
  const { location } = message.headers;
  return {
    is: 'answered',
    status: message.statusCode ?? 0,
    untrustedBody,
    ...(location === undefined ? {} : { untrustedLocation: location }),
  };
}

export interface NetworkOptions {
  readonly agentFor?: AgentFor;
  /** Whether an address may be listened on: some systems ask the person first. */
  readonly mayListen?: (address: string) => boolean;
}

/** Makes the real {@link Net}. */
export const createNetwork = ({ agentFor = directly, mayListen }: NetworkOptions = {}): Net => ({
  async get(url, { headers = {}, timeoutMs, signal }) {
    const late = AbortSignal.timeout(timeoutMs);
    try {
      return await getOnce(url, headers, AbortSignal.any([signal, late]), agentFor);
    } catch (error) {
      if (signal.aborted) throw new Cancelled();
      return late.aborted ? { is: 'timed-out' } : failure(error);
    }
  },
  async connect(address, port, { timeoutMs, signal }) {
    if (signal.aborted) throw new Cancelled();
    const late = AbortSignal.timeout(timeoutMs);
    const socket = connect({ host: address, port, signal: AbortSignal.any([signal, late]) });
    const answer = await new Promise<Reachability>((resolve) => {
      socket.once('connect', () => resolve('open'));
      socket.once('error', ({ code }: NodeJS.ErrnoException) => {
        if (late.aborted || code === 'ETIMEDOUT') resolve('timed-out');
        else resolve(code === 'ECONNREFUSED' ? 'refused' : 'unreachable');
      });
    });
    socket.destroy();
    if (signal.aborted) throw new Cancelled();
    return answer;
  },
  async resolve(host, { timeoutMs, signal }) {
    if (signal.aborted) throw new Cancelled();
    const late = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
    // Asking for a name can't be broken off: it is left to itself.
    const given = new Promise<never>((_, reject) =>
      late.addEventListener('abort', () => reject(late.reason), { once: true }),
    );
    const found = await Promise.race([lookup(host, { family: 4, all: true }), given]).catch(() => []);
    if (signal.aborted) throw new Cancelled();
    return found.map(({ address }) => address);
  },
  listen: async (address) => (mayListen?.(address) === false ? null : listen(address)),
});

/** The one that goes straight. */
export const network: Net = createNetwork();
