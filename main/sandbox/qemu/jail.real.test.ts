/**
 * The jail around a program that knocks wherever it is told to, as QEMU does for a guest: whatever root in the
 * guest, or who broke out of it into QEMU, could reach.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { networkInterfaces, userInfo } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRun } from '../../host/command.ts';
import { environmentForPrograms } from '../../host/environment.ts';
import { network } from '../../host/network.ts';
import { pathWithSbin } from '../launch.ts';
import type { Fence } from '../sandbox.ts';
import { idle } from '../silent-report.ts';
import { jailed } from './jail.ts';

const { uid, gid } = userInfo();
const run = createRun(environmentForPrograms(process.env));
const open: Fence = { refused: [], allowed: [] };
const neighbour = { host: '10.77.0.2', port: 8099 };
const internet = { host: '198.51.100.2', port: 8099 };

const inJail = async (argv: readonly string[], fence = open, ports: readonly number[] = []) => {
  const [file = '', ...args] = jailed({ fence, uid, gid, ports }, argv);
  const command = { file, args, timeoutMs: 240_000, signal: idle(), environment: { PATH: pathWithSbin } };
  const outcome = await run(command);
  if (outcome.is !== 'exited') throw new Error(outcome.is);
  return outcome;
};

const knocker = `
const doors = process.argv.slice(1);
const knock = (door) => new Promise((resolve) => {
  const [host, port] = door.split(':');
  const socket = require('node:net').connect(Number(port), host);
  const end = (answer) => { socket.destroy(); resolve(answer); };
  setTimeout(end, 8000, 'silence').unref();
  socket.once('error', ({ code }) => end(code)).once('connect', () => end('open'));
});
Promise.all(doors.map(knock)).then((answers) => console.log(answers.join(' ')));
`;
const knock = async (doors: readonly { host: string; port: number }[], fence = open) => {
  const words = doors.map(({ host, port }) => `${host}:${port}`);
  const { stdout } = await inJail([process.execPath, '-e', knocker, ...words], fence);
  return stdout.trim().split(' ');
};

const own = Object.values(networkInterfaces())
  .flatMap((all) => all ?? [])
  .filter(({ family, internal }) => family === 'IPv4' && !internal)
  .map(({ address }) => address);

const isThere =
  (await run({ file: 'pasta', args: ['--version'], timeoutMs: 60_000, signal: idle() })).is !== 'not-found';

describe.skipIf(!isThere)('the jail', { timeout: 300_000 }, () => {
  const servers: Server[] = [];
  const listen = (host: string) =>
    new Promise<number>((resolve) => {
      // Who comes may go again at once.
      const server = createServer((socket) => socket.on('error', () => {}).end('reached'));
      servers.push(server);
      server.listen(0, host, () => resolve((server.address() as { port: number }).port));
    });
  let loopback: number;
  let everywhere: number;

  beforeAll(async () => {
    [loopback, everywhere] = [await listen('127.0.0.1'), await listen('0.0.0.0')];
  });
  afterAll(() => {
    for (const server of servers) server.close();
  });

  it('keeps this computer out of reach, on all of its addresses', async () => {
    const patience = { timeoutMs: 20_000, signal: idle() };
    expect(await network.connect('127.0.0.1', loopback, patience)).toBe('open');
    const hosts = ['127.0.0.1', '127.0.0.53', '169.254.1.1', '169.254.169.254', ...own];
    const doors = hosts.flatMap((host) => [loopback, everywhere].map((port) => ({ host, port })));
    // The product refuses those of this computer's addresses that don't look near, too.
    expect(await knock(doors, { refused: own, allowed: [] })).toEqual(doors.map(() => 'ECONNREFUSED'));
  });

  it('leaves the internet open, and the neighbours out', async ({ skip }) => {
    const patience = { timeoutMs: 20_000, signal: idle() };
    if ((await network.connect(neighbour.host, neighbour.port, patience)) !== 'open')
      return skip('needs a neighbour');
    expect(await knock([internet, neighbour])).toEqual(['open', 'ECONNREFUSED']);
    const { host: address, port } = neighbour;
    const fence = { refused: [internet.host], allowed: [{ address, port }] };
    expect(await knock([internet, neighbour], fence)).toEqual(['ECONNREFUSED', 'open']);
  });

  it('can’t be undone from within, and leaves no power', async () => {
    const { stdout } = await inJail(['cat', '/proc/self/status']);
    const field = (name: string) => new RegExp(`^${name}:\\s*(.*)$`, 'm').exec(stdout)?.[1];
    expect(field('Uid')?.split(/\s+/)[0]).toBe(String(uid));
    for (const set of ['Inh', 'Prm', 'Eff', 'Bnd', 'Amb']) expect(field(`Cap${set}`)).toBe('0'.repeat(16));
    expect(field('NoNewPrivs')).toBe('1');
    // Also who makes themselves root of a namespace of their own is not the owner of this network.
    const undo = ['unshare', '--user', '--map-root-user', 'nft', 'flush', 'ruleset'];
    expect((await inJail(undo)).code).not.toBe(0);
  });

  it('starts nothing where no fence can be built', async () => {
    const [file = '', ...args] = jailed({ fence: open, uid, gid, ports: [] }, ['echo', 'began']);
    const broken = args.map((word) => (word.startsWith('table inet') ? 'table inet { nonsense' : word));
    const outcome = await run({
      file,
      args: broken,
      timeoutMs: 60_000,
      signal: idle(),
      environment: { PATH: pathWithSbin },
    });
    expect(outcome).toMatchObject({ is: 'exited', stdout: '' });
    expect(outcome).not.toMatchObject({ code: 0 });
  });

  it('is entered through its ports on 127.0.0.1, and on no other address', async () => {
    const port = 18_993;
    // Ends by itself: it is the first process of its kind in there, whom no polite signal ends.
    const serve = `setTimeout(() => process.exit(), 40_000);
      require('net').createServer((s) => s.on('error', () => {}).end('home')).listen(${port}, '127.0.0.1', () => console.log('there'))`;
    const [file = '', ...args] = jailed({ fence: open, uid, gid, ports: [port] }, [
      process.execPath,
      '-e',
      serve,
    ]);
    const jail = spawn(file, args, { env: { ...process.env, PATH: pathWithSbin } });
    const ended = once(jail, 'exit');
    await once(jail.stdout, 'data');
    const patience = { timeoutMs: 20_000, signal: idle() };
    expect(await network.get(`http://127.0.0.1:${port}/`, patience)).not.toMatchObject({ is: 'refused' });
    expect(await network.connect('127.0.0.1', port, patience)).toBe('open');
    for (const host of own)
      expect([host, await network.connect(host, port, patience)]).toEqual([host, 'refused']);
    await ended;
  });
});
