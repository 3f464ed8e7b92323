import type { Evidence, Finding, Note } from '../contract.ts';
import type { Doors } from '../doors.ts';
import { type AuditFinding, type AuditSeen, auditFixCommand } from '../openclaw/audit.ts';
import { makeHome } from '../openclaw/make.ts';
import { patchConfig } from '../openclaw/patch-config.ts';
import { wakeIfWanted } from '../openclaw/wake.ts';
import { topicOf } from './audit-topics.ts';
import { broken, ok, type Safeguard, saw, unknown } from './safeguard.ts';

const fixTimeout = 180_000;
/** So many are told of one by one. */
const mostTold = 20;

const isCritical = ({ severity }: AuditFinding): boolean => severity === 'critical';

function evidenceOf({ checkId, severity, untrustedTitle }: AuditFinding, at: number): Evidence {
  const code = severity === 'critical' ? 'audit-critical' : 'audit-warning';
  return saw(at, code, { id: checkId, words: untrustedTitle });
}

/** One remark for each thing that warnings are about. */
function notesOf(warnings: readonly AuditFinding[]): Note[] {
  const notes = new Map(
    warnings.map(({ checkId }): [string, Note] => [
      topicOf(checkId),
      { code: topicOf(checkId), facts: { id: checkId } },
    ]),
  );
  return [...notes.values()];
}

/** What OpenClaw's own audit means; pure. */
export function judgeAudit(seen: AuditSeen, at: number): Finding {
  if (seen.is === 'unreadable') return unknown('audit-unreadable');
  const critical = seen.findings.filter(isCritical);
  const warnings = seen.findings.filter((finding) => !isCritical(finding));
  const evidence = [
    saw(at, 'audit-asked', { critical: critical.length, warnings: warnings.length }),
    ...[...critical, ...warnings].slice(0, mostTold).map((finding) => evidenceOf(finding, at)),
  ];
  const [first] = critical;
  if (first)
    return broken('danger', topicOf(first.checkId), evidence, { id: first.checkId, count: critical.length });
  if (seen.isHushed) return broken('attention', 'audit-hushed', evidence);
  return ok(evidence, notesOf(warnings));
}

async function ask({ sandbox, selfAudit }: Doors, signal: AbortSignal): Promise<AuditSeen> {
  const there = await sandbox.inspect(signal);
  return selfAudit.ask(there.is === 'present' ? there.startedAt : null, signal);
}

/** OpenClaw's own safety audit finds nothing that its makers call critical. */
export const openClawAudit: Safeguard = {
  id: 'openclaw-audit',
  guide: ['not-exposed', 'least-privilege', 'trusted-skills'],
  needs: ['gateway-running'],
  patience: 0,
  async check(doors, signal) {
    return judgeAudit(await ask(doors, signal), doors.clock.now());
  },
  async fix(doors, job) {
    job.step('auditing');
    const seen = await ask(doors, job.signal);
    // It only took too long to be waited for.
    if (judgeAudit(seen, 0).is === 'ok') return;
    job.step('mending-audit');
    const { exitCode } = await doors.sandbox.exec('agent', auditFixCommand, {
      timeoutMs: fixTimeout,
      signal: job.signal,
    });
    job.log(`security audit --fix ended with ${exitCode}`);
    if (seen.is === 'seen' && seen.isHushed)
      await patchConfig(doors, job, { security: { audit: { suppressions: null } } }, true);
    await makeHome(doors, job, 'mend');
    await wakeIfWanted(doors, job);
  },
};
