/**
 * What every driver has to promise, as one suite against a real engine: whoever keeps
 * these can carry a home.
 */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { network } from '../host/network.ts';
import { Cancelled, ProblemError } from '../problem.ts';
import { isNearAddress } from './fence.ts';
import type { ExecResult, FetchedImage, HomeSpec, Sandbox } from './sandbox.ts';
import { idle, silentReport } from './silent-report.ts';

/** An engine under test. */
export interface Subject {
  readonly sandbox: Sandbox;
  /** Versions that its image source offers, at least one. */
  readonly versions: readonly [string, ...string[]];
  /** A folder of this computer for the test's own files. */
  readonly folder: string;
  /** What makes a home that very home, another one after it was made anew. */
  identity(): Promise<string>;
  /** All that the engine says about the home, as text, secrets included if it gives them away. */
  everythingSaid(): Promise<string>;
  /**
   * Has everything of a home that rests let go of its port: a machine around it may hold that as long as it is up.
   * Not there where a home that rests holds none.
   */
  letGoOfPort?(): Promise<void>;
  /** Ends the home as the memory killer would. */
  killHome(): Promise<void>;
  /** The agent's number inside, 1000 unless said otherwise. */
  readonly agentId?: number;
  /** Names of everything that ClawCove has in the engine. */
  leftovers(): Promise<string[]>;
  close(): Promise<void>;
}

/** The code of the problem that a promise ends with. */
export async function problemCode(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => 'none',
    (reason: unknown) => reason,
  );
  return error instanceof ProblemError ? error.problem.code : String(error);
}

/** A free port, far from where real homes live. */
async function freePort(): Promise<{ port: number; server: Server }> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { port: address.port, server };
}

const close = (server: Server) => new Promise((resolve) => server.close(resolve));

/** Why a test has nothing to look at. */
const nothingShared = 'no folder of this computer is seen inside';

/** Stands in for the gateway where only its surroundings matter: answers on its port, with its environment's secret. */
const standIn = (port: number) => [
  'node',
  '-e',
  `require('http').createServer((q, s) => s.end('alive')).listen(${port}, '0.0.0.0', () => console.log('listening'))`,
];

/**
 * @param extent `essential`: without what takes long and says little new of a second engine; a long run
 *   (`CLAWCOVE_E2E_LONG=1`) leaves nothing out
 */
