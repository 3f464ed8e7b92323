import { type PrivateKind, privateKinds } from '../found.ts';
import { findNumbers } from './numbers.ts';
import { hasPassport } from './passport.ts';
import { hasPasswordExport } from './password-export.ts';
import { hasRecoveryPhrase } from './recovery-phrase.ts';
import { findKeys } from './tokens.ts';
import { unified, type Window } from './window.ts';

/** Characters that are looked at in one go; before and after it as many more as a find and its surroundings may need. */
const stride = 32 * 1024;
const behind = 512;
const ahead = 4 * 1024;

/** As much of a text's beginning as may be headings (lines, characters). */
const headingLines = 3;
const headingCharacters = 600;

/**
 * Looks for private data in a text that comes in chunks of any size, cut anywhere: what it answers depends on the
 * whole text only. Costs time linear in the text's length, whatever it says, and memory for some chunks.
 */
export function createRecognizer(): { take(chunk: string): void; end(): readonly PrivateKind[] } {
  const now = new Date();
  const found = new Set<PrivateKind>();
  let pending = '';
  let from = 0;
  let headings: string | null = null;

  const look = (to: number) => {
    const text = unified(pending.slice(0, to + ahead));
    headings ??= text.slice(0, headingCharacters).split('\n').slice(0, headingLines).join('\n');
    const window: Window = { text, from, to, headings };
    findNumbers(window, now, found);
    findKeys(window, found);
    if (!found.has('passport') && hasPassport(window)) found.add('passport');
    if (!found.has('recovery-phrase') && hasRecoveryPhrase(window)) found.add('recovery-phrase');
    if (!found.has('password-export') && hasPasswordExport(window)) found.add('password-export');
  };

  return {
    take(chunk) {
      pending += chunk;
      while (pending.length >= from + stride + ahead) {
        look(from + stride);
        const kept = from + stride - behind;
        pending = pending.slice(kept);
        from = behind;
      }
    },
    end() {
      look(pending.length);
      return privateKinds.filter((kind) => found.has(kind));
    },
  };
}
