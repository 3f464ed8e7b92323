/** The security fixes of a machine's own system; see assets/guest/fixes.sh. */
import { plainLine } from '../../plain-text.ts';
import { ProblemError } from '../../problem.ts';
import type { OwnSystem, Report } from '../sandbox.ts';
import type { Guest } from './machine.ts';
import { tool } from './system.ts';

const timeoutMs = 30_000;
/** Months of fixes over a slow line (ms). */
const fixTimeout = 3_600_000;

/** Reads what the script says; pure. Null when it isn't what it would say. */
export function ownSystemFrom(untrustedLines: string): Extract<OwnSystem, { is: 'seen' }> | null {
  const said = new Map(
    untrustedLines.split('\n').map((line) => {
      const [, name = '', value = ''] = /^(\S+) ?(.*)$/.exec(line) ?? [];
      return [name, value] as const;
    }),
  );
  const moment = (name: string) => {
    const text = said.get(name) ?? '';
    return /^\d{1,11}$/.test(text) ? Number(text) * 1000 : null;
  };
  const upSince = moment('up');
  const automatic = said.get('automatic');
  if (upSince === null || automatic === undefined) return null;
  return {
    is: 'seen',
    untrustedName: plainLine(said.get('name') ?? '', 100),
    isAutomatic: automatic === 'yes',
    askedAt: moment('asked'),
    fixedAt: moment('fixed'),
    restartSince: moment('restart'),
    upSince,
  };
}

export async function lookAtOwnSystem(guest: Guest, signal: AbortSignal): Promise<OwnSystem> {
  const { exitCode, untrustedOut, untrustedErr } = await guest.run(tool('fixes', 'look'), {
    timeoutMs,
    maxBytes: 10_000,
    signal,
  });
  const seen = exitCode === 0 ? ownSystemFrom(untrustedOut) : null;
  return seen ?? { is: 'unreadable', detail: plainLine(untrustedErr, 200) };
}

/** @throws ProblemError `system-not-fixed` when it could not get them */
export async function fixNow(guest: Guest, { signal, log }: Report): Promise<void> {
  const { exitCode, untrustedErr } = await guest.run(tool('fixes', 'now'), { timeoutMs: fixTimeout, signal });
  if (exitCode === 0) return;
  log(`the home's own system got no fixes: ${plainLine(untrustedErr, 300)}`);
  throw new ProblemError('system-not-fixed', {}, ['try-again', 'open-log']);
}
