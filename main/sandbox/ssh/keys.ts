/** A machine's own keys: one by which it is known, one that opens it. */
import { readFile, rm } from 'node:fs/promises';
import type { Run } from '../../doors.ts';
import { ProblemError } from '../../problem.ts';

export interface Key {
  readonly file: string;
  /** In OpenSSH's own words, with a line end. */
  readonly secret: string;
  readonly publicKey: string;
}

/**
 * Makes a key for this person's eyes only, in place of one that was there. By ssh-keygen, which comes with the
 * ssh that has to read it: what Node writes for this kind of key, OpenSSH reads only from 9.6 on.
 */
export async function makeKey(run: Run, file: string, signal: AbortSignal): Promise<Key> {
  await Promise.all([rm(file, { force: true }), rm(`${file}.pub`, { force: true })]);
  const outcome = await run({
    file: 'ssh-keygen',
    args: ['-q', '-t', 'ed25519', '-N', '', '-C', 'clawcove', '-f', file],
    timeoutMs: 30_000,
    signal,
  });
  if (outcome.is !== 'exited' || outcome.code !== 0)
    throw new ProblemError('engine-failed', { detail: 'ssh-keygen' }, ['try-again', 'open-log']);
  const [secret, publicKey] = await Promise.all([readFile(file, 'utf8'), readFile(`${file}.pub`, 'utf8')]);
  return { file, secret, publicKey };
}
