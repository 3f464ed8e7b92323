/** How far moments are apart: the distance, not the difference, because a clock may have been set back. */

/** How long ago `at` was, or how far ahead it is (ms); pure. */
export function ago(at: number, now: number): number {
  return Math.abs(now - at);
}

/** Whether less than `ms` lie between `at` and `now` (both ms since 1970); pure. */
export function isNear(at: number, now: number, ms: number): boolean {
  return ago(at, now) < ms;
}
