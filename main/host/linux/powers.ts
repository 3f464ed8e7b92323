import { join } from 'node:path';
import type { PowerState, PowersSeen } from '../../host-powers.ts';
import { namesIn } from '../names-in.ts';

/** As OpenClaw calls its service, and those of its profiles. Source: `OPENCLAW_SYSTEMD_UNIT` in what it installs. */
const nodeUnit = /^openclaw-node(-.+)?\.service$/;

/** What stands in the folder of the person's own services; pure. null: it can't be read. */
export function nodeIn(names: readonly string[] | null): PowerState {
  if (names === null) return { is: 'unreadable', detail: 'systemd/user' };
  return names.some((name) => nodeUnit.test(name))
    ? { is: 'on', by: 'OpenClaw Node', settings: null }
    : { is: 'off' };
}

/**
 * On Linux no system keeps a list of who may see the screen: that is whoever reaches the display, and a home
 * reaches none. What is left is OpenClaw's node mode.
 */
export async function linuxPowers(configFolder: string): Promise<PowersSeen> {
  return {
    accessibility: { is: 'none-here' },
    screen: { is: 'none-here' },
    node: nodeIn(await namesIn(join(configFolder, 'systemd', 'user'))),
  };
}
