/** How Windows is connected. */
import * as z from 'zod';
import type { Run } from '../../doors.ts';
import { ask, type Script } from './powershell.ts';
import type { Programs } from './programs.ts';

export const meteredScript: Script<(number | null)[]> = {
  body: [
    "$information = [Type]::GetType('Windows.Networking.Connectivity.NetworkInformation, Windows.Networking.Connectivity, ContentType=WindowsRuntime')",
    '[int]$information::GetInternetConnectionProfile().GetConnectionCost().NetworkCostType',
  ].join('; '),
  answer: z.array(z.number().nullable()),
};

/** What Windows' own number for costs means; null when it doesn't say. Source: Microsoft, NetworkCostType. Pure. */
export function meteredFrom(cost: number | null | undefined): boolean | null {
  if (cost === 2 || cost === 3) return true;
  return cost === 1 ? false : null;
}

/** Whether the connection costs by the byte; null when Windows doesn't tell. */
export async function isMetered(run: Run, programs: Programs, signal: AbortSignal): Promise<boolean | null> {
  return meteredFrom((await ask(run, programs, meteredScript, { signal }))?.[0]);
}

export const routersScript: Script<(string | null)[]> = {
  body: "Get-NetRoute -DestinationPrefix '0.0.0.0/0' -ErrorAction SilentlyContinue | ForEach-Object { [string]$_.NextHop }",
  answer: z.array(z.string().nullable()),
};

/** IPv4 addresses of routers; a VPN's own way out has none. Pure. */
export function routersFrom(hops: readonly (string | null)[]): string[] {
  return [
    ...new Set(hops.filter((hop) => hop !== null && hop !== '0.0.0.0' && /^\d+(?:\.\d+){3}$/.test(hop))),
  ] as string[];
}

export async function routers(run: Run, programs: Programs, signal: AbortSignal): Promise<string[]> {
  return routersFrom((await ask(run, programs, routersScript, { signal })) ?? []);
}
