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
  let at = from;
  // A word that began before is the window's before.
  if (at > 0) while (at < to && isInToken[text.charCodeAt(at - 1)] && isInToken[text.charCodeAt(at)]) at++;
  while (at < to) {
    if (!isInToken[text.charCodeAt(at)]) {
      at++;
      continue;
    }
    let start = at;
    while (isInToken[text.charCodeAt(at)]) at++;
    if (at - start < shortest || at - start > longest) continue;
    if (isEscapeLetter(text, start)) start++;
    if (!found.has('api-key') && isApiKey(text, start, at)) found.add('api-key');
    if (!found.has('private-key') && isKeyWord(text, start, at)) found.add('private-key');
  }
}
