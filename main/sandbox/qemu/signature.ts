/**
 * Whether a list of checksums is what its makers signed. By `gpgv`, which does nothing else and by which Debian's
 * own systems decide whom they believe; it comes with every system that installs signed packages.
 */
import { rm, writeFile } from 'node:fs/promises';
import type { Run } from '../../doors.ts';
import { ProblemError } from '../../problem.ts';

/** Who signs, and where the signature lies. */
export interface Signer {
  /** Name of the file with the detached signature, beside the list. */
  readonly file: string;
  /** The public keys that count, as gpg exports them without armor, in base64; shipped, never fetched. */
  readonly keys: string;
}

/**
 * @param scratch a path for files of its own
 * @throws ProblemError `system-unsigned` when it isn't a signature of that list by one of the keys
 */
export async function verifySignature(
  run: Run,
  list: Buffer,
  signature: Buffer,
  signer: Signer,
  scratch: string,
  signal: AbortSignal,
): Promise<void> {
  const [keyring, signatureFile, listFile] = ['keys', 'sign', 'list'].map((end) => `${scratch}.${end}`) as [
    string,
    string,
    string,
  ];
  try {
    await writeFile(keyring, Buffer.from(signer.keys, 'base64'), { mode: 0o600 });
    await writeFile(signatureFile, signature, { mode: 0o600 });
    await writeFile(listFile, list, { mode: 0o600 });
    const outcome = await run({
      file: 'gpgv',
      args: ['--keyring', keyring, '--', signatureFile, listFile],
      timeoutMs: 60_000,
      signal,
    });
    if (outcome.is === 'not-found')
      throw new ProblemError('engine-not-ready', { state: 'absent' }, ['check-now']);
    if (outcome.is !== 'exited' || outcome.code !== 0)
      throw new ProblemError('system-unsigned', {}, ['try-again', 'open-log']);
  } finally {
    await Promise.all([keyring, signatureFile, listFile].map((file) => rm(file, { force: true })));
  }
}
