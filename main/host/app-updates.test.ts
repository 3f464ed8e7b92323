import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { makeKeyPair, releaseWords, signatureOf } from '../app-update/example-release.ts';
import type { AppUpdates } from '../doors.ts';
import { abilityOf, createAppUpdates } from './app-updates.ts';
import { systemClock } from './clock.ts';
import { network } from './network.ts';
import { testFolder } from './test-folder.ts';

const makers = makeKeyPair();
const newFile = Buffer.from('#!/bin/sh\necho new\n'.repeat(5_000));
const name = process.arch === 'x64' ? 'latest-linux.yml' : `latest-linux-${process.arch}.yml`;
const signal = new AbortController().signal;
const progress = () => {};
const inADay = new Date(Date.now() + 24 * 3_600_000).toISOString();

describe('ClawCove’s own updates', () => {
  let folder: string;
  let file: string;
  let server: Server;
  let address: string;
  /** What the server answers by path; a function does it itself. */
  let answers: Map<string, string | Buffer | ((response: ServerResponse) => void)>;
  let asked: { path: string; headers: Record<string, unknown> }[];
  let restarts: number;

  /** Lets a release out; some of its words may be others. */
  const bringOut = (change: Record<string, string | undefined> = {}, signed = makers) => {
    const sha512 = createHash('sha512').update(newFile).digest('base64');
    const until = `'${inADay}'`;
    const words = releaseWords({
      sha512,
      size: String(newFile.length),
      validUntil: until,
      signedAs: name,
      ...change,
    });
    answers.set(`/${name}`, words);
    answers.set(`/${name}.sig`, signatureOf(words, signed));
    answers.set('/ClawCove-1.3.0.AppImage', newFile);
  };
  const restart = () => {
    restarts += 1;
  };
  const open = (startAnew: (() => void) | null = restart): AppUpdates =>
    createAppUpdates({
      app: {
        version: '1.2.3',
        isPackaged: true,
        feed: { address, publicKeys: [makers.publicKey] },
        file,
        startAnew,
      },
      folder: join(folder, 'downloads'),
      net: network,
      clock: systemClock,
      log: { info() {}, error() {} },
    });
  const isAsBefore = async () => {
    expect(await readFile(file, 'utf8')).toBe('old');
    expect(await readdir(join(folder, 'bin'))).toEqual(['ClawCove.AppImage']);
  };

  beforeEach(async () => {
    folder = await testFolder();
    file = join(folder, 'bin/ClawCove.AppImage');
    await mkdir(join(folder, 'bin'));
    await writeFile(file, 'old', { mode: 0o755 });
    vi.stubEnv('APPIMAGE', file);
    answers = new Map();
    asked = [];
    restarts = 0;
    server = createServer(({ url = '', headers }, response) => {
      asked.push({ path: url, headers });
      const answer = answers.get(url);
      if (typeof answer === 'function') answer(response);
      else if (answer === undefined) response.writeHead(404).end();
      else response.end(answer);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    bringOut();
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    server.closeAllConnections();
    server.close();
  });

  it('are asked for without telling who asks', async () => {
    bringOut({ stagingPercentage: '100' });
    expect(await open().look(signal)).toEqual({ version: '1.3.0', isOurTurn: true, safeFrom: null });
    expect(asked.map(({ path }) => path)).toEqual([`/${name}`, `/${name}.sig`]);
    for (const { headers } of asked) expect(Object.keys(headers).join()).not.toMatch(/id|agent|cookie/i);
  });

  it('come in one move, when nobody is disturbed, and keep the name of the file', async () => {
    const updates = open();
    const seen: number[] = [];
    await updates.download('1.3.0', { signal, progress: (done) => void seen.push(done) });
    expect(updates.standing()).toEqual({ is: 'ready', version: '1.3.0' });
    await isAsBefore();
    await updates.takeOver();
    expect(updates.standing()).toEqual({ is: 'restarting', version: '1.3.0' });
    expect(restarts).toBe(1);
    expect(await readFile(file)).toEqual(newFile);
    expect((await stat(file)).mode & 0o777).toBe(0o755);
    expect(await readdir(join(folder, 'bin'))).toEqual(['ClawCove.AppImage']);
    expect(seen.at(-1) ?? newFile.length).toBe(newFile.length);
  });

  it('come at the end of ClawCove, too, and start nothing then', async () => {
    const updates = open();
    await updates.close();
    await isAsBefore();
    await updates.download('1.3.0', { signal, progress });
    await updates.close();
    expect(await readFile(file)).toEqual(newFile);
    expect(restarts).toBe(0);
  });

  it('wait for the next start in a terminal', async () => {
    const updates = open(null);
    await updates.download('1.3.0', { signal, progress });
    await updates.takeOver();
    expect(updates.standing()).toEqual({ is: 'next-start', version: '1.3.0' });
    expect(await readFile(file)).toEqual(newFile);
  });

  it('are downloaded once: what lies here already is only verified', async () => {
    await open().download('1.3.0', { signal, progress });
    const later = open();
    await later.download('1.3.0', { signal, progress });
    expect(later.standing()).toEqual({ is: 'ready', version: '1.3.0' });
    expect(asked.filter(({ path }) => path.endsWith('.AppImage'))).toHaveLength(1);
  });

  it('are no use when what lies here was changed since', async () => {
    const updates = open();
    await updates.download('1.3.0', { signal, progress });
    await writeFile(join(folder, 'downloads/pending/ClawCove-1.3.0.AppImage'), 'evil');
    await expect(updates.takeOver()).rejects.toThrow('app-download-damaged');
    await isAsBefore();
    expect(restarts).toBe(0);
    await updates.download('1.3.0', { signal, progress });
    await updates.takeOver();
    expect(await readFile(file)).toEqual(newFile);
  });

  it.each<[string, string, Buffer | ((response: ServerResponse) => void)]>([
    ['one byte is another', 'app-download-damaged', Buffer.from(newFile).fill('x', 7, 8)],
    ['something is missing', 'app-download-damaged', newFile.subarray(0, -1)],
    ['there is more of it', 'app-download-damaged', Buffer.concat([newFile, newFile])],
    [
      'it never ends',
      'app-download-damaged',
      (response) => {
        const more = () => {
          while (response.write(newFile));
        };
        response.on('drain', more);
        more();
      },
    ],
    [
      'it breaks off',
      'source-silent',
      (response) => {
        response.writeHead(200, { 'content-length': newFile.length });
        response.write(newFile.subarray(0, 1_000), () => response.destroy());
      },
    ],
    [
      'it is somewhere else',
      'source-out-of-order',
      (response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
    ],
    [
      'it is here and somewhere else',
      'source-out-of-order',
      (response) => response.writeHead(200, { location: '/elsewhere' }).end(newFile),
    ],
    ['it is not there', 'source-out-of-order', (response) => response.writeHead(404).end()],
  ])('are thrown away when %s', async (_, problem, answer) => {
    answers.set('/ClawCove-1.3.0.AppImage', answer);
    const updates = open();
    await expect(updates.download('1.3.0', { signal, progress })).rejects.toThrow(problem);
    expect(updates.standing()).toEqual({ is: 'none' });
    expect(asked.map(({ path }) => path)).not.toContain('/elsewhere');
    await updates.takeOver();
    await updates.close();
    await isAsBefore();
    const left = await readdir(join(folder, 'downloads/pending')).catch(() => []);
    expect(left).toEqual([]);
  });

  it('are not at hand any more when a later one broke off', async () => {
    const updates = open();
    await updates.download('1.3.0', { signal, progress });
    const newest = 'ClawCove-1.3.1.AppImage';
    const sha512 = createHash('sha512').update('newer').digest('base64');
    bringOut({ version: '1.3.1', url: newest, sha512, size: '5' });
    answers.set(`/${newest}`, 'other');
    await expect(updates.download('1.3.1', { signal, progress })).rejects.toThrow('app-download-damaged');
    expect(updates.standing()).toEqual({ is: 'none' });
    await updates.takeOver();
    await updates.close();
    await isAsBefore();
  });

  it('are broken off when the person wants it', async () => {
    answers.set('/ClawCove-1.3.0.AppImage', (response) => {
      response.writeHead(200, { 'content-length': newFile.length });
      response.write(newFile.subarray(0, 1_000));
      abort.abort(new Error('enough'));
    });
    const abort = new AbortController();
    await expect(open().download('1.3.0', { signal: abort.signal, progress })).rejects.toThrow('enough');
    await isAsBefore();
  });

  it.each<[string, () => void, string]>([
    ['somebody else signed', () => bringOut({}, makeKeyPair()), 'app-unsigned'],
    ['nobody signed', () => answers.delete(`/${name}.sig`), 'app-unsigned'],
    ['is longer than any', () => answers.set(`/${name}`, Buffer.alloc(200_000, 'a')), 'app-unsigned'],
    ['is out of date', () => bringOut({ validUntil: "'2020-01-01T00:00:00.000Z'" }), 'app-expired'],
    ['is not there', () => answers.delete(`/${name}`), 'source-out-of-order'],
    ['breaks off', () => answers.set(`/${name}`, (response) => response.destroy()), 'source-silent'],
  ])('are not believed when what is said of them %s', async (_, prepare, problem) => {
    prepare();
    const updates = open();
    await expect(updates.look(signal)).rejects.toThrow(problem);
    await expect(updates.download('1.3.0', { signal, progress })).rejects.toThrow(problem);
    expect(asked.map(({ path }) => path)).not.toContain('/ClawCove-1.3.0.AppImage');
  });

  it('never go back, and wait for their turn', async () => {
    bringOut({ version: '1.2.2' });
    const updates = open();
    expect(await updates.look(signal)).toMatchObject({ version: '1.2.2', isOurTurn: true });
    await expect(updates.download('1.3.0', { signal, progress })).rejects.toThrow('app-went-back');
    await updates.download('1.2.2', { signal, progress });
    expect(updates.standing()).toEqual({ is: 'none' });
    bringOut({ stagingPercentage: '0' });
    expect(await updates.look(signal)).toMatchObject({ version: '1.3.0', isOurTurn: false });
    await updates.download('1.3.0', { signal, progress });
    expect(updates.standing()).toEqual({ is: 'none' });
    await isAsBefore();
  });

  it('come without waiting for their turn where what runs has known holes', async () => {
    bringOut({ stagingPercentage: '0', safeFrom: '1.2.3' });
    const updates = open();
    expect(await updates.look(signal)).toMatchObject({ isOurTurn: false, safeFrom: '1.2.3' });
    bringOut({ stagingPercentage: '0', safeFrom: '1.2.4' });
    expect(await updates.look(signal)).toMatchObject({ isOurTurn: true, safeFrom: '1.2.4' });
    await updates.download('1.3.0', { signal, progress });
    expect(updates.standing()).toEqual({ is: 'ready', version: '1.3.0' });
  });

  it('are left to others where this ClawCove can’t do it', () => {
    const app = { version: '1.2.3', isPackaged: true, feed: { address, publicKeys: [] }, file };
    expect(abilityOf(app)).toEqual({ is: 'able' });
    const why = (change: Partial<typeof app> | { file: null } | { feed: null }) =>
      abilityOf({ ...app, ...change });
    expect(why({ isPackaged: false })).toMatchObject({ why: 'app-from-source' });
    expect(why({ file: null })).toMatchObject({ why: 'app-by-system' });
    expect(why({ file: '/nowhere/ClawCove.AppImage' })).toMatchObject({ why: 'app-by-system' });
    expect(why({ feed: null })).toMatchObject({ why: 'app-without-source' });
  });
});
