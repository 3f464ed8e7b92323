/** What the driver decides between two calls of Podman, with Podman as a strict double. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Outcome } from '../../doors.ts';
import { systemClock } from '../../host/clock.ts';
import { network } from '../../host/network.ts';
import { exited, strictRun } from '../../host/strict-run.ts';
import { testFolder } from '../../host/test-folder.ts';
import { ProblemError } from '../../problem.ts';
import { fenceHook } from '../fence.ts';
import { fixture } from '../fixtures.ts';
import { createPodmanSandbox } from './podman.ts';

const idle = () => new AbortController().signal;
const failed = (stderr: string) => exited(125, '', `time="…" level=error msg="noise"\nError: ${stderr}\n`);
/** As recorded on 4.3.1 after all of the person's programs had been killed. */
const lostTrack =
  'time="2026-11-23T05:42:19Z" level=error msg="invalid internal status, try resetting the pause process with \\"podman system migrate\\": could not find any running process: no such process"';
const info = exited(
  0,
  fixture('info.rootless-4.3.1.recorded.json').replace('"name": "crun"', '"name": "runc"'),
);
const home = exited(0, fixture('inspect.home-4.3.1.recorded.json'));
const stopped = exited(
  0,
  fixture('inspect.home-4.3.1.recorded.json').replace('"Status": "running"', '"Status": "exited"'),
);
const { Id: id } = JSON.parse(fixture('inspect.home-4.3.1.recorded.json'))[0];
const inspect = 'container inspect --format=json -- clawcove-openclaw';

