/** Names under which files are kept, or come beside others. Pure. */
import { nameFromBytes } from '../names.ts';

/** Source: NAME_MAX in limits.h. */
const longestName = 255;

/** What a name must not do on a screen: break lines, turn the direction of what follows, hide. */
const unseen = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** A name that can be shown, for a file of that name. */
export const keptNameFor = (name: Buffer): Buffer => Buffer.from(nameFromBytes(name).replace(unseen, '_'));

/** The n-th name for a file: `taxes (2).pdf`; the first is its own. */
export function numbered(name: Buffer, number: number): Buffer {
  if (number === 1) return name;
  const dot = name.lastIndexOf('.');
  // A dot at the beginning hides a file; it doesn't end its name.
  const cut = dot > 0 && name.length - dot <= 20 ? dot : name.length;
  const end = Buffer.concat([Buffer.from(` (${number})`), name.subarray(cut)]);
  return Buffer.concat([beginning(name.subarray(0, cut), longestName - end.length), end]);
}

/** At most that many bytes, and no character cut in two. */
function beginning(name: Buffer, most: number): Buffer {
  let length = Math.min(name.length, most);
  while (length < name.length && length > 0 && ((name[length] ?? 0) & 0xc0) === 0x80) length -= 1;
  return name.subarray(0, length);
}
