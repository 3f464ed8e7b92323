import { isKnownSafe } from '../openclaw/advisories.ts';
import { isOlder } from '../openclaw/versions.ts';
import type { Note } from './catalogue.ts';

/**
 * With which OpenClaw a backup is brought back: its own, because the state is as that one left it.
 * But a file from elsewhere, which anybody may have made, brings no version with known holes back
 * into this home while a newer one runs here: that one takes the state over, as it would in an update.
 * Pure.
 *
 * @param running the version that the home is made from; null: there is none
 */
export function carrierOf({ why, version }: Pick<Note, 'why' | 'version'>, running: string | null): string {
  if (why !== 'elsewhere' || running === null || isKnownSafe(version)) return version;
  return isOlder(version, running) ? running : version;
}
