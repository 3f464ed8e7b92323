/** What a machine is made from is what its makers signed: with the real gpgv, and the rig's signature. */
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRun } from '../../host/command.ts';
import { environmentForPrograms } from '../../host/environment.ts';
import { problemCode } from '../sandbox.contract.ts';
import { silentReport } from '../silent-report.ts';
import { ensureBase } from './base.ts';
import { cloudFolder } from './test-machine.ts';

const cloud = await cloudFolder();
const run = createRun(environmentForPrograms(process.env));

describe.skipIf(cloud === null)('a download source', () => {
  let server: Server;
  let folder: string;
  let answers: Record<string, Buffer | string | undefined>;
  let signed: { list: Buffer; signature: Buffer; keys: string };

  beforeAll(async () => {
    const read = (name: string) => readFile(join(cloud ?? '', name));
    signed = {
      list: await read('SHA512SUMS'),
      signature: await read('SHA512SUMS.sign'),
      keys: (await read('keys')).toString(),
    };
    server = createServer((request, response) => {
      const answer = answers[(request.url ?? '').slice(1)];
      if (answer === undefined) response.writeHead(404).end();
      else response.end(answer);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    folder = await mkdtemp(join(tmpdir(), 'clawcove-base-'));
  });
  afterAll(async () => {
    server?.close();
    await rm(folder, { recursive: true, force: true });
  });

  const image = 'debian-12-generic-amd64.qcow2';
  const file = () => join(folder, 'base.qcow2');
  const take = async (change: Record<string, Buffer | string | undefined>, keys = signed.keys) => {
    answers = { SHA512SUMS: signed.list, 'SHA512SUMS.sign': signed.signature, ...change };
    const source = {
      folder: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
      image,
      signer: { file: 'SHA512SUMS.sign', keys },
    };
    const code = await problemCode(ensureBase(run, source, file(), null, silentReport()));
    expect(existsSync(file())).toBe(false);
    return code;
  };

  it.each([
    [
      'says something else than was signed',
      { SHA512SUMS: `${'0'.repeat(128)}  ${image}\n` },
      'system-unsigned',
    ],
    ['signs nothing', { 'SHA512SUMS.sign': undefined }, 'source-out-of-order'],
    ['signs with nonsense', { 'SHA512SUMS.sign': 'hello' }, 'system-unsigned'],
    ['has no list', { SHA512SUMS: undefined }, 'source-out-of-order'],
    ['has another image', { [image]: Buffer.from('QFI\xfb and something else', 'latin1') }, 'system-damaged'],
    ['has a page in its place', { [image]: '<html>Welcome to our hotel</html>' }, 'somebody-in-between'],
    ['has no image', {}, 'source-out-of-order'],
  ])('is not believed when it %s', async (_, change, code) => {
    expect(await take(change)).toBe(code);
  });

  it('is not believed when somebody else has signed', async () => {
    expect(await take({}, '')).toBe('system-unsigned');
  });

  it('needs an encrypted connection where nobody signs', async () => {
    const source = { folder: 'http://127.0.0.1:9/', image, signer: null };
    const never = () => Promise.reject(new Error('nothing is run'));
    expect(await problemCode(ensureBase(never, source, file(), null, silentReport()))).toBe(
      'system-unsigned',
    );
  });
});
