/** How OpenClaw calls what starts it on Windows; pure. Source: openclaw 2026.8.2 and 2026.9.6 (daemon/schtasks), and Clawdbot before it. */
import type { FoundGateway, Profile } from '../../moving-in/found.ts';
import { unnamed } from '../host-openclaw/names.ts';

/** A task of Windows' own scheduler; or, where no task was allowed, a file among what starts at login. */
export interface Starter {
  readonly by: 'task' | 'startup-file';
  readonly name: string;
  /** Whose gateway it starts; several where that one may have changed its name since. */
  readonly profiles: readonly Profile[];
}

const pattern =
  /^(OpenClaw|Clawdbot|Moltbot) Gateway(?: \(([a-z0-9][a-z0-9_-]{0,63})\))?(\.(?:cmd|bat|vbs|lnk))?$/i;

/** What has this name; null: something else's. */
export function starterFrom(name: string): Starter | null {
  const [whole, brand = '', given = unnamed, ending] = pattern.exec(name) ?? [];
  if (whole === undefined) return null;
  const former = `_${brand.toLowerCase()}${given === unnamed ? '' : `-${given}`}`;
  return {
    by: ending === undefined ? 'task' : 'startup-file',
    name,
    profiles: brand.toLowerCase() === 'openclaw' ? [given] : [former, given],
  };
}

const isSame = (one: string, other: string) => one.toLowerCase() === other.toLowerCase();

/** Whether what it starts runs; null: nobody can say. It ends itself as soon as it has started that. */
export function isActiveBy({ profiles }: Starter, gateways: readonly FoundGateway[]): boolean | null {
  const known = gateways.flatMap(({ profile }) => (profile === null ? [] : [profile]));
  if (known.some((each) => profiles.some((profile) => isSame(each, profile)))) return true;
  return known.length === gateways.length ? false : null;
}
