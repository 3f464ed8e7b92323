import * as z from 'zod';
import type { Doors, HttpAnswer, Net } from '../doors.ts';
import { parseJson } from '../parse-json.ts';
import { ProblemError } from '../problem.ts';
import type { ExecResult } from '../sandbox/sandbox.ts';

/** HTTP probes of the gateway answer within this (ms) or count as silent. */
const probeTimeout = 5_000;

/** What the gateway's port answers to somebody without, or with, the token. */
export type GatewayAnswer =
  /** It let us in and said its version. */
  | { readonly is: 'let-in'; readonly version: string }
  | { readonly is: 'turned-away' }
  /** Something answers that isn't an OpenClaw gateway, or says something unforeseen. */
  | { readonly is: 'strange'; readonly status: number }
  | { readonly is: 'silent'; readonly how: 'refused' | 'timed-out' | 'failed' };

const UiConfig = z.object({ serverVersion: z.string().regex(/^[\w.+-]{1,60}$/) });

/** What an answer to the Control UI's own configuration request means; pure. */
export function judgeAnswer(answer: HttpAnswer): GatewayAnswer {
  if (answer.is !== 'answered') return { is: 'silent', how: answer.is };
  if (answer.status === 401 || answer.status === 403) return { is: 'turned-away' };
  if (answer.status !== 200) return { is: 'strange', status: answer.status };
  const parsed = UiConfig.safeParse(parseJson(answer.untrustedBody));
  return parsed.success
    ? { is: 'let-in', version: parsed.data.serverVersion }
    : { is: 'strange', status: 200 };
}

/** What one of OpenClaw's commands prints as JSON, behind any warnings; undefined when there is none. */
export function jsonIn({ untrustedOut }: ExecResult): unknown {
  return parseJson(untrustedOut.slice(untrustedOut.indexOf('{')));
}

/**
 * Knocks at the gateway on 127.0.0.1. With the token a 200 proves token, running
 * version and that it is *our* gateway; without one it must turn us away (a missing
 * token doesn't count towards its lock-out, a wrong one does: OpenClaw's rate limiting).
 */
export async function knock(
  net: Net,
  port: number,
  token: string | null,
  signal: AbortSignal,
): Promise<GatewayAnswer> {
  const headers: Record<string, string> = token ? { authorization: `Bearer ${token}` } : {};
  return judgeAnswer(
    await net.get(`http://127.0.0.1:${port}/__openclaw/control-ui-config.json`, {
      headers,
      timeoutMs: probeTimeout,
      signal,
    }),
  );
}

/** Whether the gateway says that it is ready for work (channels and database included). */
export async function isReady(net: Net, port: number, signal: AbortSignal): Promise<boolean> {
  const answer = await net.get(`http://127.0.0.1:${port}/readyz`, { timeoutMs: probeTimeout, signal });
  return answer.is === 'answered' && answer.status === 200;
}

const Dashboard = z.object({ browserUrl: z.url() });

/**
 * A page address that signs the person's browser in once, good for a short time.
 * OpenClaw makes it inside; only its path and fragment are believed, the address is ours.
 */
export async function signInUrl(doors: Doors, port: number, signal: AbortSignal): Promise<string> {
  const result = await doors.sandbox.exec('agent', ['openclaw', 'dashboard', '--json'], {
    timeoutMs: 60_000,
    signal,
  });
  const parsed = Dashboard.safeParse(jsonIn(result));
  if (result.exitCode !== 0 || !parsed.success) throw new ProblemError('no-sign-in-page');
  const untrusted = new URL(parsed.data.browserUrl);
  const url = new URL(`http://127.0.0.1:${port}/`);
  url.pathname = untrusted.pathname;
  url.search = untrusted.search;
  url.hash = untrusted.hash;
  return url.href;
}