describe('the Podman driver', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await testFolder();
  });

  /** A driver whose Podman gives these answers; the options that stand before every command are left out here. */
  const driver = (answers: Record<string, Outcome>, nftPlaces = [process.execPath]) => {
    const double = strictRun({ 'info --format=json': info, ...answers });
    const sandbox = createPodmanSandbox({
      run: (command) => {
        const start = command.args.findIndex((word) => !word.startsWith('--'));
        const isPodman = command.file === 'podman';
        return double.run(
          isPodman
            ? { ...command, file: command.args[start] ?? '', args: command.args.slice(start + 1) }
            : command,
        );
      },
      clock: systemClock,
      log: { info() {}, error() {} },
      net: network,
      portHolder: async () => ({ program: 'nginx', pid: 1 }),
      user: 'anna',
      folders: { config: join(folder, 'config'), data: join(folder, 'data') },
      dataFolder: join(folder, 'clawcove'),
      nftPlaces,
    });
    return { sandbox, ...double };
  };
  const problemOf = async (promise: Promise<unknown>) => {
    const error = await promise.catch((reason: unknown) => reason);
    if (!(error instanceof ProblemError)) throw new Error(`no problem: ${error}`);
    return error.problem;
  };

  describe('looking at the engine', () => {
    it.each([
      [{ is: 'not-found' } as const, { is: 'absent' }],
      [
        failed(
          'command required for rootless mode with multiple IDs: exec: "newuidmap": executable file not found in $PATH',
        ),
        { is: 'absent' },
      ],
      [failed('default OCI runtime "crun" not found: invalid argument'), { is: 'absent' }],
      [failed('could not find a working conmon binary'), { is: 'absent' }],
      [
        failed('open /home/anna/.local/share/containers: permission denied'),
        { is: 'broken', detail: 'open /home/anna/.local/share/containers: permission denied' },
      ],
      [exited(1, '', `${lostTrack}\n`), { is: 'stuck', detail: lostTrack }],
      [exited(0, 'not json'), { is: 'broken', detail: 'podman info: not json' }],
    ])('understands %j', async (answer, state) => {
      const { sandbox } = driver({ 'info --format=json': answer });
      expect(await sandbox.probe(idle())).toEqual(state);
      expect(await problemOf(sandbox.inspect(idle()))).toMatchObject({ code: 'engine-not-ready' });
    });

    it.each([
      [{ is: 'timed-out' } as const, 'engine-too-slow'],
      [{ is: 'killed', by: 'EAGAIN' } as const, 'engine-failed'],
    ])('calls one broken by nothing that it has not seen: %j', async (answer, code) => {
      const { sandbox } = driver({ 'info --format=json': answer });
      expect(await problemOf(sandbox.probe(idle()))).toMatchObject({ code });
      expect(await problemOf(sandbox.inspect(idle()))).toMatchObject({ code });
    });

    it('gets one that is stuck going again, although that is said to have failed, and drops the home', async () => {
      const remove = `rm --force --ignore --volumes --time=20 -- ${id}`;
      const { sandbox, calls } = driver({
        'system migrate': exited(125, 'stopped 1af9ef0ad831\n', 'cannot stop container: timed out\n'),
        [inspect]: stopped,
        [remove]: exited(0),
      });
      await sandbox.unstick(idle());
      expect(calls).toEqual(['system migrate', 'info --format=json', inspect, remove]);
    });

    it('says so when one stays stuck', async () => {
      const { sandbox } = driver({
        'system migrate': exited(125, '', 'Error: no\n'),
        'info --format=json': exited(1, '', lostTrack),
      });
      expect(await problemOf(sandbox.unstick(idle()))).toMatchObject({ facts: { detail: 'no' } });
    });

    it('looks once for many verbs, and anew when asked', async () => {
      const { sandbox, calls } = driver({ [inspect]: home });
      await sandbox.inspect(idle());
      await sandbox.inspect(idle());
      await sandbox.probe(idle());
      expect(calls).toEqual(['info --format=json', inspect, inspect, 'info --format=json']);
    });
  });

  describe('looking at the home', () => {
    it('finds none where one has ended without anybody to see it', async () => {
      // No system gives a process this number.
      const lost = JSON.stringify(
        JSON.parse(fixture('inspect.home-4.3.1.recorded.json')).map((one: { State: object }) => ({
          ...one,
          State: { ...one.State, Status: 'stopping', Pid: 2 ** 30 },
        })),
      );
      const { sandbox } = driver({ [inspect]: exited(0, lost) });
      expect(await sandbox.inspect(idle())).toEqual({ is: 'missing' });
    });

    it('finds none where there is none, or only half of one that is being removed', async () => {
      for (const words of [
        'inspecting object: no such container clawcove-openclaw',
        'reading information about layer "1516": layer not known',
      ])
        expect(await driver({ [inspect]: failed(words) }).sandbox.inspect(idle())).toEqual({ is: 'missing' });
    });

    it('does not take a failure for an answer', async () => {
      const { sandbox } = driver({ [inspect]: failed('database is locked') });
      expect(await problemOf(sandbox.inspect(idle()))).toMatchObject({
        code: 'engine-failed',
        facts: { detail: 'database is locked' },
      });
    });
  });

  describe('looking at an image', () => {
    const reference = `example.org/openclaw@sha256:${'a'.repeat(64)}`;
    const dateWith = (answer: Outcome) =>
      driver({ [`image inspect --format=json -- ${reference}`]: answer }).sandbox.imageDate(
        reference,
        idle(),
      );

    it.each<[string, unknown, string | null]>([
      ['its tool noted', { Created: '2026-11-01T00:00:00Z', Labels: null }, '2026-11-01T00:00:00Z'],
      [
        'its makers labelled it with',
        {
          Created: '2026-11-01T00:00:00Z',
          Labels: { 'org.opencontainers.image.created': '2026-11-03T01:00:00+01:00' },
        },
        '2026-11-03T00:00:00Z',
      ],
      ['nobody said', { Created: '1970-01-01T00:00:00Z' }, null],
    ])('tells the date that %s', async (_, image, date) => {
      expect(await dateWith(exited(0, JSON.stringify([image])))).toBe(date && Date.parse(date));
    });

    it('knows none of an image that is not here, and does not take a failure for that', async () => {
      expect(await dateWith(failed(`${reference}: image not known`))).toBeNull();
      expect(await problemOf(dateWith(failed('database is locked')))).toMatchObject({
        code: 'engine-failed',
      });
    });
  });

  describe('starting and stopping', () => {
    it('leaves a running home running, and a resting one resting', async () => {
      const running = driver({ [inspect]: home });
      await running.sandbox.start(idle());
      expect(running.calls.slice(1)).toEqual([inspect]);
      const resting = driver({ [inspect]: stopped });
      await resting.sandbox.stop(idle());
      expect(resting.calls.slice(1)).toEqual([inspect]);
    });

    it.each([
      [
        'rootlessport listen tcp 127.0.0.1:18799: bind: address already in use',
        { code: 'port-taken', facts: { port: 18_799, program: 'nginx' } },
      ],
      [
        'crun: cannot stat `/home/anna/sh`: No such file or directory: OCI runtime attempted to invoke a command that was not found',
        { code: 'shared-folder-gone', facts: { path: '/home/anna/sh' } },
      ],
      ['write /x: no space left on device', { code: 'no-room-on-disk' }],
      // As printed by runc 1.1.5 and crun 1.8.1.
      [
        'OCI runtime error: runc: runc create failed: unable to start container process: error during container init: error running hook #0: error running hook: exit status 127, stdout: , stderr: fence: 1: /usr/sbin/nft: not found',
        { code: 'fence-failed' },
      ],
      [
        'OCI runtime error: crun: {"msg":"error executing hook `/bin/sh` (exit code: 1)","level":"error"}',
        { code: 'fence-failed' },
      ],
      ['something new', { code: 'engine-failed', facts: { detail: 'something new' } }],
    ])('says why it did not start after %j', async (words, problem) => {
      const { sandbox } = driver({ [inspect]: stopped, 'start …': failed(words) });
      expect(await problemOf(sandbox.start(idle()))).toMatchObject(problem);
    });

    it('tells an engine that hangs or is gone', async () => {
      const hanging = driver({ [inspect]: { is: 'timed-out' } });
      expect((await problemOf(hanging.sandbox.start(idle()))).code).toBe('engine-too-slow');
      const gone = driver({ [inspect]: { is: 'not-found' } });
      expect((await problemOf(gone.sandbox.start(idle()))).code).toBe('engine-gone');
    });
  });

  describe('without a program that builds fences', () => {
    it('looks at the home and stops it, and starts nothing', async () => {
      const { sandbox, calls } = driver({ [inspect]: home, 'stop …': exited(0) }, []);
      expect(await sandbox.probe(idle())).toEqual({ is: 'no-fence', version: '4.3.1' });
      expect(await sandbox.inspect(idle())).toMatchObject({ state: 'running' });
      await sandbox.stop(idle());
      const before = calls.length;
      expect(await problemOf(sandbox.start(idle()))).toMatchObject({
        code: 'engine-not-ready',
        facts: { state: 'no-fence' },
      });
      expect(calls).toHaveLength(before);
    });
  });

  it('has the fence built by a hook that lies there before anything starts', async () => {
    const { sandbox } = driver({ [inspect]: stopped, 'start …': exited(0) });
    await sandbox.start(idle());
    const hooks = join(folder, 'clawcove', 'hooks');
    expect(await readFile(join(hooks, 'fence.json'), 'utf8')).toBe(fenceHook(process.execPath));
  });

  describe('running a command inside', () => {
    const exec = (answers: Record<string, Outcome>) =>
      driver(answers).sandbox.exec('agent', ['true'], { timeoutMs: 1_000, signal: idle() });
    const notRunning = failed(
      'can only create exec sessions on running containers: container state improper',
    );

    it('tells an engine that has fallen from a command that fails', async () => {
      const fallen = exited(1, '', `${lostTrack}\n`);
      expect(await problemOf(exec({ 'exec …': fallen, [inspect]: fallen }))).toMatchObject({
        code: 'engine-failed',
      });
      // As recorded on 4.3.1 after the command's conmon had been killed.
      const unseen = 'Error: timed out waiting for file /x/exit/4709724f63dc: internal libpod error\n';
      expect(await problemOf(exec({ 'exec …': exited(255, '', unseen), [inspect]: home }))).toMatchObject({
        code: 'engine-failed',
      });
      expect(await problemOf(exec({ 'exec …': notRunning, [inspect]: stopped }))).toMatchObject({
        code: 'home-not-running',
      });
    });

    it('says as whom, save where the home is to decide that itself', async () => {
      for (const [as, users] of [
        ['agent', ['--user=1000:1000']],
        ['root', ['--user=0:0']],
        ['as-made', []],
      ] as const) {
        const { sandbox, commands } = driver({ 'exec …': exited(0, '') });
        await sandbox.exec(as, ['true'], { timeoutMs: 1_000, signal: idle() });
        const words = commands.flatMap(({ args }) => args);
        expect(words.filter((word) => word.startsWith('--user'))).toEqual(users);
      }
    });

    it('believes no command that speaks as Podman does', async () => {
      expect(await exec({ 'exec …': notRunning, [inspect]: home })).toMatchObject({ exitCode: 125 });
      expect(await exec({ 'exec …': exited(1, '', 'no such option\n') })).toMatchObject({ exitCode: 1 });
    });
  });

  describe('secrets', () => {
    it('travel over standard input and stand in no argument', async () => {
      const { sandbox, commands } = driver({
        'secret rm -- clawcove-model-key': failed(
          'no secret with name or id "clawcove-model-key": no such secret',
        ),
        '/bin/sh …': exited(0, 'id\n'),
      });
      await sandbox.keepSecret('model-key', 'sk-very-secret', idle());
      expect(commands.flatMap(({ args }) => args).join(' ')).not.toContain('sk-very-secret');
      expect(commands.at(-1)?.input).toBe('sk-very-secret');
      expect(commands.at(-1)?.args.slice(-6).join(' ')).toBe(
        'secret create --label=app.clawcove.home=1 -- clawcove-model-key -',
      );
    });
  });

  it.each([
    // As printed by GNU du 9.1 of a state with a hole of 8 TiB in it.
    [exited(0, '8796093026304\t/x/_data\n'), 8_796_093_026_304],
    [exited(0, 'du: no idea\n'), 'engine-failed'],
    [failed('du: cannot read directory: Input/output error'), 'engine-failed'],
  ])('believes only a number about the size of a copy: %j', async (answer, expected) => {
    const { sandbox, commands } = driver({
      'volume inspect -- clawcove-openclaw-state-outgoing': exited(0, '[{"Mountpoint": "/x/_data"}]'),
      'unshare du …': answer,
    });
    const size = sandbox.sizeOfCopy('outgoing', idle());
    expect(typeof expected === 'number' ? await size : (await problemOf(size)).code).toBe(expected);
    // What is not there of a file counts as well: an archive has it all.
    expect(commands.at(-1)?.args).toContain('--apparent-size');
  });

  it('keeps a failed backup from looking like a whole one', async () => {
    const { sandbox } = driver({
      'volume inspect -- clawcove-openclaw-state-outgoing': exited(0, '[{"Mountpoint": "/x/_data"}]'),
      'unshare find …': exited(0, '/x/_data/openclaw.json\n'),
      'volume export …': failed('write: no space left on device'),
    });
    const report = { signal: idle(), progress() {}, log() {} };
    const file = join(folder, 'backups', 'state.tar');
    expect((await problemOf(sandbox.saveCopy('outgoing', file, report))).code).toBe('no-room-on-disk');
    expect(await readdir(join(folder, 'backups'))).toEqual([]);
  });
});
