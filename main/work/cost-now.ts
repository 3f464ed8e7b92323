import type { Power } from '../doors.ts';

/** Below this share a battery is left to the person: it might not last until the end of an update. */
const lowBattery = 0.3;

/**
 * What something that nobody asked for would cost the person at this moment: the last of their battery,
 * or what a metered connection costs; null: nothing that is known of. Pure.
 */
export function costNow(power: Power, isMetered: boolean | null): 'battery' | 'metered' | null {
  if (power.is === 'battery' && power.share < lowBattery) return 'battery';
  return isMetered === true ? 'metered' : null;
}