export function sandboxContract(
  name: string,
  open: () => Promise<Subject>,
  extent: 'whole' | 'essential' = 'whole',
): void {
  /** A test that the essential part does without. */
  const more = it.skipIf(extent === 'essential');
  describe(`${name} as a sandbox`, () => {
    let subject: Subject;
    let sandbox: Sandbox;
    let image: FetchedImage;
    let port: number;
    let shared: string;
    let agentId: number;
    let spec: HomeSpec;
    const token = randomBytes(24).toString('base64url');
    const key = `sk-${randomBytes(24).toString('hex')}`;

    const agent = (argv: readonly string[], more: object = {}): Promise<ExecResult> =>
      sandbox.exec('agent', argv, { timeoutMs: 30_000, signal: idle(), ...more });
    const once = (argv: readonly string[], more: object = {}): Promise<ExecResult> =>
      sandbox.once(spec, argv, { network: false, timeoutMs: 60_000, signal: idle(), ...more });
    const present = async () => {
      const there = await sandbox.inspect(idle());
      if (there.is !== 'present') throw new Error(`the home is ${there.is}`);
      return there;
    };
    const untilAlive = async () => {
      for (let attempt = 0; attempt < 100; attempt++) {
        const answer = await network.get(`http://127.0.0.1:${port}/`, { timeoutMs: 500, signal: idle() });
        if (answer.is === 'answered') return answer.untrustedBody;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      throw new Error('the home does not answer');
    };
    const settle = async () => {
      await sandbox.create(spec, silentReport());
      await sandbox.start(idle());
      await untilAlive();
    };

    beforeAll(async () => {
      subject = await open();
      sandbox = subject.sandbox;
      agentId = subject.agentId ?? 1000;
      const found = await freePort();
      port = found.port;
      await close(found.server);
      shared = await mkdtemp(join(subject.folder, 'shared-'));
      image = await sandbox.fetchImage(subject.versions[0], silentReport());
      await sandbox.keepSecret('gateway', JSON.stringify({ token }), idle());
      await sandbox.keepSecret('model-key', key, idle());
      spec = {
        image: image.reference,
        version: image.version,
        port,
        sharedFolder: shared,
        memoryBytes: 1024 ** 3,
        cpus: 1,
        pids: 128,
        command: standIn(port),
        environment: { PLAIN: 'a "quoted" $value\nof two lines' },
        secrets: [
          { id: 'gateway', as: 'file' },
          { id: 'model-key', as: 'environment', name: 'OPENAI_API_KEY' },
        ],
        certificates: null,
        fence: { refused: [], allowed: [] },
      };
    });

    afterAll(async () => {
      await subject?.close();
    });

    it('is ready', async () => {
      expect(await sandbox.probe(idle())).toMatchObject({
        is: 'ready',
        version: expect.stringMatching(/^\d+\./),
      });
    });

    it('offers versions, and finds the one that was fetched by its digest', async () => {
      expect(await sandbox.listVersions(idle())).toEqual(expect.arrayContaining([...subject.versions]));
      const { createdAt, version, processor } = await sandbox.describeVersion(subject.versions[0], idle());
      expect([null, subject.versions[0]]).toContain(version);
      expect(processor).not.toBe('others');
      expect(createdAt === null || (createdAt > 0 && createdAt < Date.now())).toBe(true);
      expect(await sandbox.describeVersion('2001.1.1', idle())).toEqual({
        createdAt: null,
        version: null,
        processor: 'unknown',
      });
      expect(await sandbox.findImage(image.version, idle())).toEqual(image);
      expect(image).toMatchObject({ digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) });
      expect(image.reference.endsWith(`@${image.digest}`)).toBe(true);
      expect(await sandbox.findImage('2020.1.1', idle())).toBeNull();
      expect(await sandbox.findImage('--help', idle())).toBeNull();
    });

    it('knows when what was fetched was made, and of nothing else', async () => {
      const date = await sandbox.imageDate(image.reference, idle());
      expect(date === null || (date > Date.UTC(2024, 0) && date < Date.now())).toBe(true);
      const elsewhere = image.reference.replace(/[0-9a-f]{64}$/, '0'.repeat(64));
      expect(await sandbox.imageDate(elsewhere, idle())).toBeNull();
    });

    it('has no home before one is made', async () => {
      expect(await sandbox.inspect(idle())).toEqual({ is: 'missing' });
      expect(await sandbox.observe(idle())).toEqual({ is: 'not-running' });
      expect(await sandbox.workspaceFolder(idle())).toBeNull();
      expect(await sandbox.hasState(idle())).toBe(false);
      expect(await problemCode(sandbox.start(idle()))).toBe('home-not-there');
      await sandbox.stop(idle());
    });

    it('keeps secrets, and knows which ones', async () => {
      expect(await sandbox.hasSecret('gateway', idle())).toBe(true);
      expect(await sandbox.hasSecret('model-key', idle())).toBe(true);
    });

    describe('a passing sandbox', () => {
      it('runs a command around the state, which stays', async () => {
        const { state } = sandbox.inside;
        const result = await once(['sh', '-c', `id -u; echo kept > ${state}/kept; echo $PLAIN`]);
        expect(result).toMatchObject({ exitCode: 0, truncated: false });
        expect(result.untrustedOut).toBe(`${agentId}\na "quoted" $value of two lines\n`);
        expect(await sandbox.hasState(idle())).toBe(true);
        expect((await once(['cat', `${state}/kept`])).untrustedOut).toBe('kept\n');
      });

      it('takes input, tells exit codes and has no network unless asked', async () => {
        expect(await once(['cat'], { input: 'süß 你好\n' })).toMatchObject({ untrustedOut: 'süß 你好\n' });
        expect((await once(['sh', '-c', 'exit 42'])).exitCode).toBe(42);
        const interfaces = ['sh', '-c', 'tail -n +3 /proc/net/dev | cut -d: -f1'];
        expect((await once(interfaces)).untrustedOut.split(/\s+/).filter(Boolean)).toEqual(['lo']);
        expect((await once(interfaces, { network: true })).untrustedOut.trim().split(/\s+/)).toHaveLength(2);
      });

      it('has the secrets', async () => {
        expect((await once(['cat', sandbox.inside.gatewaySecret])).untrustedOut).toBe(
          JSON.stringify({ token }),
        );
        expect((await once(['sh', '-c', 'echo $OPENAI_API_KEY'])).untrustedOut).toBe(`${key}\n`);
      });

      it('leaves nothing behind, also when time is up or it is cancelled', async () => {
        const before = await subject.leftovers();
        const abort = new AbortController();
        setTimeout(() => abort.abort(), 2_000);
        expect(await problemCode(once(['sleep', '300'], { timeoutMs: 2_000 }))).toBe('engine-too-slow');
        await expect(once(['sleep', '300'], { signal: abort.signal })).rejects.toBeInstanceOf(Cancelled);
        expect(await subject.leftovers()).toEqual(before);
      });
    });

    describe('making the home', () => {
      it('makes it, stopped, and quietly keeps it when asked again', async () => {
        await sandbox.create(spec, silentReport());
        const made = await subject.identity();
        expect(await present()).toMatchObject({ state: 'stopped', exitCode: null, startedAt: null });
        await sandbox.create(spec, silentReport());
        expect(await subject.identity()).toBe(made);
      });

      more('makes another one around the same state when something differs', async () => {
        const made = await subject.identity();
        await sandbox.create({ ...spec, environment: { PLAIN: 'other' } }, silentReport());
        expect(await subject.identity()).not.toBe(made);
        expect((await once(['cat', `${sandbox.inside.state}/kept`])).untrustedOut).toBe('kept\n');
      });

      it('makes another one when a secret changed', async () => {
        await sandbox.create(spec, silentReport());
        const made = await subject.identity();
        await sandbox.keepSecret('model-key', key, idle());
        await sandbox.create(spec, silentReport());
        expect(await subject.identity()).not.toBe(made);
      });

      it('refuses a folder that is not there, and keeps the home it has', async ({ skip }) => {
        if (sandbox.shares === 'nothing') return skip(nothingShared);
        const made = await subject.identity();
        const gone = { ...spec, sharedFolder: join(subject.folder, 'gone') };
        expect(await problemCode(sandbox.create(gone, silentReport()))).toBe('shared-folder-gone');
        expect(await subject.identity()).toBe(made);
      });

      it('refuses an image that is not there, and keeps the home it has', async () => {
        const made = await subject.identity();
        const gone = { ...spec, image: spec.image.replace(/[0-9a-f]{8}$/, '00000000') };
        expect(await problemCode(sandbox.create(gone, silentReport()))).toBe('image-gone');
        expect(await subject.identity()).toBe(made);
      });

      more.for([
        ['spaces', 'with some spaces'],
        ['quotes', `it's "quoted"`],
        ['a comma and a colon', 'a,b:c'],
        ['Chinese', '共享 文件夹'],
        ['an emoji', '🦞🏠'],
        ['a leading dash', '-rf'],
        ['shell words', '$(id);`id`&|<>*?'],
        ['an equals sign and a backslash', 'a=b\\c'],
        ['a line break', 'two\nlines'],
      ])('shares a folder with %s in its name', async ([, folderName = ''], { skip }) => {
        if (sandbox.shares === 'nothing') return skip(nothingShared);
        const sharedFolder = join(shared, folderName);
        await mkdir(sharedFolder);
        await sandbox.create({ ...spec, sharedFolder }, silentReport());
        const there = await present();
        expect(there.mounts.filter(({ kind }) => kind === 'bind')).toEqual([
          { source: sharedFolder, target: sandbox.inside.shared, kind: 'bind', writable: true },
        ]);
        await sandbox.once({ ...spec, sharedFolder }, ['touch', `${sandbox.inside.shared}/seen`], {
          network: false,
          timeoutMs: 60_000,
          signal: idle(),
        });
        expect(await readdir(sharedFolder)).toEqual(['seen']);
      });

      more('survives being asked twice at once', async () => {
        await sandbox.create({ ...spec, cpus: 0.5 }, silentReport());
        await Promise.all([sandbox.create(spec, silentReport()), sandbox.create(spec, silentReport())]);
        expect(await present()).toMatchObject({ state: 'stopped', command: spec.command });
      });
    });

    describe('starting and stopping', () => {
      it('starts, stays started, stops and stays stopped', async () => {
        await sandbox.create(spec, silentReport());
        const before = Date.now();
        await sandbox.start(idle());
        const { startedAt } = await present();
        expect(await untilAlive()).toBe('alive');
        expect(startedAt).toBeGreaterThan(before - 5_000);
        await sandbox.start(idle());
        expect(await present()).toMatchObject({ state: 'running', startedAt, exitCode: null });
        await sandbox.stop(idle());
        await sandbox.stop(idle());
        expect(await present()).toMatchObject({ state: 'stopped', startedAt: null });
      });

      more('tells with what a home ended, and what it said last', async () => {
        await sandbox.create(
          { ...spec, command: ['sh', '-c', 'echo last words >&2; exit 78'] },
          silentReport(),
        );
        await sandbox.start(idle());
        // An engine may try it a few times more.
        for (let look = 0; look < 30 && (await present()).state === 'running'; look++)
          await new Promise((resolve) => setTimeout(resolve, 500));
        await new Promise((resolve) => setTimeout(resolve, 2_000));
        expect(await present()).toMatchObject({ state: 'stopped', exitCode: 78 });
        expect(await sandbox.untrustedLog(20, idle())).toContain('last words');
        await sandbox.stop(idle());
      });

      it('says who has the port', async () => {
        await sandbox.create(spec, silentReport());
        await subject.letGoOfPort?.();
        const other = createServer();
        await new Promise<void>((resolve) => other.listen(port, '127.0.0.1', resolve));
        const error = await sandbox.start(idle()).catch((reason: unknown) => reason);
        await close(other);
        expect(error).toBeInstanceOf(ProblemError);
        expect((error as ProblemError).problem).toMatchObject({ code: 'port-taken', facts: { port } });
        expect((error as ProblemError).problem.facts.program).toMatch(/^node/);
        await sandbox.start(idle());
        await untilAlive();
      });

      it('can be reached from this computer alone', async () => {
        const others = Object.entries(networkInterfaces()).flatMap(([name, addresses]) =>
          (addresses ?? [])
            .filter(({ internal }) => !internal)
            .map(({ address }) => (address.startsWith('fe80') ? `${address}%${name}` : address)),
        );
        for (const address of [...others, '127.0.0.2', '::1']) {
          const answer = await network.connect(address, port, { timeoutMs: 1_000, signal: idle() });
          expect([address, answer]).not.toEqual([address, 'open']);
        }
        expect(await network.connect('127.0.0.1', port, { timeoutMs: 1_000, signal: idle() })).toBe('open');
      });
    });

    describe('what a running home is', () => {
      beforeAll(settle);

      it('says the engine', async () => {
        const there = await present();
        expect(there).toMatchObject({
          imageDigest: image.digest,
          version: image.version,
          user: `${agentId}:${agentId}`,
          privileged: false,
          addedCapabilities: [],
          noNewPrivileges: true,
          readOnlyRoot: true,
          hostNamespaces: [],
          ports: [{ address: '127.0.0.1', port, insidePort: port }],
          command: spec.command,
        });
        expect(there.hostname).not.toBe('');
        expect(there.mounts.filter(({ kind }) => kind === 'bind')).toHaveLength(
          sandbox.shares === 'nothing' ? 0 : 1,
        );
      });

      it('says the kernel', async () => {
        const seen = await sandbox.observe(idle());
        const engine = await sandbox.probe(idle());
        // An engine that has no users of their own for homes has to say so.
        const sharesUsers = engine.is === 'ready' && engine.notes?.includes('engine-shares-users');
        const ownUsers = sharesUsers ? [] : ['user'];
        expect(seen).toMatchObject({
          is: 'seen',
          process: expect.stringMatching(/^(?:node|MainThread)/),
          uid: agentId,
          effectiveCapabilities: 0n,
          boundingCapabilities: 0n,
          noNewPrivileges: true,
          seccomp: 2,
          rootWritable: false,
          ownNamespaces: expect.arrayContaining(['ipc', 'mnt', 'net', 'pid', 'uts', ...ownUsers]),
          hostMounts: sandbox.shares === 'nothing' ? [] : [{ target: sandbox.inside.shared, writable: true }],
          hostDevices: [],
          engineSockets: [],
          rootDoors: [],
        });
        if (seen.is !== 'seen') return;
        expect(seen.hostUid).not.toBe(0);
        expect(seen.groups).not.toContain(0);
        if (engine.is === 'ready' && engine.limits === 'enforced') {
          expect(seen).toMatchObject({ memoryLimit: spec.memoryBytes, pidsLimit: spec.pids });
        } else {
          expect(seen).toMatchObject({ memoryLimit: null, pidsLimit: null });
          expect(seen.processLimits.processes).toBe(spec.pids);
          expect(seen.processLimits.dataBytes).toBeGreaterThan(spec.memoryBytes);
        }
      });

      it('gives no secret away to who asks the engine', async () => {
        const said = await subject.everythingSaid();
        expect(said).not.toContain(key);
        expect(said).not.toContain(token);
        expect((await agent(['sh', '-c', 'echo $OPENAI_API_KEY'])).untrustedOut).toBe(`${key}\n`);
        expect((await agent(['cat', sandbox.inside.gatewaySecret])).untrustedOut).toContain(token);
      });

      it('lets the agent write where it should, and nowhere else', async () => {
        const { home, shared: inside, state } = sandbox.inside;
        const writable = [inside, state, '/tmp', `${home}/.cache`];
        for (const folder of writable)
          expect([folder, (await agent(['touch', `${folder}/x`])).exitCode]).toEqual([folder, 0]);
        for (const folder of ['/', '/etc', '/usr/bin', home, '/run', '/sys'])
          expect([folder, (await agent(['touch', `${folder}/x`])).exitCode]).not.toEqual([folder, 0]);
        if (sandbox.shares !== 'nothing') expect(await readdir(shared)).toContain('x');
      });

      it('lets this person read the agent’s workspace', async ({ skip }) => {
        if (sandbox.shares === 'nothing') return skip('nothing of it lies on this computer');
        const workspace = `${sandbox.inside.state}/workspace`;
        const words = `umask 077 && mkdir -p ${workspace} && echo noted > ${workspace}/note.txt`;
        expect((await agent(['sh', '-c', words])).exitCode).toBe(0);
        const folder = (await sandbox.workspaceFolder(idle())) ?? '';
        expect(await readFile(join(folder, 'note.txt'), 'utf8')).toBe('noted\n');
      });

      it('leaves the agent no way out', async () => {
        const attempts = [
          ['unshare', '-Ur', 'true'],
          ['sh', '-c', 'su -c true root < /dev/null'],
          ['sh', '-c', 'mount -t tmpfs none /tmp'],
          ['sh', '-c', 'cat /proc/1/environ > /dev/null && kill -0 1 && echo x > /proc/sys/kernel/hostname'],
        ];
        for (const argv of attempts) expect([argv, (await agent(argv)).exitCode]).not.toEqual([argv, 0]);
        const root = await sandbox.exec(
          'root',
          ['sh', '-c', 'id -u; touch /etc/x; mount -t tmpfs none /tmp'],
          {
            timeoutMs: 30_000,
            signal: idle(),
          },
        );
        expect(root.untrustedOut).toBe('0\n');
        expect(root.exitCode).not.toBe(0);
      });

      more('stops what forks without end', async () => {
        const loop = 'i=0; while [ $i -lt 1000 ]; do sleep 20 & i=$((i+1)); done; echo started $i';
        const result = await agent(['sh', '-c', loop], { timeoutMs: 60_000 });
        expect(result.untrustedOut).not.toContain('started');
        await sandbox.stop(idle());
        await settle();
      });
    });

    describe('the fence around the network', () => {
      const own = Object.values(networkInterfaces())
        .flatMap((list) => list ?? [])
        .filter(({ family, internal }) => family === 'IPv4' && !internal)
        .map(({ address }) => address);
      const refused = own.filter((address) => !isNearAddress(address));
      const knockAt = (port: number) => [
        'node',
        '-e',
        `for (const host of ${JSON.stringify([...own, '127.0.0.1', ...sandbox.inside.computer])})
          require('net').connect({ host, port: ${port} })
            .on('connect', function () { console.log(host); this.end('home') })
            .on('error', () => {})`,
      ];
      const listening = async () => {
        const listener = await network.listen('0.0.0.0');
        if (!listener) throw new Error('nothing could listen');
        return listener;
      };
      const through = async (knock: (argv: string[]) => Promise<ExecResult>) => {
        const listener = await listening();
        const { untrustedOut, untrustedErr } = await knock(knockAt(listener.port));
        await listener.close();
        expect(untrustedErr).toBe('');
        return { reached: untrustedOut.split('\n').filter(Boolean), heard: listener.untrustedHeard().length };
      };
      const nobody = { reached: [], heard: 0 };

      it('keeps every address of this computer out of reach', async () => {
        spec = { ...spec, fence: { refused, allowed: [] } };
        await settle();
        expect(await through(agent)).toEqual(nobody);
      });

      it('stands again after the home was killed', async () => {
        await subject.killHome();
        await sandbox.start(idle());
        await untilAlive();
        expect(await through(agent)).toEqual(nobody);
      });

      it('can’t be lifted from within', async () => {
        for (const argv of [
          ['unshare', '-n', 'true'],
          ['unshare', '-Urn', 'true'],
          ['sh', '-c', 'echo > /proc/sys/net/ipv4/ip_local_reserved_ports'],
        ])
          expect([argv, (await agent(argv)).exitCode]).not.toEqual([argv, 0]);
      });

      more('refuses at once', async () => {
        const script = `const begun = performance.now();
          require('net').connect(80, '169.254.169.254').on('error', () => console.log(performance.now() - begun))`;
        const { untrustedOut } = await agent(['node', '-e', script]);
        expect(Number(untrustedOut)).toBeLessThan(900);
      });

      it('lets through what is allowed, and nothing beside it', async ({ skip }) => {
        const [address] = own;
        if (address === undefined) return skip('needs a network');
        const [open, shut] = [await listening(), await listening()];
        const fence = { refused, allowed: [{ address, port: open.port }] };
        await sandbox.create({ ...spec, fence }, silentReport());
        await sandbox.start(idle());
        await agent(knockAt(open.port));
        await agent(knockAt(shut.port));
        expect([open.untrustedHeard(), shut.untrustedHeard()]).toEqual([['home'], []]);
        await Promise.all([open.close(), shut.close()]);
        await settle();
      });

      it('stands around a passing sandbox as well', async () => {
        await sandbox.stop(idle());
        expect(await through((argv) => once(argv, { network: true }))).toEqual(nobody);
        await settle();
      });
    });

    describe('running commands inside', () => {
      more.each([
        ['spaces and quotes', `a b 'c' "d"`],
        ['shell words', '$(id) `id` $HOME; ls | cat && true > /tmp/y'],
        ['a leading dash', '--help'],
        ['a line break', 'one\ntwo'],
        ['an emoji', '🦞 龙虾'],
        ['nothing', ''],
        ['a glob', '/*'],
      ])('hands over %s untouched', async (_, argument) => {
        const print = [
          'node',
          '-e',
          'process.stdout.write(JSON.stringify(process.argv.slice(1)))',
          '--',
          argument,
        ];
        expect(JSON.parse((await agent(print)).untrustedOut)).toEqual([argument]);
        expect((await agent(['printf', '%s', argument])).untrustedOut).toBe(argument);
      });

      it('runs as who was asked for', async () => {
        expect((await agent(['id', '-u'])).untrustedOut).toBe(`${agentId}\n`);
        const asMade = await sandbox.exec('as-made', ['id', '-u'], { timeoutMs: 30_000, signal: idle() });
        expect(asMade.untrustedOut).toBe(`${agentId}\n`);
        const root = await sandbox.exec('root', ['id', '-u'], { timeoutMs: 30_000, signal: idle() });
        expect(root.untrustedOut).toBe('0\n');
      });

      more('is seen from outside by what its arguments hold, as what it is', async () => {
        const mark = randomBytes(16).toString('hex');
        const as = async (user: 'agent' | 'root') => {
          const abort = new AbortController();
          const argv = ['sh', '-c', 'sleep 4444; :', mark];
          const running = sandbox
            .exec(user, argv, { timeoutMs: 60_000, signal: abort.signal })
            .catch(() => {});
          let found = await sandbox.findMarked(mark, idle());
          for (let look = 0; found.length === 0 && look < 50; look++) {
            await new Promise((resolve) => setTimeout(resolve, 100));
            found = await sandbox.findMarked(mark, idle());
          }
          abort.abort();
          await running;
          return found.map(({ uid, effectiveCapabilities }) => `${uid} ${effectiveCapabilities}`);
        };
        expect(new Set(await as('agent'))).toEqual(new Set([`${agentId} 0`]));
        expect(await as('root')).toEqual(expect.arrayContaining([expect.stringMatching(/^0 /)]));
        expect(await sandbox.findMarked(mark, idle())).toEqual([]);
      });

      it('sends input and tells streams and exit codes apart', async () => {
        const result = await agent(['sh', '-c', 'cat; echo err >&2; exit 3'], { input: 'in 你好' });
        expect(result).toEqual({
          exitCode: 3,
          untrustedOut: 'in 你好',
          untrustedErr: 'err\n',
          truncated: false,
        });
        expect((await agent(['no-such-command'])).exitCode).toBe(127);
        expect(
          (
            await agent([
              'sh',
              '-c',
              'echo "Error: can only create exec sessions on running containers" >&2; exit 255',
            ])
          ).exitCode,
        ).toBe(255);
      });

      it('bounds what comes out', async () => {
        const result = await agent(['head', '-c', '50000000', '/dev/zero'], { maxBytes: 1_000 });
        expect(result).toMatchObject({ exitCode: 0, truncated: true });
        expect(result.untrustedOut).toHaveLength(1_000);
      });

      more('replaces what is no text', async () => {
        const result = await agent(['printf', 'a\\377b']);
        expect(result.untrustedOut).toBe('a\ufffdb');
      });

      it('ends what takes too long or is cancelled, inside as well', async () => {
        const isRunning = async (mark: string) => {
          const script = `for f in /proc/[0-9]*/cmdline; do tr '\\0' ' ' < $f; echo; done | grep -c "^sleep ${mark}"`;
          return (await agent(['sh', '-c', script])).untrustedOut.trim();
        };
        const started = Date.now();
        expect(await problemCode(agent(['sleep', '1111'], { timeoutMs: 1_000 }))).toBe('engine-too-slow');
        expect(Date.now() - started).toBeLessThan(10_000);
        expect(await isRunning('1111')).toBe('0');

        const abort = new AbortController();
        setTimeout(() => abort.abort(), 1_000);
        const cancelled = agent(['sh', '-c', 'sleep 2222 & sleep 2222; true'], { signal: abort.signal });
        await expect(cancelled).rejects.toBeInstanceOf(Cancelled);
        expect(await isRunning('2222')).toBe('0');

        const root = sandbox.exec('root', ['sleep', '3333'], { timeoutMs: 1_000, signal: idle() });
        expect(await problemCode(root)).toBe('engine-too-slow');
        expect(await isRunning('3333')).toBe('0');
        expect(await untilAlive()).toBe('alive');
      });

      it('says that the home does not run', async () => {
        await sandbox.stop(idle());
        expect(await problemCode(agent(['true']))).toBe('home-not-running');
        expect(await problemCode(once(['true']))).toBe('none');
        await sandbox.start(idle());
        await untilAlive();
        expect(await problemCode(once(['true']))).toBe('home-is-running');
      });
    });

    describe('the state', () => {
      const archive = () => join(subject.folder, 'kept', 'state.tar');
      const inState = (script: string) => once(['sh', '-c', `cd ${sandbox.inside.state} && ${script}`]);
      const of = () => ({ image: image.reference, version: image.version });
      const listing = async () => (await inState('find . -printf "%p %m %U %l\\n" | sort')).untrustedOut;
      const restore = async (file: string) => {
        await sandbox.loadCopy('incoming', file, of(), silentReport());
        await sandbox.exchangeState('incoming', of(), idle());
      };

      it('is exchanged only while the home rests', async () => {
        await sandbox.copyState('before', of(), silentReport());
        await sandbox.start(idle());
        expect(await problemCode(sandbox.exchangeState('before', of(), idle()))).toBe('home-is-running');
        await sandbox.dropCopy('before', idle());
        await sandbox.dropCopy('before', idle());
        expect(await sandbox.findCopy('before', idle())).toBeNull();
        await sandbox.stop(idle());
      });

      it('is copied while the home runs, which stands still for that and goes on', async () => {
        // Counters that lie within 1 of each other at any one moment, with so much beside each that a
        // copy takes far longer than they take to go on, whatever the order in which it is made.
        await inState(`for nr in $(seq 10 21); do
          mkdir -p counters/$nr && head -c 2500000 /dev/urandom > counters/$nr/filler && echo 00000000 > counters/$nr/count
        done`);
        const counters = `${sandbox.inside.state}/counters`;
        // Digits over digits: nobody ever sees an empty one, and nothing is waited for that copying keeps busy.
        const writer = `const { openSync, writeSync } = require('fs');
          const files = Array.from({ length: 12 }, (_, nr) => openSync('${counters}/' + (10 + nr) + '/count', 'r+'));
          let count = 0;
          setInterval(() => {
            count += 1;
            for (const file of files) writeSync(file, String(count).padStart(8, '0'), 0);
          }, 1);`;
        const counted = async () => Number((await agent(['cat', `${counters}/21/count`])).untrustedOut);
        const untilCountedOn = async () => {
          const before = await counted();
          for (let attempt = 0; attempt < 100; attempt++) if ((await counted()) > before) return;
          throw new Error('nobody counts');
        };
        await sandbox.start(idle());
        await untilAlive();
        const writing = agent(['timeout', '60', 'node', '-e', writer], { timeoutMs: 90_000 }).catch(
          () => null,
        );
        await untilCountedOn();
        await sandbox.copyState('rehearsal', of(), silentReport());
        expect(await sandbox.findCopy('rehearsal', idle())).toEqual(of());
        expect(await untilAlive()).toBe('alive');
        await untilCountedOn();
        await sandbox.startRehearsal(spec, silentReport());
        const inCopy = await sandbox.inRehearsal(
          ['sh', '-c', `cd ${sandbox.inside.state}; cat counters/*/count kept`],
          { timeoutMs: 30_000, signal: idle() },
        );
        const lines = inCopy.untrustedOut.trim().split('\n');
        expect(lines.pop()).toBe('kept');
        const counts = lines.map(Number);
        expect(counts).toHaveLength(12);
        expect(Math.min(...counts)).toBeGreaterThan(0);
        expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
        await sandbox.endRehearsal(idle());
        await sandbox.stop(idle());
        await writing;
        await inState('rm -rf counters');
      });

      it('goes into an archive and comes back as it was', async () => {
        await inState(
          'mkdir -p deep/er && echo memory > "deep/er/with space" && ln -s kept link && chmod 600 kept',
        );
        const before = await listing();
        await sandbox.copyState('outgoing', of(), silentReport());
        await sandbox.saveCopy('outgoing', archive(), silentReport());
        expect((await readdir(join(subject.folder, 'kept'))).sort()).toEqual(['state.tar']);
        await inState('rm -rf deep && echo changed > kept && touch new .hidden');
        await restore(archive());
        expect(await listing()).toBe(before);
        expect((await inState('cat kept "deep/er/with space"')).untrustedOut).toBe('kept\nmemory\n');
        await restore(archive());
        expect((await inState('cat kept')).untrustedOut).toBe('kept\n');
      });

      more('tells beforehand how long an archive would be, holes and all', async () => {
        const hole = 3 * 1024 ** 3;
        await inState(`truncate --size=${hole} holes`);
        await sandbox.copyState('outgoing', of(), silentReport());
        await inState('rm holes');
        expect(await sandbox.sizeOfCopy('outgoing', idle())).toBeGreaterThan(hole);
        expect(await sandbox.sizeOfCopy('outgoing', idle())).toBeLessThan(hole + 1024 ** 3);
        await sandbox.dropCopy('outgoing', idle());
        expect(await problemCode(sandbox.sizeOfCopy('outgoing', idle()))).toBe('state-gone');
      });

      it('changes places with a copy, and what it was lies aside', async () => {
        await sandbox.copyState('before', of(), silentReport());
        await inState('echo changed > kept');
        await sandbox.exchangeState('before', of(), idle());
        expect((await inState('cat kept')).untrustedOut).toBe('kept\n');
        expect(await sandbox.findCopy('before', idle())).toBeNull();
        expect(await sandbox.findCopy('aside', idle())).toEqual(of());
        // Done already.
        await sandbox.exchangeState('before', of(), idle());
        expect((await inState('cat kept')).untrustedOut).toBe('kept\n');
        await sandbox.saveCopy('aside', archive(), silentReport());
        await restore(archive());
        expect((await inState('cat kept')).untrustedOut).toBe('changed\n');
        await inState('echo kept > kept');
      });

      more('stays as it is when the archive is damaged', async () => {
        await inState('head -c 1000000 /dev/urandom > big');
        await sandbox.copyState('outgoing', of(), silentReport());
        await sandbox.saveCopy('outgoing', archive(), silentReport());
        await inState('rm big');
        const whole = await readFile(archive());
        const damaged = join(subject.folder, 'damaged.tar');
        for (const content of [whole.subarray(0, whole.length / 2), Buffer.from('no archive')]) {
          await writeFile(damaged, content);
          const loading = sandbox.loadCopy('incoming', damaged, of(), silentReport());
          expect(await problemCode(loading)).toBe('archive-damaged');
          expect(await sandbox.findCopy('incoming', idle())).toBeNull();
          expect((await inState('cat kept')).untrustedOut).toBe('kept\n');
        }
      });

      more('comes out of an archive into its own place and nowhere else', async () => {
        const outside = join(subject.folder, 'outside');
        const evil = join(subject.folder, 'evil.tar');
        await mkdir(outside);
        await writeFile(join(subject.folder, 'escaped'), 'from inside');
        await symlink(outside, join(subject.folder, 'way-out'));
        const pack = (...words: string[]) =>
          promisify(execFile)('tar', [`--file=${evil}`, `--directory=${subject.folder}`, ...words]);
        // A link that leads out of the state, and then a file through it.
        await pack('--create', 'way-out');
        await pack('--append', '--transform=s,^,way-out/,', 'escaped');
        const loading = sandbox.loadCopy('incoming', evil, of(), silentReport());
        expect(await problemCode(loading)).toBe('archive-damaged');
        expect(await readdir(outside)).toEqual([]);
        expect(await sandbox.findCopy('incoming', idle())).toBeNull();
        // A name that leads out by itself.
        await pack('--create', '--absolute-names', '--transform=s,^,../../,', 'escaped');
        expect(await problemCode(sandbox.loadCopy('incoming', evil, of(), silentReport()))).toBe(
          'archive-damaged',
        );
      });

      it('is left in peace by a rehearsal, which is cut off from everything', async () => {
        const rehearse = (argv: readonly string[]) =>
          sandbox.inRehearsal(argv, { timeoutMs: 30_000, signal: idle() });
        await sandbox.start(idle());
        await untilAlive();
        await sandbox.copyState('rehearsal', of(), silentReport());
        await sandbox.startRehearsal(spec, silentReport());
        const { state, shared: inside } = sandbox.inside;
        expect(
          (await rehearse(['sh', '-c', `cat ${state}/kept; echo other > ${state}/kept; id -u`])).untrustedOut,
        ).toBe(`kept\n${agentId}\n`);
        expect(
          (await rehearse(['sh', '-c', 'tail -n +3 /proc/net/dev | cut -d: -f1'])).untrustedOut.trim(),
        ).toBe('lo');
        expect((await rehearse(['ls', inside])).untrustedOut).toBe('');
        const ask = `fetch('http://127.0.0.1:${port}/').then((a) => a.text()).then((t) => console.log(t))`;
        expect((await rehearse(['node', '-e', ask])).untrustedOut).toBe('alive\n');
        expect(await untilAlive()).toBe('alive');
        // One on the same copy goes on from what the one before has made of it.
        await sandbox.startRehearsal(spec, silentReport());
        expect((await rehearse(['cat', `${state}/kept`])).untrustedOut).toBe('other\n');
        // Another one takes its place.
        await sandbox.copyState('rehearsal', of(), silentReport()).catch(() => {});
        await sandbox.startRehearsal(
          { ...spec, command: ['sh', '-c', 'echo last words; exit 3'] },
          silentReport(),
        );
        await new Promise((resolve) => setTimeout(resolve, 1_500));
        expect(await problemCode(rehearse(['true']))).toBe('home-not-running');
        expect(await sandbox.endRehearsal(idle())).toContain('last words');
        expect((await agent(['cat', `${state}/kept`])).untrustedOut).toBe('kept\n');
        await sandbox.stop(idle());
      });

      more('is tidied up after somebody who was killed', async () => {
        await sandbox.copyState('before', of(), silentReport());
        await sandbox.copyState('rehearsal', of(), silentReport());
        await sandbox.startRehearsal(spec, silentReport());
        await sandbox.tidy(idle());
        await sandbox.tidy(idle());
        expect(await sandbox.findCopy('rehearsal', idle())).toBeNull();
        expect(await sandbox.findCopy('before', idle())).toEqual(of());
        await sandbox.dropCopy('before', idle());
        await sandbox.dropCopy('aside', idle());
      });

      it('outlives the home', async () => {
        await sandbox.destroy({ state: false }, silentReport());
        expect(await sandbox.inspect(idle())).toEqual({ is: 'missing' });
        expect(await sandbox.hasState(idle())).toBe(true);
      });
    });

    it('takes everything away in the end', async () => {
      await sandbox.destroy({ state: true }, silentReport());
      await sandbox.destroy({ state: true }, silentReport());
      expect(await subject.leftovers()).toEqual([]);
      expect(await sandbox.hasState(idle())).toBe(false);
      expect(await sandbox.findImage(image.version, idle())).toBeNull();
      expect(await realpath(shared)).toBe(shared);
      await rm(shared, { recursive: true });
    });
  });
}
