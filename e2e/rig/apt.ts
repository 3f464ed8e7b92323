import { existsSync, readdirSync } from 'node:fs';
import { execa } from 'execa';
import { isRoot } from './settings.ts';

/** Which of these Debian packages are not installed. */
async function missingPackages(names: readonly string[]): Promise<string[]> {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: dpkg-query's own placeholders
  const format = '${Package} ${db:Status-Status}\\n';
  const { stdout } = await execa('dpkg-query', ['-W', '-f', format, ...names], { reject: false });
  const installed = new Set(
    stdout
      .split('\n')
      .filter((line) => line.endsWith(' installed'))
      .map((line) => line.split(' ')[0]),
  );
  return names.filter((name) => !installed.has(name));
}

const aptGet = (args: readonly string[]) =>
  execa('apt-get', ['-o', 'DPkg::Lock::Timeout=300', ...args], {
    env: { DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' },
    stdin: 'ignore',
    all: true,
  });

const listsFolder = '/var/lib/apt/lists';
const hasLists = () =>
  existsSync(listsFolder) &&
  readdirSync(listsFolder).some((name) => name.endsWith('Packages') || name.includes('Packages.'));

/**
 * Installs the Debian packages that are missing.
 * @returns the names that it installed
 * @throws Error with the command to run, where the rig is not root
 */
export async function ensurePackages(names: readonly string[]): Promise<string[]> {
  const missing = await missingPackages(names);
  if (missing.length === 0) return [];
  const install = ['install', '-y', '--no-install-recommends', ...missing];
  if (!isRoot) throw new Error(`Packages are missing. Run: sudo apt-get ${install.join(' ')}`);
  if (!hasLists()) await aptGet(['update']);
  try {
    await aptGet(install);
  } catch {
    // Old lists name files that the mirror no longer has.
    await aptGet(['update']);
    await aptGet(install);
  }
  return missing;
}

/** Takes Debian packages away, with their configuration (root only). */
export async function removePackages(names: readonly string[]): Promise<void> {
  await aptGet(['purge', '-y', ...names]);
}

export interface DebianSource {
  uri: string;
  suite: string;
}

/**
 * The Debian archives that this machine's apt reads, with the release itself first. Source: apt-get(8),
 * indextargets.
 * @throws Error on a system that isn't Debian
 */
export async function debianSources(): Promise<DebianSource[]> {
  if (!hasLists()) await aptGet(['update']);
  const { stdout } = await execa('apt-get', [
    'indextargets',
    '--format',
    '$(ORIGIN) $(REPO_URI) $(CODENAME)',
    'Created-By: Packages',
  ]);
  const lines = [...new Set(stdout.split('\n'))].filter((line) => line.startsWith('Debian '));
  const sources = lines.map((line) => {
    const [, uri = '', suite = ''] = line.split(' ');
    return { uri, suite };
  });
  if (sources.length === 0)
    throw new Error('The rig builds its images from Debian, and apt knows no Debian archive here.');
  return sources.sort((a, b) => Number(a.suite.includes('-')) - Number(b.suite.includes('-')));
}
