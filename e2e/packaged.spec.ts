import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { listPackage } from '@electron/asar';
import { expect } from '@playwright/test';
import { execa } from 'execa';
import { wrongFuses } from '../scripts/fuses.ts';
import { test } from './fixtures.ts';
import { asUser } from './rig/user.ts';

/** ClawCove as electron-builder packages it, exactly as it is: nobody holds its strings. */

/** Runs it as the person. */
function run(sealed: string, words: readonly string[], env: Record<string, string> = {}) {
  const [file = '', ...args] = asUser([sealed, ...words], env);
  return execa(file, args, { reject: false, cwd: '/', stdin: 'ignore', timeout: 180_000 });
}

/** What stands above the windows on the person's screen. */
async function titles(): Promise<string> {
  const [file = '', ...args] = asUser(['xwininfo', '-root', '-tree']);
  const { stdout } = await execa(file, args);
  return stdout;
}

const renderers = async (sealed: string) =>
  (await execa('pgrep', ['-f', `^${sealed} --type=renderer`], { reject: false })).stdout
    .split('\n')
    .filter(Boolean);

const end = (sealed: string) => execa('pkill', ['-KILL', '-f', `^${sealed}`], { reject: false });

test('what electron-builder.yml switches off is off in the program itself', async ({ released }) => {
  expect(await wrongFuses(released.old.sealed)).toEqual([]);
  // The one that Playwright drives differs, so the look is a real one.
  expect(await wrongFuses(released.old.executable)).toEqual(['enableNodeCliInspectArguments']);
});

test('it is one archive and nothing besides, and no helper in it belongs to root', async ({ released }) => {
  const folder = dirname(released.old.sealed);
  expect(readdirSync(join(folder, 'resources')).sort()).toEqual(['app.asar']);
  const files = listPackage(join(folder, 'resources/app.asar'), { isPack: false });
  expect(files).toContain('/out/main/index.js');
  expect(files.filter((name) => /node_modules|\.map$|\.ts$|\.svg$|tray\/(windows|macos)/.test(name))).toEqual(
    [],
  );
  expect(readdirSync(join(folder, 'locales')).sort()).toEqual(['en-US.pak', 'zh-CN.pak']);
  const { stdout } = await execa('find', [folder, '-perm', '/6000']);
  expect(stdout).toBe('');
});

test('it answers in a terminal', async ({ released, freshComputer }) => {
  await freshComputer({ keepImages: true });
  const { sealed } = released.old;
  expect((await run(sealed, ['--version'])).stdout.trim()).toContain('0.1.0');
  const check = await run(sealed, ['check', '--json']);
  // Nobody has moved in: something is to be done, and nothing is broken in ClawCove itself.
  expect(check.exitCode, check.stdout + check.stderr).toBe(1);
  expect(JSON.parse(check.stdout)).toMatchObject({ version: '0.1.0' });
});

test('it opens its window, in Chromium’s sandbox, and no argument opens a way in', async ({
  released,
  freshComputer,
}) => {
  await freshComputer({ keepImages: true });
  const { sealed } = released.old;
  const running = run(sealed, ['--inspect=127.0.0.1:9339'], { NODE_OPTIONS: '--inspect=127.0.0.1:9340' });
  try {
    await expect.poll(titles, { timeout: 120_000 }).toContain('"ClawCove"');
    const [renderer = ''] = await renderers(sealed);
    const { stdout: status } = await execa('cat', [`/proc/${renderer}/status`]);
    // Filtered by seccomp, in namespaces of its own.
    expect(status).toMatch(/^Seccomp:\s+2$/m);
    expect(status).toMatch(/^NSpid:\s+\d+\s+\d+/m);
    const { stdout: listening } = await execa('ss', ['-Hltn']);
    expect(listening).not.toMatch(/127\.0\.0\.1:93(39|40)/);
  } finally {
    await end(sealed);
  }
  expect((await running).stderr).not.toContain('Debugger listening');
});

test('it is no Node', async ({ released }) => {
  const words = ['-e', 'console.log("I am Node " + process.version)'];
  const { stdout, stderr } = await run(released.old.sealed, ['--version', ...words], {
    ELECTRON_RUN_AS_NODE: '1',
  });
  expect(stdout + stderr).not.toContain('I am Node');
  // It has said something, in words of its own: it knows no such option.
  expect(stdout + stderr).toContain('clawcove --help');
});

test('what lies beside the archive is not what runs', async ({ released }) => {
  const { sealed } = released.old;
  const beside = join(dirname(sealed), 'resources/app');
  mkdirSync(beside);
  try {
    writeFileSync(join(beside, 'package.json'), JSON.stringify({ name: 'other', main: 'index.js' }));
    writeFileSync(join(beside, 'index.js'), 'console.log("somebody else"); process.exit(0);');
    const { stdout } = await run(sealed, ['--version']);
    expect(stdout).not.toContain('somebody else');
    expect(stdout).toContain('0.1.0');
  } finally {
    rmSync(beside, { recursive: true });
  }
  expect(existsSync(beside)).toBe(false);
});

test('without Chromium’s sandbox it opens no page, and says why', async ({ released, freshComputer }) => {
  await freshComputer({ keepImages: true });
  const { sealed } = released.old;
  const running = run(sealed, ['--no-sandbox']);
  try {
    // The system's own box; what stands in it stands in the terminal, too.
    await expect.poll(titles, { timeout: 120_000 }).toContain('"Error"');
    expect(await renderers(sealed)).toEqual([]);
  } finally {
    await end(sealed);
  }
  expect((await running).stderr).toContain('lock its window in');
});
