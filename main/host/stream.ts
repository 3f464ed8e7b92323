/** Large answers from the network, piece by piece. */
import { get as httpGet, type IncomingMessage } from 'node:http';
import { get as httpsGet } from 'node:https';
import { type AgentFor, directly } from './agents.ts';

/** An answer whose body is still to come. Whoever doesn't read it to its end has to drop it. */
export interface Stream {
  readonly status: number;
  /** Where the answer sends us instead; nobody is followed unless somebody decides so. */
  readonly untrustedLocation: string | null;
  /** How long its sender says that it is (bytes). */
  readonly untrustedLength: number | null;
  readonly untrustedPieces: AsyncIterable<Uint8Array>;
  drop(): void;
}

/** GET without following redirects. Rejects as Node's own does, and when nothing comes for a while. */
export type OpenStream = (
  url: string,
  options: { readonly headers?: Readonly<Record<string, string>>; readonly signal: AbortSignal },
) => Promise<Stream>;

/** After so long a silence nothing more will come (ms). */
const silenceMs = 60_000;

/** Makes the real {@link OpenStream}. */
export function createOpenStream(agentFor: AgentFor): OpenStream {
  return async (url, { headers = {}, signal }) => {
    const get = url.startsWith('https:') ? httpsGet : httpGet;
    const message = await new Promise<IncomingMessage>((resolve, reject) => {
      const request = get(url, { headers, signal, agent: agentFor(url) }, resolve);
      request.on('error', reject);
      request.setTimeout(silenceMs, () => {
        request.destroy(Object.assign(new Error('silence'), { code: 'ETIMEDOUT' }));
      });
    });
    const length = Number(message.headers['content-length'] ?? Number.NaN);
    return {
      status: message.statusCode ?? 0,
      untrustedLocation: message.headers.location ?? null,
      untrustedLength: Number.isSafeInteger(length) ? length : null,
      untrustedPieces: message,
      drop: () => message.destroy(),
    };
  };
}

/** The one that goes straight. */
export const openStream: OpenStream = createOpenStream(directly);
