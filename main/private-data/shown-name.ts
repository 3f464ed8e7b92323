import { plainLine } from '../plain-text.ts';

/** More of a name nobody reads (UTF-16 units). */
const longest = 200;

/**
 * A name that whoever made the file has chosen, as it may be shown: nothing in it is more than a
 * character, and it is bounded. Its end stays: there stand the file's own name and its kind. Pure.
 */
export function shownName(untrusted: string): string {
  const end = untrusted.length <= longest ? untrusted : `…${untrusted.slice(1 - longest)}`;
  return plainLine(end, longest);
}
