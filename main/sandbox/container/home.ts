/** The home among an engine's containers: whose it is, whether it rests, and who holds its port. */
import type { Clock, HostComputer } from '../../doors.ts';
import { ProblemError } from '../../problem.ts';
import type { Report } from '../sandbox.ts';
import { type Cli, mustSucceed } from './call.ts';
import type { Container } from './inspection.ts';
import { homeName } from './names.ts';

const timeoutMs = 60_000;

/** Our home, or the problem that there is none of ours. */
export function mustBeOurs<C extends Container>(there: C | null): C {
  if (!there) throw new ProblemError('home-not-there', {}, ['check-now']);
  if (!there.isOurs) throw new ProblemError('home-not-ours', { name: there.name }, ['check-now']);
  return there;
}

/** @throws ProblemError `home-is-running` */
export function mustRest(there: Container | null): void {
  if (there?.isOurs && there.inspection.state === 'running')
    throw new ProblemError('home-is-running', {}, ['try-again']);
}

/** Somebody else's container with our name: renamed and stopped, with everything in it. */
export async function setAside(
  cli: Cli,
  there: Container,
  report: Report,
  clock: Clock,
  stop: () => Promise<void>,
): Promise<void> {
  const name = `${homeName}-not-ours-${clock.now()}`;
  report.log(`"${homeName}" was not made by ClawCove; it is kept as "${name}"`);
  await stop();
  await mustSucceed(cli(['rename', '--', there.id, name], { timeoutMs, signal: report.signal }));
}

/**
 * What is wrong when somebody else has the port; null: it is something else.
 *
 * @param stderr of the engine's `start`
 */
export async function portProblem(
  stderr: string,
  port: number | undefined,
  portHolder: HostComputer['portHolder'],
  signal: AbortSignal,
): Promise<ProblemError | null> {
  if (port === undefined || !/address already in use|port is already allocated/i.test(stderr)) return null;
  const holder = await portHolder(port, signal);
  return new ProblemError('port-taken', { port, program: holder?.program ?? '?' }, ['try-again']);
}

/** What is wrong when the shared folder is not there; null: it is something else. */
export function folderProblem(stderr: string, path: string): ProblemError | null {
  const isFolders =
    path !== '' && stderr.includes(path) && /no such file or directory|does not exist/i.test(stderr);
  return isFolders ? new ProblemError('shared-folder-gone', { path }, ['choose-folder']) : null;
}
