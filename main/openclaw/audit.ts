/** OpenClaw's own look at its safety: `openclaw security audit`. */
import * as z from 'zod';
import type { Clock } from '../doors.ts';
import type { ExecResult, Sandbox } from '../sandbox/sandbox.ts';
import { jsonIn } from './gateway.ts';
import { plainName } from './skills.ts';

export const auditCommand = ['openclaw', 'security', 'audit', '--json'] as const;
/** Mends what it can without a person: modes of files, and groups that anybody may speak in. */
export const auditFixCommand = ['openclaw', 'security', 'audit', '--fix', '--json'] as const;

/** It starts a Node of its own and looks at many files: 7 s on a quick computer (ms). */
const auditTimeout = 120_000;
const markTimeout = 10_000;
/** What only files tell that nobody watches is found after this (ms) at the latest. */
const goodFor = 6 * 3_600_000;

/** One of the audit's findings. */
export interface AuditFinding {
  /** Its makers' name for it, e.g. `gateway.bind_no_auth`. */
  readonly checkId: string;
  readonly severity: 'critical' | 'warn';
  /** Its own title: bounded, plain, not to be believed. */
  readonly untrustedTitle: string;
}

/** What the audit says; `unreadable`: it did not answer as one. What is only for information is left out. */
export type AuditSeen =
  | { readonly is: 'unreadable' }
  | { readonly is: 'seen'; readonly findings: readonly AuditFinding[]; readonly isHushed: boolean };

const Audit = z.object({
  findings: z
    .array(
      z.object({
        checkId: z.string().max(200),
        severity: z.string(),
        title: z.string().max(10_000).catch(''),
      }),
    )
    .max(10_000),
});

/** Says that somebody has told it to leave findings out. */
const hushedId = 'security.audit.suppressions.active';
/** What can't be an id of theirs is not shown as one. */
const saneId = /^[\w.<>@/:-]{1,120}$/;

/** What the audit printed; pure. */
export function auditFrom(result: ExecResult): AuditSeen {
  const audit = result.truncated ? null : Audit.safeParse(jsonIn(result));
  if (!audit?.success) return { is: 'unreadable' };
  const findings = audit.data.findings.flatMap(({ checkId, severity, title }): AuditFinding[] => {
    if (severity !== 'critical' && severity !== 'warn') return [];
    const id = saneId.test(checkId) ? checkId : '?';
    return [{ checkId: id, severity, untrustedTitle: plainName(title) }];
  });
  return { is: 'seen', findings, isHushed: audit.data.findings.some(({ checkId }) => checkId === hushedId) };
}

/** The audit, which costs seconds of processor: an answer is kept while nothing changed that it looks at. */
export interface SelfAudit {
  /**
   * What the running OpenClaw says. Who stops waiting stops nobody else: the answer is there for
   * whoever asks next.
   *
   * @param startedAt when the home was started (ms since 1970): another start, another answer
   */
  ask(startedAt: number | null, signal: AbortSignal): Promise<AuditSeen>;
}

/** Constant. The settings, and who may read and write where they and everything else lie. */
const markCommand =
  'find "$1" -maxdepth 1 -printf "%y %m %f\\n" | grep "^d\\|openclaw.json$" | sort; sha256sum < "$1/openclaw.json"';

/** An answer must not be kept for a mark that marks nothing: it ends with the hash of the settings. */
const isMark = (untrusted: string): boolean => /(?:^|\n)[0-9a-f]{64} {2}-\n$/.test(untrusted);
const markBytes = 256 * 1024;

interface Asked {
  readonly mark: string;
  readonly at: number;
  readonly answer: Promise<AuditSeen>;
}

/** @see SelfAudit */
export function createSelfAudit({ sandbox, clock }: { sandbox: Sandbox; clock: Clock }): SelfAudit {
  let last: Asked | null = null;

  async function audit(): Promise<AuditSeen> {
    const signal = new AbortController().signal;
    return auditFrom(await sandbox.exec('agent', auditCommand, { timeoutMs: auditTimeout, signal }));
  }

  /** A failure, and what can't be read, is asked for again. */
  function askAnew(mark: string): Asked {
    const asked: Asked = { mark, at: clock.monotonic(), answer: audit() };
    const forget = () => {
      if (last === asked) last = null;
    };
    asked.answer.then((seen) => seen.is === 'unreadable' && forget(), forget);
    return asked;
  }

  return {
    async ask(startedAt, signal) {
      const argv = ['sh', '-c', markCommand, 'sh', sandbox.inside.state];
      const { exitCode, untrustedOut, truncated } = await sandbox.exec('agent', argv, {
        timeoutMs: markTimeout,
        maxBytes: markBytes,
        signal,
      });
      if (exitCode !== 0 || truncated || !isMark(untrustedOut)) return { is: 'unreadable' };
      const mark = `${startedAt}\n${untrustedOut}`;
      const isGood = last?.mark === mark && clock.monotonic() - last.at < goodFor;
      if (!last || !isGood) last = askAnew(mark);
      return Promise.race([last.answer, gaveUp(signal)]);
    },
  };
}

function gaveUp(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const end = () => reject(signal.reason);
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
  });
}
