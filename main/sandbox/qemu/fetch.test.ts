/** Downloads from a server that misbehaves on this computer. */
import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { testFolder } from '../../host/test-folder.ts';
import { Cancelled } from '../../problem.ts';
import { problemCode } from '../sandbox.contract.ts';
import { idle, silentReport } from '../silent-report.ts';
import { fetchFile, fetchSmall } from './fetch.ts';

const magic = Buffer.from('QFI\xfb', 'latin1');
const contents = Buffer.concat([magic, randomBytes(900_000)]);
const sha512 = createHash('sha512').update(contents).digest('hex');

let server: Server;
let answer: RequestListener;
let asked: (string | undefined)[];
let file: string;
const url = (path = '/image') => new URL(path, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
const fetchIt = (report = silentReport()) => fetchFile({ url: url(), sha512, magic }, file, report);

/** Answers as a good server does, also from the middle. */
const good: RequestListener = (request, response) => {
  const [, from] = /^bytes=(\d+)-$/.exec(request.headers.range ?? '') ?? [];
  const rest = contents.subarray(Number(from ?? 0));
  response.writeHead(from === undefined ? 200 : 206, { 'content-length': rest.length });
  response.end(rest);
};

beforeEach(async () => {
  asked = [];
  answer = good;
  server = createServer((request, response) => {
    asked.push(request.headers.range);
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  file = join(await testFolder(), 'image');
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

describe('downloading', () => {
  it('brings it whole, and says how far it is', async () => {
    const report = silentReport();
    await fetchIt(report);
    expect(await readFile(file)).toEqual(contents);
    expect(report.steps.at(-1)).toEqual({ done: contents.length, of: contents.length });
    expect(existsSync(`${file}.part`)).toBe(false);
  });

  it('takes up again where it was broken off', async () => {
    answer = (_, response) => {
      response.writeHead(200, { 'content-length': contents.length });
      response.write(contents.subarray(0, 300_000), () => response.destroy());
    };
    expect(await problemCode(fetchIt())).toBe('source-silent');
    expect(existsSync(file)).toBe(false);
    const there = (await readFile(`${file}.part`)).length;
    expect(there).toBeGreaterThan(0);
    answer = good;
    const report = silentReport();
    await fetchIt(report);
    expect(asked).toEqual([undefined, `bytes=${there}-`]);
    expect(report.steps[0]?.done).toBeGreaterThan(there);
    expect(await readFile(file)).toEqual(contents);
  });

  it('begins anew where the source can’t go on, or has nothing after it', async () => {
    await writeFile(`${file}.part`, contents.subarray(0, 1_000));
    answer = (_, response) => response.end(contents);
    await fetchIt();
    expect(await readFile(file)).toEqual(contents);
    await writeFile(`${file}.part`, Buffer.concat([contents, contents]));
    answer = (request, response) => {
      if (request.headers.range === undefined) return response.end(contents);
      response.writeHead(416).end();
    };
    await fetchIt();
    expect(await readFile(file)).toEqual(contents);
  });

  it('throws away what isn’t what was promised, also what lay there before', async () => {
    const other = Buffer.concat([magic, randomBytes(50)]);
    answer = (_, response) => response.end(other);
    expect(await problemCode(fetchIt())).toBe('system-damaged');
    await writeFile(`${file}.part`, other);
    answer = good;
    expect(await problemCode(fetchIt())).toBe('system-damaged');
    expect([existsSync(file), existsSync(`${file}.part`)]).toEqual([false, false]);
    await fetchIt();
    expect(await readFile(file)).toEqual(contents);
  });

  it.each([
    ['says so', { 'content-type': 'text/html; charset=utf-8' }],
    ['doesn’t', { 'content-type': 'application/octet-stream' }],
  ])('knows a sign-in page that %s', async (_, headers) => {
    answer = (_request, response) => response.writeHead(200, headers).end('<html>Welcome to our hotel');
    expect(await problemCode(fetchIt())).toBe('somebody-in-between');
    expect(existsSync(file)).toBe(false);
  });

  it.each([
    [404, 'source-out-of-order'],
    [403, 'source-refuses'],
    [503, 'source-out-of-order'],
    [500, 'source-out-of-order'],
  ])('says what %d means', async (status, code) => {
    answer = (_, response) => response.writeHead(status).end();
    expect(await problemCode(fetchIt())).toBe(code);
    expect(await problemCode(fetchSmall(url(), idle()))).toBe(code);
  });

  it('goes where it is sent, but not for ever, nor anywhere', async () => {
    answer = (request, response) => {
      if (request.url === '/near') return good(request, response);
      response.writeHead(302, { location: '/near' }).end();
    };
    await fetchIt();
    expect(await readFile(file)).toEqual(contents);
    answer = (_, response) => response.writeHead(302, { location: '/image' }).end();
    expect(await problemCode(fetchSmall(url(), idle()))).toBe('somebody-in-between');
    answer = (_, response) => response.writeHead(302, { location: 'file:///etc/passwd' }).end();
    expect(await problemCode(fetchSmall(url(), idle()))).toBe('somebody-in-between');
  });

  it('can be cancelled, and keeps what came', async () => {
    answer = (_, response) => {
      response.writeHead(200, { 'content-length': contents.length });
      response.write(contents.subarray(0, 300_000));
    };
    const abort = new AbortController();
    const report = { ...silentReport(abort.signal), progress: () => abort.abort() };
    await expect(fetchIt(report)).rejects.toBeInstanceOf(Cancelled);
    expect(existsSync(file)).toBe(false);
  });

  it('takes nothing large for something small', async () => {
    answer = (_, response) => response.end(Buffer.alloc(500_000));
    expect(await problemCode(fetchSmall(url(), idle()))).toBe('source-out-of-order');
  });

  it('tells a dead source from no internet', async () => {
    const dead = url();
    server.close();
    expect(await problemCode(fetchSmall(dead, idle()))).toBe('source-silent');
    expect(await problemCode(fetchSmall(new URL('http://no-such-place.invalid/'), idle()))).toBe(
      'no-internet',
    );
  });
});
