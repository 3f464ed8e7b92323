import * as z from 'zod';
import { parseJson } from '../parse-json.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';

/** A Node of its own is started for it: 2 s on a quick computer. */
const timeoutMs = 30_000;
const maxBytes = 64 * 1024;

/**
 * What OpenClaw says about ending it now. This question changes nothing; its successor, the
 * suspension, would close the gateway's door for as long as we think. Recorded on 2026.7.35
 * and 2026.9.6, at rest and in the middle of an agent's turn.
 */
const argv = ['openclaw', 'gateway', 'call', 'gateway.restart.preflight', '--json'] as const;

const Preflight = z.object({ safe: z.boolean() });

/** What OpenClaw is doing: `unknown` when it can't be asked, or says something unforeseen. */
export type AgentWork = 'idle' | 'busy' | 'unknown';

/** Asks the running OpenClaw whether its agent is at work. */
export async function askAgentWork(sandbox: Sandbox, signal: AbortSignal): Promise<AgentWork> {
  const { exitCode, untrustedOut } = await sandbox.exec('agent', argv, { timeoutMs, maxBytes, signal });
  return exitCode === 0 ? agentWorkFrom(untrustedOut) : 'unknown';
}

/** Pure. */
export function agentWorkFrom(untrusted: string): AgentWork {
  // Warnings may stand before the answer.
  const answer = Preflight.safeParse(parseJson(untrusted.slice(untrusted.indexOf('{')))).data;
  if (!answer) return 'unknown';
  return answer.safe ? 'idle' : 'busy';
}
