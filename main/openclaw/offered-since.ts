/**
 * Since when a version has been on offer (ms since 1970), by what was remembered of the look before.
 * What is remembered stays while the newest is the same, unless it is still to come: then the clock was
 * set back, and it counts from now. Pure.
 */
export function offeredSince(
  before: { readonly newest: string | null; readonly since: number | null } | null,
  newest: string | null,
  now: number,
): number {
  const known = before?.newest === newest ? before.since : null;
  return known !== null && known <= now ? known : now;
}
