/**
 * One file that carries a backup to another computer. Three parts, one after the other:
 *
 * 1. the line `ClawCove backup 1`
 * 2. a line of JSON, the {@link Label}
 * 3. the archive (tar), to the end of the file
 *
 * So it can be opened without ClawCove, too: `tail -n +3 FILE | tar --list`. It is not a tar
 * around a tar: there is nothing in it that has a name or a kind, and so nothing to be tricked with.
 */
import * as z from 'zod';
import { Channel, ModelChoice } from '../contract.ts';
import { isOnChannel } from '../openclaw/versions.ts';
import type { Note } from './catalogue.ts';

export const fileEnding = '.clawcove';

const kind = 'ClawCove backup ';
const form = 1;
/** More than any label has (bytes). */
export const longestHead = 8192;
/** The last moment that JavaScript knows (ms since 1970). */
const endOfTime = 8.64e15;
const TiB = 1024 ** 4;

/**
 * What such a file says of its archive: untrusted, whoever made it. No image is named: which bytes
 * are OpenClaw's is for this computer's own image source to say, not for a file.
 */
export const Label = z.strictObject({
  /** When the state was saved (ms since 1970). */
  at: z.int().min(0).max(endOfTime),
  version: z.string().refine((version) => Channel.options.some((channel) => isOnChannel(channel, version))),
  bytes: z.int().min(1).max(TiB),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  model: ModelChoice.nullable(),
});
export type Label = z.infer<typeof Label>;

/** What is written on a backup that leaves this computer; pure. Throws where nobody could bring it in again. */
export function labelOf({ at, version, bytes, sha256, model }: Note): Label {
  return Label.parse({ at, version, bytes, sha256, model });
}

/** The two lines before the archive; pure. */
export function headFor(label: Label): string {
  return `${kind}${form}\n${JSON.stringify(label)}\n`;
}

export type Head =
  /** `bytes`: where the archive begins. */
  | { readonly is: 'read'; readonly label: Label; readonly bytes: number }
  | { readonly is: 'none' | 'newer' | 'damaged' };

/** Reads the head out of the first bytes of a file; pure. */
export function headIn(beginning: Buffer): Head {
  const first = beginning.indexOf('\n');
  const line = beginning.toString('utf8', 0, Math.max(0, first));
  if (!line.startsWith(kind)) return { is: 'none' };
  if (line !== `${kind}${form}`) return { is: /^\d{1,6}$/.test(line.slice(kind.length)) ? 'newer' : 'none' };
  const second = beginning.indexOf('\n', first + 1);
  if (second < 0) return { is: 'damaged' };
  try {
    const label = Label.parse(JSON.parse(beginning.toString('utf8', first + 1, second)));
    return { is: 'read', label, bytes: second + 1 };
  } catch {
    return { is: 'damaged' };
  }
}
