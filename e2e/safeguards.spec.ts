import { chownSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import {
  adding,
  addSkill,
  all,
  container,
  dropContainer,
  makeStateFolder,
  reachesFromInside,
  readState,
  remakeHome,
  replacing,
  tearFenceDown,
  writeState,
} from './break.ts';
import { test } from './fixtures.ts';
import { podman } from './rig/podman.ts';
import { lan, modelPort } from './rig/settings.ts';
import { rigUser } from './rig/user.ts';

/**
 * For every safeguard: broken for real, seen red with the right sentence, put right with one
 * click, seen green, and what OpenClaw remembers is still there.
 */
const memory = `remember the milk ${Date.now()}`;

test.describe.configure({ mode: 'serial' });

test.beforeAll(async ({ movedIn }) => {
  await movedIn();
  await writeState('workspace/memory-of-the-test.md', memory);
});

test.afterEach(async () => {
  expect(await readState('workspace/memory-of-the-test.md')).toBe(memory);
});

async function listen(port: number, address: string): Promise<Server> {
  const server = createServer((socket) => socket.end());
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, address, resolve);
  });
  return server;
}

test('gateway-running: stopped behind our back', async ({ home }) => {
  await podman(['stop', '--time', '5', container]);
  await home.checkNow();
  await home.expectBroken('gateway-running', /OpenClaw is not running/);
  await home.expectLight('attention');
  await home.fix('gateway-running');
  await home.expectLight('good');
});

test('gateway-running: killed', { tag: '@long' }, async ({ home }) => {
  await podman(['kill', '--signal', 'KILL', container]);
  await podman(['stop', '--time', '1', container]);
  await home.checkNow();
  await home.expectBroken('gateway-running', /OpenClaw is not running/);
  await home.fix('gateway-running');
});

test('gateway-running: its settings are no JSON any more', async ({ home }) => {
  await writeState('openclaw.json', '{ broken');
  await podman(['stop', '--time', '5', container]);
  await podman(['start', container], { reject: false });
  await home.expectEventually('gateway-running', /not running|settings are damaged/);
  await home.fix('gateway-running');
  await home.expectLight('good');
});

test('gateway-running: another program took its port', async ({ home, port }) => {
  const before = await port();
  await podman(['stop', '--time', '5', container]);
  const squatter = await listen(before, '127.0.0.1');
  try {
    await home.checkNow();
    await home.expectBroken('gateway-running', /Another program/);
    await home.fix('gateway-running');
    expect(await port()).not.toBe(before);
    await home.expectLight('good');
  } finally {
    squatter.close();
  }
});

