/** OpenClaw on a Mac itself: real files in a folder, and a Mac that answers as documented. Nothing of it has run on one. */
import { readFileSync } from 'node:fs';
import { mkdir, readdir, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { HostOpenClaw, Outcome } from '../../doors.ts';
import { everythingIn, write } from '../host-openclaw/testing/files.ts';
import { killedEverywhere, refusals } from '../host-openclaw/testing/mortal-files.ts';
import { quickClock } from '../host-openclaw/testing/quick-clock.ts';
import { exited } from '../strict-run.ts';
import { testFolder } from '../test-folder.ts';
import { createMacHostOpenClaw } from './host-openclaw.ts';
import { OpenClawMac, uid } from './testing/openclaw-mac.ts';

vi.mock('node:fs/promises', async (original) => {
  const { mortal } = await import('../host-openclaw/testing/mortal-files.ts');
  return mortal(await original());
});
afterEach(() => refusals.clear());

const open = () => new AbortController().signal;
const settings = '{"meta": {"lastTouchedVersion": "2026.9.6"}}';
const agents = 'Library/LaunchAgents';
const fixture = (name: string) => readFileSync(new URL(`fixtures/${name}`, import.meta.url), 'utf8');
const gateway = fixture('ai.openclaw.gateway.constructed.plist');
const appAgent = fixture('ai.openclaw.mac.constructed.plist');
const mark = '2026-11-22T07-04-11';

async function computer(files: Readonly<Record<string, string>> = {}) {
  const mac = new OpenClawMac();
  const folder = await testFolder();
  const home = join(folder, 'Users', "王小明 l'Été");
  await mkdir(home, { recursive: true });
  await write(home, files);
  const logged: string[] = [];
  /** As after every start: nothing is remembered. */
  const host = (): HostOpenClaw =>
    createMacHostOpenClaw({
      run: mac.run,
      log: { info() {}, error: (line) => void logged.push(line) },
      home,
      uid,
      environment: {},
      applications: join(folder, 'Applications'),
      clock: quickClock(),
      kill: mac.kill,
    });
  return { mac, folder, home, host, logged };
}

const seen = { is: 'seen', homes: [], programs: [], services: [], gateways: [] } as const;
const service = (name: string, startsByItself = true, isActive = false) => ({
  name,
  startsByItself,
  isActive,
});

describe('the look on a Mac', () => {
  it('finds nothing on a Mac with nothing of the kind, and changes nothing', async () => {
    const { mac, home, host } = await computer({
      '.openclaw-notes/todo.txt': '',
      [`${agents}/com.example.plist`]: 'x',
      [`${agents}/ai.openclaw.node.plist`]: 'x',
    });
    mac.loaded.set('ai.openclaw.node', 1);
    const before = await everythingIn(home);
    expect(await host().look(open())).toEqual(seen);
    expect(await everythingIn(home)).toEqual(before);
    expect([...new Set(mac.calls)]).toEqual([
      '/bin/ps -axww -o pid=,uid=,ucomm=,command=',
      '/bin/launchctl list',
    ]);
  });

  it('finds nothing where there are no agents at all', async () => {
    const { host } = await computer();
    expect(await host().look(open())).toEqual(seen);
  });

  it.each<[string, string, string | null]>([
    ['.openclaw/openclaw.json', 'default', '2026.9.6'],
    ['.OpenClaw/openclaw.json', 'default', '2026.9.6'],
    ['.openclaw-work/state/openclaw.sqlite', 'work', null],
    ['.clawdbot/clawdbot.json', '_clawdbot', '2026.9.6'],
    ['.clawdbot-work/openclaw.json', '_clawdbot-work', '2026.9.6'],
    ['.moltbot/moltbot.json', '_moltbot', '2026.9.6'],
  ])('finds a folder by %s', async (file, profile, version) => {
    const { home, host } = await computer({ [file]: settings });
    expect(await host().look(open())).toEqual({
      ...seen,
      homes: [{ profile, folder: join(home, file.split('/')[0] ?? ''), version }],
    });
  });

  it.each([
    '.npm-global/lib/node_modules/openclaw',
    '.volta/tools/image/packages/openclaw/lib/node_modules/openclaw',
    'Library/pnpm/global/5/node_modules/openclaw',
    '.bun/install/global/node_modules/clawdbot',
    '.openclaw/lib/node_modules/openclaw',
    '.nvm/versions/node/v24.1.0/lib/node_modules/moltbot',
    'Library/Application Support/fnm/node-versions/v24/installation/lib/node_modules/openclaw',
    '.local/share/fnm/node-versions/v24/installation/lib/node_modules/openclaw',
    'openclaw',
  ])('finds a program in %s', async (folder) => {
    const { home, host } = await computer({ [`${folder}/package.json`]: '{"version": "2026.9.6"}' });
    expect(await host().look(open())).toEqual({
      ...seen,
      programs: [{ folder: join(home, folder), version: '2026.9.6' }],
    });
  });

  it.each([
    '.openclaw/bin/openclaw',
    '.local/bin/clawdbot',
    'Library/pnpm/openclaw',
    '.bun/bin/moltbot',
    '.volta/bin/openclaw',
    'Applications/OpenClaw.app',
    'Applications/Clawdbot.app',
    '../../Applications/OpenClaw.app',
    '../../Applications/Moltbot.app',
  ])('finds a program by %s', async (path) => {
    const { home, host } = await computer({ [path]: '' });
    expect(await host().look(open())).toEqual({
      ...seen,
      programs: [{ folder: join(home, path), version: null }],
    });
  });

  it.each([
    'ai.openclaw.gateway',
    'ai.openclaw.work',
    'com.openclaw.gateway',
    'bot.molt.gateway',
    'bot.molt.work',
    'com.clawdbot.gateway',
    'com.steipete.clawdbot.gateway',
  ])('finds the agent %s, loaded or not, switched off or not', async (label) => {
    const { mac, host } = await computer({ [`${agents}/${label}.plist`]: gateway });
    expect(await host().look(open())).toEqual({ ...seen, services: [service(label)] });
    mac.loaded.set(label, 77);
    expect(await host().look(open())).toEqual({ ...seen, services: [service(label, true, true)] });
    mac.disabled.add(label);
    expect(await host().look(open())).toEqual({ ...seen, services: [service(label, false, true)] });
  });

  it('finds one that is loaded although its file is gone', async () => {
    const { mac, host } = await computer();
    mac.loaded.set('ai.openclaw.gateway', 77);
    mac.loaded.set('ai.openclaw.home', null);
    expect(await host().look(open())).toEqual({
      ...seen,
      services: [service('ai.openclaw.gateway', false, true), service('ai.openclaw.home', false, true)],
    });
  });

  it('takes no other agent of its makers’ for a gateway, and reads Apple’s own form, too', async () => {
    const { mac, host } = await computer({
      [`${agents}/ai.openclaw.helper.plist`]: appAgent,
      [`${agents}/ai.openclaw.work.plist`]: 'bplist00…',
    });
    mac.binary.set('ai.openclaw.work.plist', gateway);
    expect(await host().look(open())).toEqual({ ...seen, services: [service('ai.openclaw.work')] });
  });

  it('finds the app that sets a gateway up again, where it starts at login or there is something for it', async () => {
    const { mac, home, host } = await computer();
    mac.app(4400);
    mac.add({
      pid: 4401,
      uid: 502,
      program: 'OpenClaw',
      line: '/Applications/OpenClaw.app/Contents/MacOS/OpenClaw',
    });
    // It may watch over an OpenClaw somewhere else.
    expect(await host().look(open())).toEqual(seen);
    await write(home, { '.openclaw/openclaw.json': settings });
    expect(await host().look(open())).toMatchObject({ services: [service('ai.openclaw.mac', false, true)] });
    await write(home, { [`${agents}/ai.openclaw.mac.plist`]: appAgent });
    expect(await host().look(open())).toMatchObject({ services: [service('ai.openclaw.mac', true, true)] });
  });

  it('finds one that runs, whose memories it has open, and no other person’s', async () => {
    const { mac, home, host } = await computer({ '.openclaw/openclaw.json': settings });
    const escaped = [...Buffer.from(join(home, '.OpenClaw/state/openclaw.sqlite').normalize('NFD'))]
      .map((byte) => (byte < 0x80 ? String.fromCharCode(byte) : `\\x${byte.toString(16)}`))
      .join('');
    mac.add({ pid: 4211, paths: [escaped] });
    mac.add({ pid: 4300, line: 'node /opt/homebrew/bin/openclaw gateway', paths: ['/srv/other'] });
    mac.add({ pid: 4303, uid: 502 });
    expect(await host().look(open())).toMatchObject({
      gateways: [
        { pid: 4211, profile: 'default' },
        { pid: 4300, profile: null },
      ],
    });
  });

  const cut: Outcome = { is: 'exited', code: 0, stdout: 'PID\tStatus\tLabel\n', stderr: '', truncated: true };
  it.each<[string, string, Outcome, string]>([
    ['ps is refused', '/bin/ps -axww', exited(1), 'ps'],
    ['ps says something else', '/bin/ps -axww', exited(0, 'x\n'), 'ps'],
    ['ps is cut', '/bin/ps -axww', cut, 'ps'],
    ['ps takes too long', '/bin/ps -axww', { is: 'timed-out' }, 'ps'],
    ['lsof is not there', '/usr/sbin/lsof', { is: 'not-found' }, 'lsof'],
    ['lsof takes too long', '/usr/sbin/lsof', { is: 'timed-out' }, 'lsof'],
    ['lsof says nothing', '/usr/sbin/lsof', exited(1), 'lsof'],
    ['launchd is refused', '/bin/launchctl list', exited(1, '', 'Operation not permitted'), 'launchctl'],
    ['launchd says something else', '/bin/launchctl list', exited(0, 'Bad request.\n'), 'launchctl'],
    ['launchd is cut', '/bin/launchctl list', cut, 'launchctl'],
    ['launchd takes too long', '/bin/launchctl list', { is: 'timed-out' }, 'launchctl'],
    ['launchd is not there', '/bin/launchctl list', { is: 'not-found' }, 'launchctl'],
    [
      'nobody tells what is switched off',
      '/bin/launchctl print-disabled',
      exited(125, '', 'Domain does not support specified action'),
      'launchctl',
    ],
    ['what is switched off is something else', '/bin/launchctl print-disabled', exited(0, '{}'), 'launchctl'],
  ])('could not look where %s', async (_, line, outcome, what) => {
    const { mac, host } = await computer({ [`${agents}/ai.openclaw.gateway.plist`]: gateway });
    mac.add({ pid: 4211 });
    mac.instead.set(line, outcome);
    expect(await host().look(open())).toEqual({ is: 'unanswered', what });
  });

  it('could not look where macOS keeps a folder from it, and says which, in other words', async () => {
    const { home, host } = await computer({ '.openclaw/openclaw.json': settings, [`${agents}/x`]: '' });
    refusals.set(`lstat ${join(home, '.openclaw')}`, 'EPERM');
    expect(await host().look(open())).toEqual({ is: 'protected', what: join(home, '.openclaw') });
    refusals.clear();
    refusals.set(`readdir ${join(home, agents)}`, 'EPERM');
    expect(await host().look(open())).toEqual({ is: 'protected', what: join(home, agents) });
    refusals.clear();
    refusals.set(`readdir ${home}`, 'EACCES');
    expect(await host().look(open())).toEqual({ is: 'unreadable', what: home });
  });

  it('could not look where an agent of a profile can’t be read; its usual one is known by its name', async () => {
    const { home, host } = await computer({
      [`${agents}/ai.openclaw.gateway.plist`]: 'garbage',
    });
    expect(await host().look(open())).toEqual({ ...seen, services: [service('ai.openclaw.gateway')] });
    await write(home, { [`${agents}/ai.openclaw.work.plist`]: 'garbage' });
    const what = join(home, agents, 'ai.openclaw.work.plist');
    expect(await host().look(open())).toEqual({ is: 'unreadable', what });
  });

  it('takes a former name of a folder, which OpenClaw leaves behind, for what it is', async () => {
    const { home, host } = await computer({
      '.openclaw/openclaw.json': settings,
      'iCloud/openclaw.json': settings,
    });
    await symlink('.openclaw', join(home, '.clawdbot'));
    expect(await host().look(open())).toMatchObject({ homes: [{ profile: 'default' }] });
    await symlink(join(home, 'iCloud'), join(home, '.moltbot'));
    expect(await host().look(open())).toEqual({ is: 'unreadable', what: join(home, '.moltbot') });
  });
});

const resting = {
  mark,
  profiles: ['default', 'work', '_clawdbot'],
  services: [
    { name: 'ai.openclaw.gateway', startsByItself: true, wasActive: true },
    { name: 'ai.openclaw.mac', startsByItself: true, wasActive: true },
    { name: 'ai.openclaw.work', startsByItself: false, wasActive: false },
  ],
};

async function livedIn() {
  const made = await computer({
    '.openclaw/openclaw.json': settings,
    '.openclaw-work/openclaw.json': '{}',
    '.clawdbot/clawdbot.json': '{}',
    [`${agents}/ai.openclaw.gateway.plist`]: gateway,
    [`${agents}/ai.openclaw.work.plist`]: gateway,
    [`${agents}/ai.openclaw.mac.plist`]: appAgent,
    [`${agents}/com.example.plist`]: 'other',
  });
  made.mac.loaded.set('ai.openclaw.gateway', 4211);
  made.mac.loaded.set('ai.openclaw.mac', 4400);
  made.mac.disabled.add('ai.openclaw.work');
  made.mac.add({ pid: 4211, paths: [join(made.home, '.openclaw/x')] });
  made.mac.app(4400);
  const all = async () => ({ files: await everythingIn(made.home), disabled: [...made.mac.disabled] });
  return { ...made, all };
}

describe('stopping on a Mac', () => {
  it('quits the app first, has launchd end what it started, and asks the others', async () => {
    const { mac, home, host } = await livedIn();
    mac.add({
      pid: 4500,
      line: 'node /opt/homebrew/bin/openclaw gateway',
      paths: [join(home, '.openclaw-work/x')],
    });
    mac.lingers = 2;
    await host().stop(resting.services, open());
    expect(mac.processes).toEqual([]);
    expect(mac.sent).toEqual(['SIGTERM 4400', 'SIGTERM 4500']);
    expect(mac.calls.filter((line) => line.includes('bootout'))).toEqual(
      expect.arrayContaining(['/bin/launchctl bootout gui/501/ai.openclaw.gateway']),
    );
    const before = mac.sent.length;
    await host().stop(resting.services, open());
    expect(mac.sent).toHaveLength(before);
  });

  it('ends who doesn’t listen, and nobody else who has the number by now', async () => {
    const { mac, host } = await computer({ '.openclaw/openclaw.json': settings });
    mac.add({ pid: 4500, isPolite: false });
    mac.add({ pid: 4600, isPolite: false });
    const { kill } = mac;
    Object.assign(mac, {
      kill: (...[pid, word]: Parameters<typeof kill>) => {
        kill(pid, word);
        // It ends after all, and another program gets its number.
        const other = mac.processes.find((each) => each.pid === 4600);
        if (other) Object.assign(other, { line: 'node other.js', birth: 'So 22 Nov 09:00:00 2026' });
      },
    });
    await host().stop([], open());
    expect(mac.sent).toEqual(['SIGTERM 4500', 'SIGKILL 4500']);
    expect(mac.processes).toMatchObject([{ pid: 4600, line: 'node other.js' }]);
  });

  it('ends an app that doesn’t listen', async () => {
    const { mac, host } = await computer();
    mac.app(4400, false);
    await host().stop([{ name: 'ai.openclaw.mac', startsByItself: true, wasActive: true }], open());
    expect(mac.sent).toEqual(['SIGTERM 4400', 'SIGKILL 4400']);
  });

  it('says so where launchd starts one again, or nobody could look', async () => {
    const { mac, host } = await computer();
    mac.add({ pid: 4500, isPolite: false });
    Object.assign(mac, { kill: () => undefined });
    await expect(host().stop([], open())).rejects.toMatchObject({
      problem: { code: 'host-openclaw-runs-on' },
    });
    mac.instead.set('/bin/ps -axww', exited(1));
    await expect(host().stop([], open())).rejects.toMatchObject({
      problem: { code: 'host-unanswered', facts: { program: 'ps' } },
    });
  });

  it('and waking loads and starts what was, the app behind it, and never throws', async () => {
    const { mac, host, logged } = await livedIn();
    await host().stop(resting.services, open());
    mac.refusesToLoad = 3;
    await host().wake(resting.services, open());
    expect(mac.begun).toEqual(['ai.openclaw.gateway', 'ai.openclaw.mac']);
    expect([...mac.loaded.keys()]).toContain('ai.openclaw.gateway');
    await host().wake(resting.services, open());
    await host().wake([{ name: '../x', startsByItself: true, wasActive: true }], open());
    expect(logged).toEqual([]);
    await host().wake([{ name: 'bot.molt.gateway', startsByItself: true, wasActive: true }], open());
    expect(logged).toEqual(['OpenClaw was not started again']);
  });
});

describe('putting to rest on a Mac', () => {
  it('and taking back leave everything as it was, however often they are done', async () => {
    const { mac, home, host, all } = await livedIn();
    const before = await all();
    for (let time = 0; time < 2; time++) await host().putToRest(resting, open());
    expect([...mac.loaded.keys()]).toEqual([]);
    expect((await readdir(join(home, agents))).filter((name) => name.endsWith('.plist'))).toEqual([
      'com.example.plist',
    ]);
    expect(await host().look(open())).toEqual(seen);
    for (const place of host().restingPlaces(resting)) expect(await readdir(place)).not.toEqual([]);
    expect(await host().canTakeBack(resting, open())).toBe(true);
    for (let time = 0; time < 2; time++) await host().takeBack(resting, open());
    expect(await all()).toEqual(before);
  });

  const prepare = async () => {
    const made = await livedIn();
    return { ...made, before: await made.all() };
  };

  it('killed anywhere can be gone on with, and taken back', async () => {
    await killedEverywhere(
      prepare,
      ({ host }) => host().putToRest(resting, open()),
      async ({ host, all, before }, at) => {
        await host().putToRest(resting, open());
        expect(await host().look(open()), at).toEqual(seen);
        await host().takeBack(resting, open());
        expect(await all(), at).toEqual(before);
      },
    );
  });

  it('killed anywhere, there or back, can be taken back at once, and woken', async () => {
    await killedEverywhere(
      prepare,
      async ({ host }) => {
        await host().putToRest(resting, open());
        await host().takeBack(resting, open());
        await host().wake(resting.services, open());
      },
      async ({ mac, host, all, before }, at) => {
        await host().takeBack(resting, open());
        expect(await all(), at).toEqual(before);
        await host().wake(resting.services, open());
        expect(mac.loaded.has('ai.openclaw.gateway'), at).toBe(true);
      },
    );
  });

  it('never puts one over another', async () => {
    const { home, host } = await livedIn();
    await host().putToRest(resting, open());
    await write(home, { '.openclaw/openclaw.json': '"new"', [`${agents}/ai.openclaw.gateway.plist`]: 'new' });
    await host().putToRest(resting, open());
    expect(await host().canTakeBack(resting, open())).toBe(false);
    await expect(host().takeBack(resting, open())).rejects.toMatchObject({
      problem: { code: 'host-openclaw-in-the-way' },
    });
    expect(await readFile(join(home, '.openclaw/openclaw.json'), 'utf8')).toBe('"new"');
    expect(await readFile(join(home, agents, 'ai.openclaw.gateway.plist'), 'utf8')).toBe('new');
  });

  it('goes on where launchd doesn’t let go, and that is still seen', async () => {
    const { mac, host, logged } = await livedIn();
    mac.instead.set('/bin/launchctl bootout', exited(1, '', 'Operation not permitted'));
    await host().putToRest(resting, open());
    expect(logged).toContain('launchd still has ai.openclaw.gateway');
    expect(await host().look(open())).toMatchObject({
      homes: [],
      services: [service('ai.openclaw.gateway', false, true)],
    });
  });
});

describe('packing on a Mac', () => {
  const report = { signal: open(), progress() {}, log() {} };

  it('says in other words what macOS keeps from it, and packs nothing then', async () => {
    const { home, host } = await computer({
      '.openclaw/openclaw.json': settings,
      'Documents/clawd/MEMORY.md': '',
    });
    const notes = join(home, 'Documents/clawd');
    refusals.set(`lstat ${join(notes, 'AGENTS.md')}`, 'EPERM');
    const cargo = { instead: [], notes: [{ from: notes, to: 'workspace-1' }] };
    await expect(host().pack('default', cargo, join(home, 'backups/one.tar'), report)).rejects.toMatchObject({
      problem: { code: 'host-protected', facts: { path: join(notes, 'AGENTS.md') } },
    });
    expect(await readdir(join(home, 'backups'))).toEqual([]);
  });

  it('reads the settings of one from before under their older name, and says where it may not', async () => {
    const { home, host } = await computer({ '.clawdbot/clawdbot.json': settings });
    expect(await host().read('_clawdbot', 'openclaw.json', open())).toBe(settings);
    refusals.set(`open ${join(home, '.clawdbot/clawdbot.json')}`, 'EPERM');
    await expect(host().read('_clawdbot', 'openclaw.json', open())).rejects.toMatchObject({
      problem: { code: 'host-protected' },
    });
  });
});
