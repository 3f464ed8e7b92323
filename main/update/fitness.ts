/** Whether an OpenClaw that runs is really well, as it says itself. */
import * as z from 'zod';
import type { PutBackCode } from '../contract.ts';
import { auditCommand, auditFrom } from '../openclaw/audit.ts';
import { jsonIn } from '../openclaw/gateway.ts';
import type { ExecResult } from '../sandbox/sandbox.ts';

/** This version does not work here: its own fault as far as can be told, so it isn't tried again. */
export class Unfit extends Error {
  readonly why: PutBackCode;
  constructor(why: PutBackCode) {
    super(`unfit: ${why}`);
    this.name = 'Unfit';
    this.why = why;
  }
}

/** Runs one of OpenClaw's commands where the version under test runs. */
export type Ask = (argv: readonly string[]) => Promise<ExecResult>;

const Health = z.object({ ok: z.literal(true) });

/** Whether its health command, which opens and writes the databases, is content; pure. */
export function saysHealthy(result: ExecResult): boolean {
  return result.exitCode === 0 && Health.safeParse(jsonIn(result)).success;
}

/** Ids of the audit's critical findings; null when it did not answer as one. Pure. */
export function criticalIn(result: ExecResult): string[] | null {
  const audit = auditFrom(result);
  if (audit.is === 'unreadable') return null;
  const critical = audit.findings.filter(({ severity }) => severity === 'critical');
  return [...new Set(critical.map(({ checkId }) => checkId))];
}

/** The critical findings of the audit as it is; none known where it can't be asked. */
export async function knownCritical(ask: Ask): Promise<string[]> {
  return criticalIn(await ask(auditCommand)) ?? [];
}

const healthCommand = ['openclaw', 'health', '--json'];

/**
 * Asks for health and audit.
 *
 * @param known critical findings that were there before: the person's own settings, no reason
 *   to keep them from an update; null: only its health counts
 * @throws Unfit
 */
export async function examine(ask: Ask, known: readonly string[] | null): Promise<void> {
  if (!saysHealthy(await ask(healthCommand))) throw new Unfit('unwell');
  if (known === null) return;
  const critical = criticalIn(await ask(auditCommand));
  if (critical === null || critical.some((id) => !known.includes(id))) throw new Unfit('audit-failed');
}
