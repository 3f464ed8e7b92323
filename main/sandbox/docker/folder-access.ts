/**
 * The shared folder on this computer: whoever the agent is here has to be let in, next to the person.
 *
 * Rootless Podman makes the two one user; Docker can't. Where their numbers differ (on a rootful Docker, for
 * everybody but the user 1000; on a rootless one, always), access control lists let the agent's number in:
 * into this folder and what comes to lie in it, and the person into what the agent makes. They are the person's
 * own to set, so that nobody's leave is needed. Mind that on a rootful Docker the agent's number may be
 * another person's of this computer, who is let in with it as far as the folders above allow.
 */
import type { Outcome, Run } from '../../doors.ts';
import { ProblemError } from '../../problem.ts';

const timeoutMs = 60_000;
/** A folder with everything in it (ms). */
const changeTimeout = 600_000;

/** Who is who on this computer. */
export interface Sharing {
  readonly person: number;
  readonly agent: number;
}

/** @throws ProblemError `folder-not-shareable` */
export async function shareFolder(
  run: Run,
  path: string,
  { person, agent }: Sharing,
  signal: AbortSignal,
): Promise<void> {
  if (person === agent) return;
  const args = ['--absolute-names', '--omit-header', '--numeric', '--', path];
  const now = mustWork(await run({ file: 'getfacl', args, timeoutMs, signal }), path);
  const lines = now.split('\n').map((line) => line.split('\t')[0]);
  if (
    [`user:${agent}:rwx`, `default:user:${agent}:rwx`, `default:user:${person}:rwx`].every((line) =>
      lines.includes(line),
    )
  )
    return;
  const entries = `u:${agent}:rwX,d:u:${agent}:rwX,d:u:${person}:rwX`;
  await change(run, path, ['--modify', entries], signal);
}

/** Takes the agent's right away again; a folder that is gone is fine. */
export async function unshareFolder(
  run: Run,
  path: string,
  { person, agent }: Sharing,
  signal: AbortSignal,
): Promise<void> {
  if (person === agent) return;
  const entries = `u:${agent},d:u:${agent},d:u:${person}`;
  await change(run, path, ['--remove', entries], signal).catch((error: unknown) => {
    if (!(error instanceof ProblemError)) throw error;
  });
}

async function change(run: Run, path: string, how: readonly string[], signal: AbortSignal): Promise<void> {
  // Never through a link: it may lead anywhere.
  const args = ['--recursive', '--physical', ...how, '--', path];
  mustWork(await run({ file: 'setfacl', args, timeoutMs: changeTimeout, signal }), path);
}

function mustWork(outcome: Outcome, path: string): string {
  if (outcome.is === 'exited' && outcome.code === 0) return outcome.stdout;
  const detail =
    outcome.is === 'exited' ? outcome.stderr.slice(0, 300) : outcome.is === 'not-found' ? 'acl' : outcome.is;
  throw new ProblemError('folder-not-shareable', { path, detail }, ['choose-folder', 'open-log']);
}
