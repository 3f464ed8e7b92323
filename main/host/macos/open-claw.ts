/** An OpenClaw that lives on the Mac itself, by every name that its makers have given it. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Run } from '../../doors.ts';
import { exists } from '../files.ts';

const timeoutMs = 5_000;

/** A trace of it. */
export type Trace =
  /** An agent of launchd's that starts it; null: nobody tells whether it is loaded now. */
  | { readonly is: 'service'; readonly label: string; readonly isLoaded: boolean | null }
  | { readonly is: 'app'; readonly path: string }
  | { readonly is: 'program'; readonly path: string }
  /** Its memories and settings. */
  | { readonly is: 'state'; readonly path: string };

/** `ai.openclaw.gateway`, `ai.openclaw.<profile>`; Clawdbot and Moltbot are what it was called before. */
const label = /^(?:ai\.openclaw|(?:com|bot|ai)\.(?:clawdbot|moltbot))(?:\.[\w-]+)+$/;
const stateFolder = /^\.(?:openclaw|clawdbot|moltbot)(?:-[\w-]+)?$/;
const appNames = ['OpenClaw.app', 'Clawdbot.app', 'Moltbot.app'];
const programNames = ['openclaw', 'clawdbot', 'moltbot'];

/**
 * The folders in which package managers put its program; pure. An app that the Finder started has none of
 * them in its PATH.
 *
 * @param nodeVersions folders of nvm's and fnm's, one for each Node
 */
export function programFolders(home: string, nodeVersions: readonly string[]): string[] {
  const own = [
    '.openclaw/bin',
    '.local/bin',
    '.npm-global/bin',
    '.volta/bin',
    '.bun/bin',
    'Library/pnpm',
    'Library/pnpm/bin',
  ];
  return ['/opt/homebrew/bin', '/usr/local/bin', ...own.map((folder) => join(home, folder)), ...nodeVersions];
}

/** Labels of agents by the names of their files; pure. */
export function labelsFrom(files: readonly string[]): string[] {
  return files
    .filter((file) => file.endsWith('.plist'))
    .map((file) => file.slice(0, -'.plist'.length))
    .filter((name) => label.test(name));
}

/** What `launchctl print` ends with where it knows no such agent. Source: launchctl(1), `launchctl error 113`. */
const unknownToLaunchd = 113;

async function isLoaded(run: Run, uid: number, name: string, signal: AbortSignal): Promise<boolean | null> {
  const args = ['print', `gui/${uid}/${name}`];
  const answer = await run({ file: '/bin/launchctl', args, timeoutMs, maxBytes: 64 * 1024, signal });
  if (answer.is !== 'exited') return null;
  if (answer.code === 0) return true;
  return answer.code === unknownToLaunchd ? false : null;
}

async function versionsOfNode(home: string): Promise<string[]> {
  const nvm = join(home, '.nvm', 'versions', 'node');
  const fnm = join(home, 'Library', 'Application Support', 'fnm', 'node-versions');
  const names = (folder: string) => readdir(folder).catch(() => []);
  return [
    ...(await names(nvm)).map((name) => join(nvm, name, 'bin')),
    ...(await names(fnm)).map((name) => join(fnm, name, 'installation', 'bin')),
  ];
}

/** Looks for it; reads nothing of what is in it. */
export async function findOpenClaw(
  {
    run,
    home,
    uid,
    applications = '/Applications',
  }: { run: Run; home: string; uid: number; applications?: string },
  signal: AbortSignal,
): Promise<Trace[]> {
  const agents = labelsFrom(await readdir(join(home, 'Library', 'LaunchAgents')).catch(() => []));
  // Its usual one may be loaded although its file is gone.
  const labels = [...new Set(['ai.openclaw.gateway', ...agents])];
  const loaded = await Promise.all(
    labels.map(async (name) => ({
      is: 'service' as const,
      label: name,
      isLoaded: await isLoaded(run, uid, name, signal),
    })),
  );
  const apps = [applications, join(home, 'Applications')].flatMap((folder) =>
    appNames.map((name) => join(folder, name)),
  );
  const programs = programFolders(home, await versionsOfNode(home)).flatMap((folder) =>
    programNames.map((name) => join(folder, name)),
  );
  const states = (await readdir(home).catch(() => [])).filter((name) => stateFolder.test(name));
  const there = async <T extends 'app' | 'program'>(is: T, paths: readonly string[]) => {
    const found = await Promise.all(paths.map(async (path) => ((await exists(path)) ? [{ is, path }] : [])));
    return found.flat();
  };
  return [
    ...loaded.filter(({ label: name, isLoaded: is }) => is === true || agents.includes(name)),
    ...(await there('app', apps)),
    ...(await there('program', programs)),
    ...states.map((name) => ({ is: 'state' as const, path: join(home, name) })),
  ];
}
