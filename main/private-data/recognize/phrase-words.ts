import { wordlist as czech } from '@scure/bip39/wordlists/czech.js';
import { wordlist as english } from '@scure/bip39/wordlists/english.js';
import { wordlist as french } from '@scure/bip39/wordlists/french.js';
import { wordlist as italian } from '@scure/bip39/wordlists/italian.js';
import { wordlist as japanese } from '@scure/bip39/wordlists/japanese.js';
import { wordlist as korean } from '@scure/bip39/wordlists/korean.js';
import { wordlist as portuguese } from '@scure/bip39/wordlists/portuguese.js';
import { wordlist as simplifiedChinese } from '@scure/bip39/wordlists/simplified-chinese.js';
import { wordlist as spanish } from '@scure/bip39/wordlists/spanish.js';
import { wordlist as traditionalChinese } from '@scure/bip39/wordlists/traditional-chinese.js';

/** The words that recovery phrases are made of (BIP-39), and a quick way to tell most other words from them. */

/** The ten official lists, of 2048 words each, in NFKD. */
export const phraseLists: readonly (readonly string[])[] = [
  english,
  simplifiedChinese,
  traditionalChinese,
  japanese,
  korean,
  spanish,
  french,
  italian,
  portuguese,
  czech,
].map((list) => list.map((word) => word.normalize('NFKD')));

/** Goes on with the hash of a word by one character more; start with 0. Capital letters count as small ones. */
export function hashOn(hash: number, code: number): number {
  const isCapital = (code >= 65 && code <= 90) || (code >= 0xc0 && code <= 0xde);
  return (Math.imul(hash, 31) + (isCapital ? code | 32 : code)) | 0;
}

const bits = 21;
const hashes = new Uint8Array(1 << (bits - 3));

/** The slot of a hash, its bits spread. */
function slotOf(hash: number): number {
  return Math.imul(hash, 0x9e3779b1) >>> (32 - bits);
}

for (const word of phraseLists.flat()) {
  for (const form of [word, word.normalize('NFC')]) {
    let hash = 0;
    for (let at = 0; at < form.length; at++) hash = hashOn(hash, form.charCodeAt(at));
    const slot = slotOf(hash);
    hashes[slot >> 3] = (hashes[slot >> 3] ?? 0) | (1 << (slot & 7));
  }
}

/** Whether a word with this hash may be of a list: always for those that are, for one in sixty of the others. Pure. */
export function mayBePhraseWord(hash: number): boolean {
  const slot = slotOf(hash);
  return ((hashes[slot >> 3] ?? 0) & (1 << (slot & 7))) !== 0;
}
