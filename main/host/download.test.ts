import { readFile, stat, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { Cancelled, ProblemError } from '../problem.ts';
import { createDownload } from './download.ts';
import { testFolder } from './test-folder.ts';

describe('a download', () => {
  let server: Server | null = null;
  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
  });
  const serve = async (listener: RequestListener) => {
    server = createServer(listener);
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/file`;
  };
  const get = async (
    url: string,
    options: { signal?: AbortSignal; patience?: number; file?: string } = {},
  ) => {
    const file = options.file ?? join(await testFolder(), 'file');
    const seen: [number, number | null][] = [];
    const report = {
      signal: options.signal ?? new AbortController().signal,
      progress: (done: number, of: number | null) => void seen.push([done, of]),
    };
    await createDownload(fetch, options.patience)(url, file, report);
    return { file, seen };
  };
  const problemOf = async (promise: Promise<unknown>) => {
    const error = await promise.catch((reason: unknown) => reason);
    return error instanceof ProblemError ? error.problem.code : error;
  };

  it('writes what comes, for this person alone, and says how far it is', async () => {
    const content = Buffer.alloc(300_000, 7);
    const url = await serve(
      (_, answer) => void answer.setHeader('content-length', content.length).end(content),
    );
    const { file, seen } = await get(url);
    expect((await readFile(file)).equals(content)).toBe(true);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(seen.at(-1)).toEqual([300_000, 300_000]);
  });

  it('follows to where it is sent, and does without a length', async () => {
    const url = await serve((request, answer) => {
      if (request.url === '/file') answer.writeHead(302, { location: '/other' }).end();
      else answer.write('a', () => answer.end('b'));
    });
    const { file, seen } = await get(url);
    expect(await readFile(file, 'utf8')).toBe('ab');
    expect(seen.at(-1)).toEqual([2, null]);
  });

  it.each([
    [404, 'system-gone'],
    [403, 'source-refuses'],
    [429, 'source-busy'],
    [503, 'source-out-of-order'],
  ])('says what %d means', async (status, code) => {
    const url = await serve((_, answer) => void answer.writeHead(status).end('<html>'));
    expect(await problemOf(get(url))).toBe(code);
  });

  it('tells a source that falls silent, that breaks off, and that is not there', async () => {
    const silent = await serve((_, answer) => void answer.setHeader('content-length', 9).write('a'));
    expect(await problemOf(get(silent, { patience: 200 }))).toBe('source-silent');
    const broken = await serve((_, answer) => {
      answer.setHeader('content-length', 9).write('a', () => answer.destroy());
    });
    expect(await problemOf(get(broken))).toBe('source-silent');
    expect(await problemOf(get('http://127.0.0.1:1/'))).toBe('source-silent');
    expect(await problemOf(get('http://no-such-host.invalid/'))).toBe('no-internet');
  });

  it('ends when the person cancels', async () => {
    const url = await serve((_, answer) => void answer.write('a'));
    await expect(get(url, { signal: AbortSignal.timeout(200) })).rejects.toThrow(Cancelled);
  });

  it('writes over nothing that is there', async () => {
    const file = join(await testFolder(), 'file');
    await writeFile(file, 'mine');
    const url = await serve((_, answer) => void answer.end('theirs'));
    await expect(get(url, { file })).rejects.toThrow('EEXIST');
    expect(await readFile(file, 'utf8')).toBe('mine');
  });
});
