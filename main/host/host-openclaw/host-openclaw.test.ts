/** On real folders and processes of this computer; systemd alone is told by a double. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { chmod, mkdir, readdir, readFile, readlink, stat, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import type { Run } from '../../doors.ts';
import { createRun } from '../command.ts';
import { exited, strictRun } from '../strict-run.ts';
import { testFolder } from '../test-folder.ts';
import { findGateways } from './gateways.ts';
import { createHostOpenClaw } from './host-openclaw.ts';

const exec = promisify(execFile);
const open = () => new AbortController().signal;
const report = { signal: open(), progress() {}, log() {} };
const log = { info() {}, error() {} };
const realRun = createRun({ PATH: process.env.PATH ?? '', LC_ALL: 'C.UTF-8' });
const service = 'openclaw-gateway.service';
/** As recorded where no systemd answers for the person. */
const noSystemd = {
  'systemctl …': exited(1, '', 'Failed to connect to bus: No such file or directory\n'),
};

async function write(home: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(home, name)), { recursive: true });
    await writeFile(join(home, name), text);
  }
}

async function computer(files: Readonly<Record<string, string>> = {}, run: Run = strictRun(noSystemd).run) {
  const home = await testFolder();
  await write(home, files);
  const uid = process.getuid?.() ?? -1;
  const host = createHostOpenClaw({ run, log, home, uid, configFolder: join(home, '.config'), find });
  return { home, host };
}

const settings = '{"meta": {"lastTouchedVersion": "2026.9.6"}}';
const started: ChildProcess[] = [];
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
});

/** Whoever runs these tests may have an OpenClaw of their own, which is none of theirs. */
const find: typeof findGateways = async (uid, homes) =>
  (await findGateways(uid, homes)).filter(({ pid }) => started.some((child) => child.pid === pid));

/** A process that calls itself a gateway, and holds a file open. */
async function gateway(file: string, onTerm = 'process.exit(0)'): Promise<ChildProcess> {
  const script = `process.title = 'openclaw-gateway'; process.on('SIGTERM', () => { ${onTerm} });
    fs.openSync(process.argv[1], 'a'); setInterval(() => {}, 1e6); console.log('up')`;
  const child = spawn(process.execPath, ['-e', script, file], { stdio: ['ignore', 'pipe', 'ignore'] });
  started.push(child);
  await new Promise((resolve) => child.stdout?.once('data', resolve));
  return child;
}

describe('the look', () => {
  it('finds nothing on a computer with nothing of the kind', async () => {
    const { host } = await computer({ '.openclaw-notes/todo.txt': '', '.openclaw/bin/openclaw': '' });
    expect(await host.look(open())).toEqual({
      is: 'seen',
      homes: [],
      programs: [],
      services: [],
      gateways: [],
    });
  });

  it('finds folders, programs and services, by what lies in them', async () => {
    const { home, host } = await computer({
      '.openclaw/openclaw.json': settings,
      '.openclaw-work/state/openclaw.sqlite': '',
      '.openclaw-odd/openclaw.json': 'no JSON at all',
      '.openclaw.moved-into-clawcove-2026/openclaw.json': settings,
      '.npm-global/lib/node_modules/openclaw/package.json': '{"version": "2026.9.6"}',
      '.nvm/versions/node/v24.0.0/lib/node_modules/clawdbot/package.json': 'what?',
      [`.config/systemd/user/${service}`]: '',
      '.config/systemd/user/openclaw-gateway-work.service': '',
    });
    const wanted = join(home, '.config/systemd/user/default.target.wants');
    await mkdir(wanted);
    await symlink(join(wanted, '..', service), join(wanted, service));
    const look = await host.look(open());
    expect(look).toMatchObject({
      homes: [
        { profile: 'default', folder: join(home, '.openclaw'), version: '2026.9.6' },
        { profile: 'odd', version: null },
        { profile: 'work', version: null },
      ],
      services: [
        { name: 'openclaw-gateway-work.service', startsByItself: false, isActive: null },
        { name: service, startsByItself: true, isActive: null },
      ],
    });
    const programs = look.is === 'seen' ? look.programs : [];
    expect(programs.map(({ folder, version }) => [folder.slice(home.length), version])).toEqual([
      ['/.npm-global/lib/node_modules/openclaw', '2026.9.6'],
      ['/.nvm/versions/node/v24.0.0/lib/node_modules/clawdbot', null],
    ]);
  });

  it('takes nothing that lies elsewhere for its own, and doesn’t say that nothing is there', async () => {
    const { home, host } = await computer({ 'elsewhere/openclaw.json': settings, 'notes/todo.txt': '' });
    await symlink(join(home, 'notes'), join(home, '.openclaw-notes'));
    expect(await host.look(open())).toMatchObject({ is: 'seen', homes: [] });
    await symlink(join(home, 'elsewhere'), join(home, '.openclaw'));
    expect(await host.look(open())).toEqual({ is: 'unreadable', what: join(home, '.openclaw') });
  });

  it('says that it could not look, where it could not', async () => {
    const { home, host } = await computer({ '.openclaw/openclaw.json': settings });
    await chmod(home, 0);
    const isRoot = process.getuid?.() === 0;
    if (!isRoot) expect(await host.look(open())).toEqual({ is: 'unreadable', what: home });
    await chmod(home, 0o700);
    await mkdir(join(home, '.config/systemd'), { recursive: true });
    await symlink('user', join(home, '.config/systemd/user'));
    expect(await host.look(open())).toMatchObject({ is: 'unreadable' });
    const gone = createHostOpenClaw({
      run: strictRun(noSystemd).run,
      log,
      home: join(home, 'gone'),
      uid: 0,
      configFolder: home,
    });
    expect(await gone.look(open())).toEqual({ is: 'unreadable', what: join(home, 'gone') });
  });

  it('finds one that runs, and whose memories it has open', async () => {
    const { home, host } = await computer({ '.openclaw/openclaw.json': settings, 'else.txt': '' });
    const one = await gateway(join(home, '.openclaw/openclaw.json'));
    const other = await gateway(join(home, 'else.txt'));
    const look = await host.look(open());
    const gateways = look.is === 'seen' ? look.gateways : [];
    expect(gateways).toEqual(
      expect.arrayContaining([
        { pid: one.pid, profile: 'default' },
        { pid: other.pid, profile: null },
      ]),
    );
  });
});

