/** How OpenClaw calls what launchd starts for it; pure. Source: openclaw 2026.8.2 and 2026.9.6 (daemon/constants), and Moltbot and Clawdbot before it. */
import { parse } from 'plist';
import * as z from 'zod';

/** Its gateways; or its app for the menu bar, which sets a gateway up again as long as it runs. */
export type AgentKind = 'gateway' | 'app';

/** A `<profile>` may be anything; what these are is known without looking. */
const gateway = /^(?:ai\.openclaw|com\.openclaw|bot\.molt|com\.clawdbot|com\.steipete\.clawdbot)\.gateway$/;
const app = /^(?:ai\.openclaw|com\.openclaw|bot\.molt|com\.clawdbot)\.mac$/;
/** The others of its makers' own, which start no gateway. */
const others = /^ai\.openclaw\.(?:node|ssh-tunnel|update|manual-update)$/;
const named = /^(?:ai\.openclaw|com\.openclaw|bot\.molt|com\.clawdbot)\.[a-z0-9][a-z0-9_-]{0,63}$/i;

/** What a label is; `perhaps-gateway` where only its words tell whether it is that of a profile; null: nothing of its. */
export function kindOf(label: string): AgentKind | 'perhaps-gateway' | null {
  if (gateway.test(label)) return 'gateway';
  if (app.test(label)) return 'app';
  return named.test(label) && !others.test(label) ? 'perhaps-gateway' : null;
}

/** The labels of agents by the names of their files. */
export const labelsFrom = (files: readonly string[]): string[] =>
  files.flatMap((name) => /^(.+)\.plist$/i.exec(name)?.[1] ?? []);

const Words = z.object({
  ProgramArguments: z.array(z.string()).default([]),
  EnvironmentVariables: z.record(z.string(), z.unknown()).default({}),
  RunAtLoad: z.boolean().default(false),
  KeepAlive: z.union([z.boolean(), z.record(z.string(), z.unknown())]).default(false),
});

export interface AgentWords {
  readonly startsGateway: boolean;
  readonly startsByItself: boolean;
}

/** What the file of an agent says; null: it is none that launchd would understand, or not its XML. */
export function agentFrom(text: string): AgentWords | null {
  // The reader would complain aloud of what is none at all.
  if (!text.includes('<plist')) return null;
  try {
    const { ProgramArguments, EnvironmentVariables, RunAtLoad, KeepAlive } = Words.parse(parse(text));
    return {
      startsGateway:
        ProgramArguments.includes('gateway') || EnvironmentVariables.OPENCLAW_SERVICE_KIND === 'gateway',
      startsByItself: RunAtLoad || KeepAlive !== false,
    };
  } catch {
    return null;
  }
}
