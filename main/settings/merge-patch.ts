const isBranch = (value: unknown): value is object =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

/** A merge patch carried out, as `openclaw config patch` does it; pure. Source: RFC 7396. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isBranch(patch)) return patch;
  const result = new Map<string, unknown>(isBranch(target) ? Object.entries(target) : []);
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) result.delete(key);
    else result.set(key, mergePatch(result.get(key), value));
  }
  return Object.fromEntries(result);
}