describe('stopping', () => {
  it('asks politely, and is quiet where none runs', async () => {
    const { home, host } = await computer({ '.openclaw/openclaw.json': settings });
    const mark = join(home, 'said-goodbye');
    const child = await gateway(
      join(home, '.openclaw/openclaw.json'),
      `fs.writeFileSync(${JSON.stringify(mark)}, ''); process.exit(0)`,
    );
    const ended = new Promise((resolve) => child.once('exit', resolve));
    await host.stop([], open());
    await ended;
    expect(await readdir(home)).toContain('said-goodbye');
    await host.stop([], open());
  }, 30_000);

  it('goes through systemd where that has started it', async () => {
    const { run, calls } = strictRun({
      [`systemctl --user stop -- ${service}`]: exited(0),
      [`systemctl --user start -- ${service}`]: exited(0),
    });
    const { host } = await computer({}, run);
    const services = [
      { name: service, startsByItself: true, wasActive: true },
      { name: 'openclaw-gateway-b.service', startsByItself: true, wasActive: false },
    ];
    await host.stop(services, open());
    await host.wake(services, open());
    expect(calls).toEqual([`systemctl --user stop -- ${service}`, `systemctl --user start -- ${service}`]);
  });
});

describe('putting to rest', () => {
  const resting = {
    mark: '2026-11-22T07-04-11',
    profiles: ['default', 'work'],
    services: [{ name: service, startsByItself: true, wasActive: false }],
  };

  it('and taking back leave everything as it was, however often they are done', async () => {
    const { home, host } = await computer({
      '.openclaw/openclaw.json': settings,
      '.openclaw-work/openclaw.json': '{}',
      [`.config/systemd/user/${service}`]: '[Service]\n',
    });
    const units = join(home, '.config/systemd/user');
    await mkdir(join(units, 'default.target.wants'));
    await symlink(join(units, service), join(units, 'default.target.wants', service));
    const before = (await readdir(home, { recursive: true })).sort();
    for (let time = 0; time < 2; time++) await host.putToRest(resting, open());
    expect(await host.look(open())).toMatchObject({ homes: [], services: [] });
    expect(await readdir(join(units, 'default.target.wants'))).toEqual([]);
    for (const place of host.restingPlaces(resting)) expect(await readdir(place)).toEqual(['openclaw.json']);
    expect(await host.canTakeBack(resting, open())).toBe(true);
    for (let time = 0; time < 2; time++) await host.takeBack(resting, open());
    expect((await readdir(home, { recursive: true })).sort()).toEqual(before);
    expect(await readlink(join(units, 'default.target.wants', service))).toBe(join(units, service));
  });

  it('never puts one over another', async () => {
    const { home, host } = await computer({ '.openclaw/openclaw.json': settings });
    await host.putToRest(resting, open());
    await write(home, { '.openclaw/openclaw.json': '"new"' });
    expect(await host.canTakeBack(resting, open())).toBe(false);
    await expect(host.takeBack(resting, open())).rejects.toMatchObject({
      problem: { code: 'host-openclaw-in-the-way' },
    });
    expect(await readFile(join(home, '.openclaw/openclaw.json'), 'utf8')).toBe('"new"');
  });
});

