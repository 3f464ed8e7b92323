/** What the driver decides between two calls of Docker, with Docker as a strict double. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Outcome } from '../../doors.ts';
import { systemClock } from '../../host/clock.ts';
import { network } from '../../host/network.ts';
import { exited, strictRun } from '../../host/strict-run.ts';
import { testFolder } from '../../host/test-folder.ts';
import { ProblemError } from '../../problem.ts';
import { fixture } from '../fixtures.ts';
import { createDockerSandbox } from './docker.ts';

const idle = () => new AbortController().signal;
const host = 'unix:///var/run/docker.sock';
const context = exited(0, JSON.stringify([{ Endpoints: { docker: { Host: host } } }]));
const info = exited(0, JSON.stringify(JSON.parse(fixture('docker-info.rootful-20.10.recorded.json'))));
const failed = (words: string) => exited(1, '', `Error response from daemon: ${words}\n`);
const [homeSays] = JSON.parse(fixture('docker-inspect.home-20.10.recorded.json'));
const [guardSays] = JSON.parse(fixture('docker-inspect.guard-20.10.recorded.json'));
const running = (startedAt: string) => ({
  Status: 'running',
  Pid: 4242,
  ExitCode: 0,
  FinishedAt: '',
  StartedAt: startedAt,
});
const saying = (container: { State: object }, state: object = {}) =>
  exited(0, JSON.stringify([{ ...container, State: { ...container.State, ...state } }]));
const inspectHome = 'container inspect -- clawcove-openclaw';
const inspectGuard = `container inspect -- ${guardSays.Id}`;
const images = 'images --no-trunc --filter=reference=ghcr.io/openclaw/openclaw --format={{.ID}}';
const [early, late] = ['2026-11-30T10:00:00Z', '2026-11-30T10:00:05Z'];

describe('the Docker driver', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await testFolder();
  });

  /** A driver whose Docker gives these answers; which engine it is asked for is left out here. */
  const driver = (answers: Record<string, Outcome>) => {
    const double = strictRun({
      'docker context inspect': context,
      'info --format={{json .}}': info,
      [images]: exited(0, 'sha256:1\n'),
      ...answers,
    });
    const sandbox = createDockerSandbox({
      run: (command) => {
        const [engine = '', verb = '', ...rest] = command.args;
        return double.run(engine === `--host=${host}` ? { ...command, file: verb, args: rest } : command);
      },
      clock: { ...systemClock, sleep: async () => {} },
      log: { info() {}, error() {} },
      net: network,
      portHolder: async () => ({ program: 'nginx', pid: 1 }),
      uid: 1000,
      configFolder: join(folder, 'config'),
      dataFolder: join(folder, 'clawcove'),
    });
    return { sandbox, ...double };
  };
  const problemOf = async (promise: Promise<unknown>) => {
    const error = await promise.catch((reason: unknown) => reason);
    if (!(error instanceof ProblemError)) throw new Error(`no problem: ${error}`);
    return error.problem;
  };

  describe('looking at the engine', () => {
    it.each<[Record<string, Outcome>, object]>([
      [{ 'docker context inspect': { is: 'not-found' } }, { is: 'absent' }],
      [{ 'docker context inspect': exited(1, '[]', 'context "x": not found') }, { is: 'broken' }],
      [
        {
          'docker context inspect': exited(
            0,
            JSON.stringify([{ Endpoints: { docker: { Host: 'ssh://ada@server' } } }]),
          ),
        },
        { is: 'broken', detail: 'Docker works on another computer' },
      ],
      [
        { 'info --format={{json .}}': { is: 'timed-out' } },
        { is: 'broken', detail: 'docker info: timed-out' },
      ],
      [
        { 'info --format={{json .}}': exited(0, 'not json') },
        { is: 'broken', detail: 'docker info: not json' },
      ],
    ])('understands %j', async (answers, state) => {
      const { sandbox } = driver(answers);
      expect(await sandbox.probe(idle())).toMatchObject(state);
      expect(await problemOf(sandbox.inspect(idle()))).toMatchObject({ code: 'engine-not-ready' });
    });

    it('asks nobody to let this person in', async () => {
      const refused = exited(
        1,
        '{"ServerVersion":""}',
        'permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock',
      );
      const { sandbox, calls } = driver({ 'info --format={{json .}}': refused });
      expect(await sandbox.probe(idle())).toEqual({ is: 'not-allowed' });
      expect(calls).toEqual(['docker context inspect', 'info --format={{json .}}']);
    });

    it('keeps the person’s own configuration of Docker out of everything but that question', async () => {
      const { sandbox, commands } = driver({ [inspectHome]: failed('No such container: clawcove-openclaw') });
      expect(await sandbox.inspect(idle())).toEqual({ is: 'missing' });
      expect(commands.map(({ environment }) => environment?.DOCKER_CONFIG)).toEqual([
        undefined,
        ...commands.slice(1).map(() => join(folder, 'clawcove', 'docker')),
      ]);
    });
  });

  describe('starting and stopping', () => {
    it('leaves a home alone that runs in its guard’s network', async () => {
      const { sandbox, calls } = driver({
        [inspectHome]: saying(homeSays, running(late)),
        [inspectGuard]: saying(guardSays, running(early)),
      });
      await sandbox.start(idle());
      expect(calls.slice(2)).toEqual([inspectHome, inspectGuard]);
    });

    const raising = {
      [`kill -- ${guardSays.Id}`]: exited(0),
      'network inspect -- clawcove-openclaw': exited(
        0,
        '[{"Labels":{"app.clawcove.home":"1"},"IPAM":{"Config":[{"Gateway":"172.18.0.1"}]}}]',
      ),
      'run …': exited(0, 'nameserver 192.168.1.1\n'),
      'cp …': exited(0),
    };
    const resting = { [inspectHome]: saying(homeSays), [inspectGuard]: saying(guardSays), ...raising };
    const start = (id: string) => `start -- ${id}`;
    const stands = 'exec …';

    it('builds the fence before the home starts, and starts it only when that stands', async () => {
      const { sandbox, calls } = driver({
        ...resting,
        [start(guardSays.Id)]: exited(0),
        [stands]: exited(0),
        [start(homeSays.Id)]: exited(0),
      });
      await sandbox.start(idle());
      const order = calls
        .map((line) => line.split(' ')[0])
        .filter((verb) => /^(?:cp|start|exec)$/.test(verb ?? ''));
      expect(order).toEqual(['cp', 'start', 'exec', 'start']);
      expect(calls.filter((line) => line.startsWith('start'))).toEqual([
        start(guardSays.Id),
        start(homeSays.Id),
      ]);
      expect(await readdir(join(folder, 'clawcove'))).toEqual(['system-calls.json']);
    });

    it('starts no home where the fence does not come to stand', async () => {
      const { sandbox, calls } = driver({
        ...resting,
        [start(guardSays.Id)]: exited(0),
        [stands]: failed(`Container ${guardSays.Id} is not running`),
        'logs …': exited(0, '', 'refused: Operation not supported\n'),
      });
      expect(await problemOf(sandbox.start(idle()))).toMatchObject({
        code: 'fence-failed',
        facts: { detail: 'refused: Operation not supported' },
      });
      expect(calls).not.toContain(start(homeSays.Id));
      expect(calls.at(-1)).toBe(`kill -- ${guardSays.Id}`);
    });

    it('takes a home out of a network that has lost its guard', async () => {
      const { sandbox, calls } = driver({
        ...resting,
        [inspectHome]: saying(homeSays, running(early)),
        [`stop --time=20 -- ${homeSays.Id}`]: exited(0),
        [start(guardSays.Id)]: exited(0),
        [stands]: exited(0),
        [start(homeSays.Id)]: exited(0),
      });
      await sandbox.start(idle());
      const [stopped, started] = [`stop --time=20 -- ${homeSays.Id}`, start(guardSays.Id)].map((line) =>
        calls.indexOf(line),
      );
      expect(stopped).toBeGreaterThan(0);
      expect(started).toBeGreaterThan(stopped ?? 0);
    });

    it('makes no home run whose guard is gone', async () => {
      const { sandbox } = driver({
        ...resting,
        [inspectGuard]: failed(`No such container: ${guardSays.Id}`),
      });
      expect((await problemOf(sandbox.start(idle()))).code).toBe('home-not-there');
    });

    it.each([
      // As printed by 20.10.
      [
        'driver failed programming external connectivity on endpoint clawcove-openclaw-guard (41): Error starting userland proxy: listen tcp4 127.0.0.1:18799: bind: address already in use',
        { code: 'port-taken', facts: { port: 18_799, program: 'nginx' } },
      ],
      ['write /x: no space left on device', { code: 'no-room-on-disk' }],
      ['something new', { code: 'engine-failed', facts: { detail: 'something new' } }],
    ])('says why it did not start after %j', async (words, problem) => {
      const { sandbox } = driver({ ...resting, [start(guardSays.Id)]: failed(words) });
      expect(await problemOf(sandbox.start(idle()))).toMatchObject(problem);
    });
  });

  describe('secrets', () => {
    it('travel over standard input, stand in no argument, and count only when they are whole', async () => {
      const made = 'volume create --label=app.clawcove.home=1 -- clawcove-openclaw-all';
      const base = exited(0, '[{"Mountpoint":"/var/lib/docker/volumes/clawcove-openclaw-all/_data"}]');
      const list = (id: string) => `volume ls --filter=label=app.clawcove.secret=${id} --format={{.Name}}`;
      const { sandbox, calls, commands } = driver({
        [made]: exited(0),
        'run …': exited(0),
        'volume inspect -- clawcove-openclaw-all': base,
        'volume create …': exited(0),
        [list('gateway')]: exited(0),
        [list('model-key')]: exited(0, 'clawcove-model-key-1-a\n'),
        [list('certificates')]: exited(0),
      });
      await sandbox.keepSecret('model-key', 'sk-very-secret', idle());
      expect(commands.flatMap(({ args }) => args).join(' ')).not.toContain('sk-very-secret');
      expect(
        commands.filter(({ input }) => input !== undefined).map(({ file, input }) => [file, input]),
      ).toEqual([['run', 'sk-very-secret']]);
      const window = calls.findIndex((line) => line.startsWith('volume create') && line !== made);
      expect(window).toBeGreaterThan(calls.findIndex((line) => line.startsWith('run')));
    });
  });

  describe('copies of the state', () => {
    const base = { 'volume inspect -- clawcove-openclaw-all': exited(0, '[{"Mountpoint":"/x/_data"}]') };

    it.each([
      [exited(0, '8796093026304\toutgoing/data\n'), 8_796_093_026_304],
      [exited(0, 'du: no idea\n'), 'engine-failed'],
      [exited(1, '', 'du: cannot read directory: Input/output error'), 'engine-failed'],
      [exited(4), 'state-gone'],
    ])('have only a number for a size: %j', async (answer, expected) => {
      const { sandbox } = driver({ ...base, 'run …': answer });
      const size = sandbox.sizeOfCopy('outgoing', idle());
      expect(typeof expected === 'number' ? await size : (await problemOf(size)).code).toBe(expected);
    });

    it('that could not be written leave no file that looks whole', async () => {
      const { sandbox } = driver({
        ...base,
        'run …': exited(0, JSON.stringify({ image: 'i', version: 'v' })),
        '/bin/sh …': exited(2, '', 'tar: write error: No space left on device'),
      });
      const report = { signal: idle(), progress() {}, log() {} };
      const file = join(folder, 'backups', 'state.tar');
      expect((await problemOf(sandbox.saveCopy('outgoing', file, report))).code).toBe('no-room-on-disk');
      expect(await readdir(join(folder, 'backups'))).toEqual([]);
    });

    it('are not said to be there where nothing was ever made', async () => {
      const { sandbox } = driver({
        'volume inspect -- clawcove-openclaw-all': exited(
          1,
          '[]',
          'Error: No such volume: clawcove-openclaw-all',
        ),
      });
      expect(await sandbox.findCopy('before', idle())).toBeNull();
      expect(await sandbox.hasState(idle())).toBe(false);
    });
  });
});
