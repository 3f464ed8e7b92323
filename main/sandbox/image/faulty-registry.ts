/** A registry for tests: hands on to a real one, and fails in the ways that networks fail. */
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Fault =
  | 'none'
  /** Everything arrives, but slowly (8 MB a second). */
  | 'slow'
  /** One bit of every large blob arrives changed. */
  | 'damaged'
  /** The connection breaks in the middle of every large blob. */
  | 'cut'
  | 'out-of-order'
  | 'refuses'
  | 'wants-password'
  | 'busy'
  /** A network's sign-in page answers instead. */
  | 'sign-in-page';

export interface FaultyRegistry {
  /** `127.0.0.1:port` */
  readonly address: string;
  fault: Fault;
  close(): Promise<void>;
}

const answers: Partial<Record<Fault, (response: ServerResponse) => void>> = {
  'out-of-order': (response) => response.writeHead(503).end('busy'),
  refuses: (response) => response.writeHead(403).end('{"errors":[{"code":"DENIED","message":"denied"}]}'),
  'wants-password': (response) =>
    response
      .writeHead(401, { 'www-authenticate': 'Basic realm="x"' })
      .end('{"errors":[{"code":"UNAUTHORIZED"}]}'),
};
const manifestAnswers: Partial<Record<Fault, (response: ServerResponse) => void>> = {
  busy: (response) =>
    response
      .writeHead(429)
      .end('{"errors":[{"code":"TOOMANYREQUESTS","message":"toomanyrequests: slow down"}]}'),
  'sign-in-page': (response) =>
    response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Welcome</html>'),
};

const large = 1_000_000;
const bytesPerMs = 8_000;

async function handOn(from: IncomingMessage, response: ServerResponse, fault: Fault): Promise<void> {
  const isLarge = Number(from.headers['content-length']) > large;
  let size = 0;
  for await (const piece of from as AsyncIterable<Buffer>) {
    if (isLarge && fault === 'cut' && size > large) return void response.destroy();
    const first = piece[0];
    if (isLarge && fault === 'damaged' && size === 0 && first !== undefined) piece[0] = first ^ 1;
    size += piece.length;
    response.write(piece);
    if (fault === 'slow') await new Promise((resolve) => setTimeout(resolve, piece.length / bytesPerMs));
  }
  response.end();
}

/** @param upstream address of a real registry without TLS */
export async function startFaultyRegistry(upstream: string): Promise<FaultyRegistry> {
  const registry = { address: '', fault: 'none' as Fault, close: async () => {} };
  const server = createServer((question, response) => {
    const { fault } = registry;
    const answer =
      answers[fault] ?? (question.url?.includes('/manifests/') ? manifestAnswers[fault] : undefined);
    if (answer) return answer(response);
    const { method, headers, url } = question;
    const onward = request(`http://${upstream}${url}`, { method, headers }, (from) => {
      response.writeHead(from.statusCode ?? 500, from.headers);
      // Whoever asked may have hung up.
      handOn(from, response, fault).catch(() => response.destroy());
    });
    onward.on('error', () => response.destroy());
    response.on('error', () => onward.destroy());
    response.on('close', () => onward.destroy());
    question.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  registry.address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  registry.close = () =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return registry;
}