describe('packing', () => {
  it('leaves no note behind that it could not look at: then it packs nothing', async () => {
    const { home, host } = await computer({ '.openclaw/openclaw.json': settings }, realRun);
    await symlink('clawd', join(home, 'clawd'));
    const cargo = { instead: [], notes: [{ from: join(home, 'clawd'), to: 'workspace-1' }] };
    await expect(host.pack('default', cargo, join(home, 'backups/one.tar'), report)).rejects.toMatchObject({
      problem: { code: 'host-unreadable' },
    });
    expect(await readdir(join(home, 'backups'))).toEqual([]);
  });

  it('brings everything along but locks and what is made anew, with what takes its place', async () => {
    const { home, host } = await computer(
      {
        '.openclaw/openclaw.json': settings,
        '.openclaw/openclaw.json.last-good': settings,
        '.openclaw/.env': 'OLD=1',
        '.openclaw/state/openclaw.sqlite': 'memories',
        '.openclaw/workspace/tmp/openclaw.json': 'not that one',
        '.openclaw/tmp/lock': '',
        '.openclaw/cache/x': '',
        'clawd/MEMORY.md': 'she likes lighthouses',
        'clawd/memory/2026-11-01.md': 'day',
        'clawd/holiday.jpg': 'private',
      },
      realRun,
    );
    await symlink('/etc/passwd', join(home, '.openclaw/link'));
    await symlink('/etc/passwd', join(home, 'clawd/USER.md'));
    const file = join(home, 'backups/one.tar');
    const cargo = {
      instead: [{ name: 'openclaw.json', text: 'new one' }],
      notes: [{ from: join(home, 'clawd'), to: 'workspace-1' }],
    };
    await host.pack('default', cargo, file, report);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readdir(join(home, 'backups'))).toEqual(['one.tar']);
    const { stdout: list } = await exec('tar', ['--list', '--verbose', '--numeric-owner', `--file=${file}`]);
    for (const line of list.trim().split('\n')) expect(line).toMatch(/^\S+\s+0\/0 /);
    const out = join(home, 'out');
    await mkdir(out);
    await exec('tar', ['--extract', `--file=${file}`, `--directory=${out}`, '--no-same-owner']);
    expect((await readdir(out, { recursive: true })).sort()).toEqual([
      '.env',
      'link',
      'openclaw.json',
      'state',
      'state/openclaw.sqlite',
      'workspace',
      'workspace-1',
      'workspace-1/MEMORY.md',
      'workspace-1/memory',
      'workspace-1/memory/2026-11-01.md',
      'workspace/tmp',
      'workspace/tmp/openclaw.json',
    ]);
    expect(await readFile(join(out, 'openclaw.json'), 'utf8')).toBe('new one');
    expect(await readFile(join(out, 'workspace/tmp/openclaw.json'), 'utf8')).toBe('not that one');
    expect(await readlink(join(out, 'link'))).toBe('/etc/passwd');
    expect(await readFile(join(home, '.openclaw/openclaw.json'), 'utf8')).toBe(settings);
  });

  it('leaves nothing where it fails', async () => {
    const { home, host } = await computer({}, realRun);
    const file = join(home, 'backups/one.tar');
    await expect(host.pack('default', { instead: [], notes: [] }, file, report)).rejects.toMatchObject({
      problem: { code: 'host-unreadable' },
    });
    expect(await readdir(join(home, 'backups'))).toEqual([]);
  });
});

describe('measuring', () => {
  it('notices every change but those of locks and of what is made anew', async () => {
    const { home, host } = await computer({
      '.openclaw/openclaw.json': settings,
      '.openclaw/state/openclaw.sqlite': 'memories',
      '.openclaw/tmp/lock': '',
    });
    const first = await host.measure('default', open());
    expect(first.bytes).toBe(settings.length + 'memories'.length);
    await write(home, { '.openclaw/tmp/lock': 'held' });
    expect(await host.measure('default', open())).toEqual(first);
    await write(home, { '.openclaw/state/openclaw.sqlite': 'MEMORIES' });
    expect((await host.measure('default', open())).fingerprint).not.toBe(first.fingerprint);
  });

  it('reads only files of its own, of a sane length', async () => {
    const { home, host } = await computer({ '.openclaw/openclaw.json': settings, secret: 'x' });
    expect(await host.read('default', 'openclaw.json', open())).toBe(settings);
    expect(await host.read('default', '.env', open())).toBeNull();
    await symlink(join(home, 'secret'), join(home, '.openclaw/.env'));
    expect(await host.read('default', '.env', open())).toBeNull();
  });
});
