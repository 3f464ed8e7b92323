/** CA certificates that somebody added to a Mac. */
import { rootCertificates } from 'node:tls';
import type { Run } from '../../doors.ts';
import { certificatesToCarry } from '../certificates.ts';

/** Where an administrator or a company's management puts them; Apple's own are elsewhere. */
const keychain = '/Library/Keychains/System.keychain';
const maxBytes = 2 * 1024 * 1024;

/**
 * Gathers them as PEM; null when there are none to carry. The person's own keychain is left out: whatever
 * runs as this person can put certificates there.
 */
export async function extraCertificates(run: Run, now: number, signal: AbortSignal): Promise<string | null> {
  const args = ['find-certificate', '-a', '-p', keychain];
  const answer = await run({ file: '/usr/bin/security', args, timeoutMs: 10_000, maxBytes, signal });
  return answer.is === 'exited' && answer.code === 0
    ? certificatesToCarry([answer.stdout], rootCertificates, now)
    : null;
}
