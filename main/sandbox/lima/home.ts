/** Where Lima keeps our machine: short and plain, since names of sockets in there must be. */
import { lstat, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ProblemError } from '../../problem.ts';
import { machineName } from './names.ts';

/** How long a socket's path may be (bytes), its final zero apart. Source: macOS's sys/un.h. */
const maxSocketPath = 103;
/** The longest name of a socket in there: ssh appends a dot and 16 digits while it makes one. Source: Lima. */
const longestSocket = `${machineName}/ssh.sock.${'0'.repeat(16)}`;

/**
 * LIMA_HOME of a person; pure. In their home folder, unless that is too long for a socket or has a
 * character in its name that ssh or Lima would read as something else.
 *
 * @param home the person's home folder
 * @param uid the person's number, for where everybody's folders are side by side
 */
export function limaHomeFor(home: string, uid: number): string {
  const usual = join(home, '.clawcove');
  const isPlain = /^\/[\w./-]+$/.test(usual);
  const fits = Buffer.byteLength(join(usual, longestSocket)) <= maxSocketPath;
  return isPlain && fits ? usual : `/Users/Shared/.clawcove-${uid}`;
}

/**
 * Makes it, for this person alone.
 *
 * @throws ProblemError `machine-folder-not-ours` when somebody else has made something there
 */
export async function makeLimaHome(folder: string, uid: number): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  // What lies among everybody's folders may be anybody's, or a link to somewhere else.
  const found = await lstat(folder);
  if (!found.isDirectory() || found.uid !== uid || (found.mode & 0o077) !== 0)
    throw new ProblemError('machine-folder-not-ours', { path: folder }, ['try-again', 'open-log']);
}
