import type { PrivateKind } from '../found.ts';
import { hasJoinedApiKey, isApiKey } from './api-key.ts';
import { hasKeyBlock, isKeyWord } from './private-key.ts';
import { isEscapeLetter, type Window } from './window.ts';

/** Keys are longer than ordinary words, and shorter than data: the shortest, Aliyun's and Amazon's, and Atlassian's. */
const shortest = 16;
const longest = 400;

/** Which codes make up the words that keys are: letters, digits, `_` and `-`. */
const isInToken = new Uint8Array(128);
for (const character of 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-') {
  isInToken[character.charCodeAt(0)] = 1;
}

/** Adds the kinds of keys that a window holds: `private-key`, `api-key`. */
export function findKeys({ text, from, to }: Window, found: Set<PrivateKind>): void {
  if (!found.has('private-key') && hasKeyBlock(text, from, to)) found.add('private-key');
  if (!found.has('api-key') && hasJoinedApiKey(text, from, to)) found.add('api-key');
  let done = 0;
  // A word that is long enough lies over one place in so many.
  for (let at = from; at < to + shortest; at += shortest) {
    if (isInToken[text.charCodeAt(at)] !== 1) continue;
    let start = at;
    while (start > done && isInToken[text.charCodeAt(start - 1)] === 1) start--;
    let end = at + 1;
    while (isInToken[text.charCodeAt(end)] === 1) end++;
    done = end;
    at = end;
    if (end - start < shortest || end - start > longest || start >= to) continue;
    if (isEscapeLetter(text, start)) start++;
    if (!found.has('api-key') && isApiKey(text, start, end)) found.add('api-key');
    if (!found.has('private-key') && isKeyWord(text, start, end)) found.add('private-key');
  }
}
