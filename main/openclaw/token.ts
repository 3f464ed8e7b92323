import { randomBytes } from 'node:crypto';
import type { Doors } from '../doors.ts';

/** 256 bits, so that guessing is hopeless; base64url has no character that needs quoting anywhere. */
const tokenBytes = 32;

/** The token for work on the home, to which one that can't be read is as good as lost: null, too. */
export async function tokenForWork({ vault, log }: Pick<Doors, 'vault' | 'log'>): Promise<string | null> {
  return vault.read('gateway-token').catch((error) => {
    log.error('the token could not be read', error);
    return null;
  });
}

/** The gateway's token, made when there is none yet, and kept where ClawCove and the home can read it. */
export async function ensureToken(doors: Doors, signal: AbortSignal): Promise<string> {
  const known = await tokenForWork(doors);
  if (!known) return renewToken(doors, signal);
  if (!(await doors.sandbox.hasSecret('gateway', signal))) await hand(doors, known, signal);
  return known;
}

/** A new token in place of the old one; a home sees it once it is created anew. */
export async function renewToken(doors: Doors, signal: AbortSignal): Promise<string> {
  const token = randomBytes(tokenBytes).toString('base64url');
  await doors.vault.write('gateway-token', token);
  await hand(doors, token, signal);
  return token;
}

async function hand(doors: Doors, token: string, signal: AbortSignal): Promise<void> {
  await doors.sandbox.keepSecret('gateway', JSON.stringify({ token }), signal);
}
