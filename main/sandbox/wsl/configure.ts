/** Tells the distribution what it may see of Windows, and makes sure that it heeds that. */
import { ProblemError } from '../../problem.ts';
import type { ExecResult } from '../sandbox.ts';
import type { Wsl } from './call.ts';
import { runInside } from './guest.ts';
import {
  type Breach,
  breachesIn,
  type Lockdown,
  lockdownFrom,
  lookAtLockdown,
  type Wanted,
} from './lockdown.ts';

const timeoutMs = 60_000;

/**
 * Writes standard input to a file in one move, as it is to be read by everybody; constant: the path comes as an
 * argument. Works while nothing of Windows is mounted, and while programs of Windows can't be started.
 */
export const writeScript =
  'set -e; umask 022; mkdir -p "$(dirname "$1")"; cat > "$1.new"; chmod 644 "$1.new"; mv -T -- "$1.new" "$1"; sync';

/** What is not mounted must not be writable by anybody: files would land in the home's own disk, unseen outside. */
export const targetScript = 'mkdir -p -- "$1" && { mountpoint -q -- "$1" || chmod 555 -- "$1"; }';

/** @throws ProblemError `engine-failed` with the last that was said */
function mustDo({ exitCode, untrustedErr }: ExecResult, what: string): void {
  if (exitCode === 0) return;
  const said = untrustedErr.trim().split('\n').at(-1)?.slice(0, 200) ?? '';
  throw new ProblemError('engine-failed', { detail: `${what}: ${said}` }, ['try-again', 'open-log']);
}

async function writeInside(wsl: Wsl, path: string, text: string, signal: AbortSignal): Promise<void> {
  const argv = ['/bin/sh', '-c', writeScript, 'write', path];
  mustDo(await runInside(wsl, argv, { input: text, timeoutMs, signal }), path);
}

/** Writes down what it may see of Windows; that counts from its next start on. */
export async function writeSettings(wsl: Wsl, wanted: Wanted, signal: AbortSignal): Promise<void> {
  await writeInside(wsl, '/etc/wsl.conf', wanted.wslConf, signal);
  await writeInside(wsl, '/etc/fstab', wanted.fstab, signal);
}

/** Writes down all that it is to heed. */
export async function configure(
  wsl: Wsl,
  wanted: Wanted,
  certificates: string | null,
  signal: AbortSignal,
): Promise<void> {
  await writeSettings(wsl, wanted, signal);
  mustDo(
    await runInside(wsl, ['/bin/sh', '-c', targetScript, 'target', wanted.sharedInside], {
      timeoutMs,
      signal,
    }),
    wanted.sharedInside,
  );
  const trusted = '/usr/local/share/ca-certificates/clawcove.crt';
  if (certificates === null)
    mustDo(await runInside(wsl, ['/bin/rm', '-f', '--', trusted], { timeoutMs, signal }), trusted);
  else await writeInside(wsl, trusted, certificates, signal);
  mustDo(
    await runInside(wsl, ['/usr/sbin/update-ca-certificates', '--fresh'], { timeoutMs, signal }),
    'certificates',
  );
}

/** What is seen from inside; wakes it. */
export async function lookInside(wsl: Wsl, signal: AbortSignal): Promise<Lockdown | null> {
  return lockdownFrom(await runInside(wsl, lookAtLockdown, { timeoutMs, signal }));
}

/**
 * What of it isn't as told. Right after a start the shared folder may not be there yet, systemd neither: they are
 * waited for a little.
 */
export async function breaches(
  wsl: Wsl,
  wanted: Wanted,
  wait: () => Promise<void>,
  signal: AbortSignal,
): Promise<Breach[]> {
  const passing: readonly Breach[] = ['folder-not-seen', 'no-systemd'];
  let found: Breach[] = ['no-systemd'];
  for (let attempt = 1; attempt <= 5; attempt++) {
    const seen = await lookInside(wsl, signal);
    found = seen ? breachesIn(seen, wanted) : ['no-systemd'];
    if (!found.some((breach) => passing.includes(breach)) || attempt === 5) break;
    await wait();
  }
  return found;
}

/** What a person is told of what isn't as told. */
export function breachProblem(found: readonly Breach[], sharedFolder: string): ProblemError {
  // The home is locked and only lacks its folder.
  if (found.every((breach) => breach === 'folder-not-seen'))
    return new ProblemError('shared-folder-not-seen', { path: sharedFolder }, ['try-again', 'choose-folder']);
  return new ProblemError('home-not-locked', { detail: found.join(', ') }, ['try-again', 'open-log']);
}
