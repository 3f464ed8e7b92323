import systeminformation from 'systeminformation';
import type { Power } from '../doors.ts';

type Battery = Pick<
  Awaited<ReturnType<typeof systeminformation.battery>>,
  'hasBattery' | 'isCharging' | 'acConnected' | 'percent'
>;

/** What this computer runs on now. */
export async function power(): Promise<Power> {
  return powerFrom(await systeminformation.battery());
}

/** What the battery's own words mean; pure. */
export function powerFrom({ hasBattery, isCharging, acConnected, percent }: Battery): Power {
  if (!hasBattery || acConnected || isCharging) return { is: 'mains' };
  // Some say nothing of how full they are.
  return Number.isFinite(percent) && percent > 0
    ? { is: 'battery', share: Math.min(percent, 100) / 100 }
    : { is: 'unknown' };
}
