import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { policy } from '../../main/faces/protocol.ts';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
};

/** Serves the built harness as main serves the page: same policy, a nonce per answer. */
export async function serve(folder: string): Promise<{ url: string; close(): void }> {
  const server = createServer(async (request, response) => {
    const path = new URL(request.url ?? '/', 'http://x').pathname.replace(/^\/$/, '/index.html');
    const nonce = randomBytes(16).toString('base64');
    const content = path.includes('..') ? null : await readFile(join(folder, path)).catch(() => null);
    response.statusCode = content === null ? 404 : 200;
    response.setHeader('Content-Type', types[extname(path)] ?? 'application/octet-stream');
    response.setHeader('Content-Security-Policy', policy(nonce));
    response.end(
      path.endsWith('.html') ? content?.toString().replaceAll('__CSP_NONCE__', nonce) : (content ?? ''),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { url: `http://127.0.0.1:${address.port}`, close: () => server.close() };
}
