import { join } from 'node:path';
import * as z from 'zod';
import type { Outcome, Run } from '../../doors.ts';
import type { PowerState, PowersSeen, SettingsPage } from '../../host-powers.ts';
import { exists } from '../files.ts';
import { namesIn } from '../names-in.ts';

const timeoutMs = 5_000;

/**
 * Where macOS keeps who may work other programs and see the screen: both are the whole computer's, not one
 * person's. Readable with Full Disk Access only, which ClawCove doesn't ask for.
 */
const grants = '/Library/Application Support/com.apple.TCC/TCC.db';
const accessibility = 'kTCCServiceAccessibility';
const screen = 'kTCCServiceScreenCapture';
const question = `SELECT service, client FROM access WHERE service IN ('${accessibility}', '${screen}') AND auth_value = 2`;

/** Its makers' companion and the other programs they sign. Source: docs.openclaw.ai, "macOS permissions". */
const isOpenClaw = (client: string): boolean => client.startsWith('ai.openclaw.');
const app = 'OpenClaw.app';
/** Its label, and those of profiles. Source: the plist that `openclaw node install` writes. */
const nodeLabel = /^ai\.openclaw\.node([.-].+)?$/;

const Granted = z.array(z.object({ service: z.string(), client: z.string() })).max(1000);

/** What was found on this Mac. */
export interface MacFound {
  /** Whether the companion lies where programs lie. */
  readonly hasApp: boolean;
  /** Names in the person's folder of agents that start at login; null: unreadable. */
  readonly agents: readonly string[] | null;
  /** What `launchctl list` answered. */
  readonly loaded: Outcome;
  /** What the list of grants answered. */
  readonly granted: Outcome;
  /** What `ps` says of running programs. */
  readonly running: Outcome;
}

const detailOf = (outcome: Outcome): string =>
  outcome.is === 'exited' ? outcome.stderr.trim().slice(0, 200) || `${outcome.code}` : outcome.is;

/** The grants of OpenClaw's programs; null: they can't be read. */
function grantsIn(outcome: Outcome): readonly z.infer<typeof Granted>[number][] | null {
  if (outcome.is !== 'exited' || outcome.code !== 0 || outcome.truncated) return null;
  // sqlite3 prints nothing at all where it found nothing.
  if (outcome.stdout.trim() === '') return [];
  try {
    return Granted.parse(JSON.parse(outcome.stdout)).filter(({ client }) => isOpenClaw(client));
  } catch {
    return null;
  }
}

function nodeOf({ agents, loaded, running }: MacFound): PowerState {
  const isSetUp = agents?.some((name) => nodeLabel.test(name.replace(/\.plist$/, '')));
  if (isSetUp) return { is: 'on', by: 'OpenClaw Node', settings: 'login-items' };
  const listed = loaded.is === 'exited' && loaded.code === 0 && !loaded.truncated ? loaded.stdout : null;
  if (listed?.split('\n').some((line) => nodeLabel.test(line.split('\t')[2] ?? '')))
    return { is: 'on', by: 'OpenClaw Node', settings: 'login-items' };
  // The companion offers this Mac to its gateway for as long as it runs.
  const programs =
    running.is === 'exited' && running.code === 0 && !running.truncated ? running.stdout : null;
  if (programs?.split('\n').some((line) => line.trim().endsWith(`/${app}/Contents/MacOS/OpenClaw`)))
    return { is: 'on', by: app, settings: null };
  if (agents === null) return { is: 'unreadable', detail: 'LaunchAgents' };
  if (listed === null) return { is: 'unreadable', detail: detailOf(loaded) };
  return programs === null ? { is: 'unreadable', detail: detailOf(running) } : { is: 'off' };
}

/** What was found means this; pure. A grant to a program that isn't there is nobody's. */
export function macPowersFrom(found: MacFound): PowersSeen {
  const node = nodeOf(found);
  const granted = grantsIn(found.granted);
  const isThere = found.hasApp || node.is === 'on';
  const state = (service: string, settings: SettingsPage): PowerState => {
    if (granted?.some((grant) => grant.service === service)) return { is: 'on', by: app, settings };
    if (granted !== null || !isThere) return { is: 'off' };
    return { is: 'unreadable', detail: detailOf(found.granted) };
  };
  return {
    accessibility: state(accessibility, 'accessibility'),
    screen: state(screen, 'screen-recording'),
    node,
  };
}

/** Looks on a Mac; nothing is changed, and nothing asked of the person. */
export async function macPowers(run: Run, home: string, signal: AbortSignal): Promise<PowersSeen> {
  const ask = (file: string, ...args: string[]) => run({ file, args, timeoutMs, signal });
  const [hasApp, hasOwnApp, agents, loaded, granted, running] = await Promise.all([
    exists(join('/Applications', app)),
    exists(join(home, 'Applications', app)),
    namesIn(join(home, 'Library', 'LaunchAgents')),
    ask('/bin/launchctl', 'list'),
    ask('/usr/bin/sqlite3', '-readonly', '-json', grants, question),
    ask('/bin/ps', '-axo', 'comm='),
  ]);
  return macPowersFrom({ hasApp: hasApp || hasOwnApp, agents, loaded, granted, running });
}