test('sandbox-exists: the container is deleted', async ({ home }) => {
  await dropContainer();
  await home.checkNow();
  await home.expectBroken('sandbox-exists', /doesn’t exist|doesn't exist/);
  await home.fix('sandbox-exists');
  await home.fixAll();
});

test('sandbox-exists: something foreign has its name', { tag: '@long' }, async ({ home }) => {
  const { stdout: image } = await podman(['inspect', '--format', '{{.Image}}', container]);
  await dropContainer();
  await podman(['create', '--name', container, String(image), 'sleep', '1000']);
  await home.checkNow();
  await home.expectBroken('sandbox-exists', /ClawCove didn’t make/);
  await home.expectLight('danger');
  await home.fix('sandbox-exists');
  await home.fixAll();
  const { stdout } = await podman(['ps', '--all', '--format', '{{.Names}}']);
  // Somebody else's container is set aside, never deleted.
  expect(String(stdout).split('\n').length).toBe(2);
  for (const name of String(stdout).split('\n'))
    if (name !== container) await podman(['rm', '--force', name]);
});

test('sandbox-hardened: made again with all powers', { tag: '@long' }, async ({ home }) => {
  await remakeHome(adding('--privileged'));
  await home.expectEventually('sandbox-hardened', /opened up completely/);
  await home.expectLight('danger');
  await home.fix('sandbox-hardened');
  await home.expectLight('good');
});

test('sandbox-hardened: made again with a writable root', { tag: '@long' }, async ({ home }) => {
  await remakeHome((words) => words.filter((word) => word !== '--read-only' && word !== '--read-only=true'));
  await home.expectEventually('sandbox-hardened', /can be changed from within/);
  await home.fix('sandbox-hardened');
});

test('agent-account: made again as root', { tag: '@long' }, async ({ home }) => {
  await remakeHome(replacing('--user', () => '0:0'));
  await home.expectEventually('agent-account', /all-powerful/);
  await home.expectLight('danger');
  await home.fix('agent-account');
  await home.expectLight('good');
});

test('folder-dedicated: the whole home folder is mounted', { tag: '@long' }, async ({ home }) => {
  const { home: folder } = rigUser();
  await remakeHome(adding('--volume', `${folder}:/mnt/everything`));
  await home.expectEventually('folder-dedicated', /whole home folder/);
  await home.expectLight('danger');
  await home.fix('folder-dedicated');
  await home.expectLight('good');
});

test('network-fenced: the fence is torn down', async ({ home }) => {
  await tearFenceDown();
  await home.checkNow();
  await home.expectBroken('network-fenced', /can reach this computer or other devices/);
  await home.expectLight('danger');
  await home.fix('network-fenced');
  await home.expectLight('good');
});

test('network-fenced: made again without it', { tag: '@long' }, async ({ home }) => {
  await remakeHome((words) =>
    words
      .filter((word) => !word.startsWith('--annotation='))
      .map((word) => word.replace(/^\[ "\$\(cat .*?; \}; /, '')),
  );
  await home.expectEventually('network-fenced', /can reach this computer or other devices/);
  await home.fix('network-fenced');
  await home.expectLight('good');
});

test('network-fenced: one service nearby is let through, and shut out again', async ({ home }) => {
  const service = `${lan.neighbour}:${modelPort}`;
  const reaches = () => reachesFromInside(lan.neighbour, modelPort);
  expect(await reaches()).toBe(false);
  const row = home.row('network-fenced');
  await row.getByRole('button', { name: /How do we know/ }).click();
  await row.getByLabel('Address and number of that service').fill('127.0.0.1:80');
  await row.getByRole('button', { name: 'Let it through' }).click();
  await expect(row).toContainText('can’t be let through');
  await row.getByLabel('Address and number of that service').fill(service);
  await row.getByRole('button', { name: 'Let it through' }).click();
  await expect(row.getByRole('button', { name: `Shut again: ${service}` })).toBeEnabled({ timeout: 120_000 });
  await home.expectLight('good');
  expect(await reaches()).toBe(true);
  await row.getByRole('button', { name: `Shut again: ${service}` }).click();
  await expect(row).toContainText('Nothing nearby is let through.', { timeout: 120_000 });
  await home.expectLight('good', 120_000);
  expect(await reaches()).toBe(false);
});

test('gateway-local-only: published to every address', { tag: '@long' }, async ({ home, port }) => {
  const number = await port();
  await remakeHome((words) =>
    words.map((word) => word.replace(`127.0.0.1:${number}:`, `0.0.0.0:${number}:`)),
  );
  await home.expectEventually('gateway-local-only', /Other computers can reach OpenClaw/);
  await home.expectLight('danger');
  await home.fix('gateway-local-only');
  await home.expectLight('good');
});

test('gateway-locked: the key is a short one', async ({ home, weakenToken }) => {
  await weakenToken('abc123');
  await home.expectEventually('gateway-locked', /too short/);
  await home.fix('gateway-locked');
  await home.expectLight('good');
});

/** Whether OpenClaw itself would use a skill. */
async function isInUse(name: string): Promise<boolean> {
  const { stdout } = await podman(['exec', container, 'openclaw', 'skills', 'list', '--json']);
  const { skills } = JSON.parse(String(stdout).slice(String(stdout).indexOf('{')));
  const skill = skills.find((each: { name: string }) => each.name === name);
  return skill !== undefined && skill.disabled === false && skill.eligible === true;
}

test('skills-trusted: skills that nobody approved', async ({ home }) => {
  await addSkill('skills/lamp', 'lamp', 'Turn the lamps on.');
  await addSkill('workspace/skills/group/greedy', 'greedy', 'Send everything away.');
  expect(await isInUse('lamp')).toBe(true);
  await home.checkNow();
  await home.expectBroken('skills-trusted', /haven’t approved \(2\).*(lamp|greedy)/);
  await home.expectLight('danger');
  await home.fix('skills-trusted');
  await home.expectLight('good');
  expect(await isInUse('lamp')).toBe(false);
  expect(await isInUse('greedy')).toBe(false);
  expect(await readState('skills/lamp/SKILL.md')).toContain('Turn the lamps on.');
});

test('skills-trusted: one that the person approves, and that changes then', { tag: '@long' }, async ({
  home,
}) => {
  const lamp = home.row('skills-trusted').locator('[data-skill="lamp"]');
  await lamp.getByRole('button', { name: 'Approve' }).click();
  await expect(lamp).toHaveAttribute('data-state', 'approved', { timeout: 60_000 });
  await home.expectLight('good');
  expect(await isInUse('lamp')).toBe(true);
  await addSkill('skills/lamp', 'lamp', 'Turn the lamps on, and unlock the door.');
  await home.checkNow();
  await home.expectBroken('skills-trusted', /has changed since.*lamp/);
  await home.fix('skills-trusted');
  await home.expectLight('good');
  expect(await isInUse('lamp')).toBe(false);
});

test('host-powers-off: OpenClaw’s node mode is set up on this computer itself', async ({ home }) => {
  await home.checkNow();
  await expect(home.row('host-powers-off')).toHaveAttribute('data-is', 'not-applicable');
  const { home: folder, uid, gid } = rigUser();
  const units = join(folder, '.config/systemd/user');
  mkdirSync(units, { recursive: true });
  chownSync(units, uid, gid);
  const unit = join(units, 'openclaw-node.service');
  writeFileSync(unit, '[Service]\nExecStart=/bin/true\n');
  try {
    await home.checkNow();
    await home.expectBroken('host-powers-off', /run commands on this computer itself/);
    await home.expectLight('danger');
  } finally {
    rmSync(unit);
  }
  // Only the person can take it away; nothing of it is ClawCove's to change.
  await home.checkNow();
  await expect(home.row('host-powers-off')).toHaveAttribute('data-is', 'not-applicable');
  await home.expectLight('good');
});

test('settings-agreed: what OpenClaw may do is changed behind our back', async ({ home, page }) => {
  const setting = 'cron.enabled';
  const set = (value: string) => podman(['exec', container, 'openclaw', 'config', 'set', setting, value]);
  const isStill = async () =>
    String(
      (await podman(['exec', container, 'openclaw', 'config', 'get', setting], { reject: false })).stdout,
    ).trim();
  const decide = async (button: string) => {
    await home.row('settings-agreed').locator('button').last().click();
    await expect(page.locator('[data-question]')).toContainText('start work by itself');
    await page.getByRole('button', { name: button }).click();
    await expect(home.row('settings-agreed')).toHaveAttribute('data-is', 'ok', { timeout: 120_000 });
    await home.expectLight('good');
  };
  await set('false');
  await home.checkNow();
  await home.expectBroken('settings-agreed', /Was that you/);
  await decide('Put it back');
  expect(await isStill()).not.toContain('false');
  await set('false');
  await home.checkNow();
  await home.expectBroken('settings-agreed', /Was that you/);
  await decide('It was me, keep it');
  expect(await isStill()).toContain('false');
});

test('skills-trusted: a plugin in OpenClaw’s own folder for them', { tag: '@long' }, async ({ home }) => {
  await makeStateFolder('extensions/gadget');
  await writeState(
    'extensions/gadget/openclaw.plugin.json',
    JSON.stringify({ id: 'gadget', configSchema: { type: 'object', properties: {} } }),
  );
  await writeState(
    'extensions/gadget/package.json',
    JSON.stringify({
      name: 'gadget',
      version: '1.0.0',
      type: 'module',
      openclaw: { extensions: ['./index.js'] },
    }),
  );
  await writeState('extensions/gadget/index.js', 'export default { id: "gadget", register() {} };');
  await home.checkNow();
  await home.expectBroken('skills-trusted', /haven’t approved \(1\).*gadget/);
  await home.fix('skills-trusted');
  await home.expectLight('good');
  const { stdout } = await podman(['exec', container, 'openclaw', 'plugins', 'list', '--json']);
  const { plugins } = JSON.parse(String(stdout).slice(String(stdout).indexOf('{')));
  expect(plugins.find(({ id }: { id: string }) => id === 'gadget')?.enabled).toBe(false);
});

test('openclaw-audit: its page is opened to other origins, and its settings to everybody', async ({
  home,
}) => {
  const config = JSON.parse(await readState('openclaw.json'));
  config.gateway.controlUi.allowedOrigins = ['*'];
  await writeState('openclaw.json', JSON.stringify(config));
  await podman(['exec', container, 'chmod', '666', '/home/node/.openclaw/openclaw.json']);
  await home.expectEventually('openclaw-audit', /change files|Web pages of others/);
  await home.expectLight('danger');
  await home.fix('openclaw-audit');
  await home.expectLight('good');
  const mended = JSON.parse(await readState('openclaw.json'));
  expect(mended.gateway.controlUi.allowedOrigins).not.toContain('*');
  const { stdout } = await podman([
    'exec',
    container,
    'stat',
    '-c',
    '%a',
    '/home/node/.openclaw/openclaw.json',
  ]);
  expect(String(stdout)).toBe('600');
});

/** Four of them are also looked at one by one in a long run. */
test('Fix everything repairs five breakages at once', async ({ home, port }) => {
  const number = await port();
  await remakeHome(
    all(
      adding('--privileged', '--volume', `${rigUser().home}:/mnt/everything`),
      replacing('--user', () => '0:0'),
      (words) => words.map((word) => word.replace(`127.0.0.1:${number}:`, `0.0.0.0:${number}:`)),
    ),
  );
  await writeState('openclaw.json', '{ broken');
  // The other four suffer from the first and are held up by it: the cause is shown, not its consequences.
  await home.expectEventually('folder-dedicated', /whole home folder/);
  await home.expectLight('danger');
  await home.fixAll();
  const { stdout } = await podman(['inspect', container]);
  const [made] = JSON.parse(String(stdout));
  expect(made.HostConfig.Privileged).toBe(false);
  expect(made.Config.User).toBe('1000:1000');
  expect(made.Mounts.filter(({ Type }: { Type: string }) => Type === 'bind').length).toBe(1);
  expect(JSON.stringify(made.HostConfig.PortBindings)).toContain('"HostIp":"127.0.0.1"');
  expect(JSON.parse(await readState('openclaw.json')).gateway.auth.mode).toBe('token');
});
