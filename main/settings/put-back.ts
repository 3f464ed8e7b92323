/** Settings as the person agreed to them, in place of what has become of them. */
import { pathOf, type SettingPath } from './path.ts';

/** Names that no settings can hold. */
const impossible = ['__proto__', 'constructor', 'prototype'];

interface Branch {
  [key: string]: unknown;
}

const isBranch = (value: unknown): value is Branch =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

function valueAt(settings: unknown, path: SettingPath): unknown {
  return path.reduce<unknown>(
    (at, key) => (isBranch(at) && Object.hasOwn(at, key) ? at[key] : undefined),
    settings,
  );
}

/** Sets a value in a patch; what stands in the way is replaced. */
function setAt(patch: Branch, path: SettingPath, value: unknown): void {
  const way = [...path];
  const last = way.pop();
  if (last === undefined) return;
  let at = patch;
  for (const key of way) {
    const next = at[key];
    const inner: Branch = isBranch(next) ? next : {};
    at[key] = inner;
    at = inner;
  }
  // An empty group is what is left when everything in it is taken away.
  if (isBranch(at[last]) && isBranch(value) && Object.keys(value).length === 0) return;
  at[last] = value;
}

/**
 * What turns the changed settings back into the agreed ones, as a patch of `openclaw config patch`: objects are
 * merged, `null` takes a setting away. Pure.
 *
 * @param agreed the settings as the person agreed to them
 * @param changed see `changedBetween`
 */
export function patchBack(agreed: unknown, changed: readonly string[]): object {
  const paths = changed.map(pathOf).filter((path) => !path.some((key) => impossible.includes(key)));
  const patch: Branch = {};
  const isNew = (path: SettingPath) => valueAt(agreed, path) === undefined;
  // What is new goes first, with the whole group that is: one setting may have become a group, or the other way round.
  for (const path of paths.filter(isNew))
    setAt(patch, path.slice(0, 1 + path.findIndex((_, at) => isNew(path.slice(0, at + 1)))), null);
  for (const path of paths.filter((each) => !isNew(each))) setAt(patch, path, valueAt(agreed, path));
  return patch;
}
