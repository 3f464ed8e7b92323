import { mnemonicToEntropy } from '@scure/bip39';
import { hashOn, mayBePhraseWord, phraseLists } from './phrase-words.ts';
import type { Window } from './window.ts';

/** Recovery phrases of wallets (BIP-39): 12 to 24 words of one list, one after the other, with a right checksum. */

const lengths = [12, 15, 18, 21, 24];
const shortestRow = 12;
const longestPhrase = 24;
/** Words of the list that people write before a phrase to say what it is. */
const labels = new Set(['seed', 'phrase', 'word', 'secret', 'wallet', 'backup', 'key']);
const mostLabels = 3;

/** Entropy of the test vectors that every wallet's documentation shows. Source: the vectors of BIP-39's reference implementation. */
const published = new Set([
  '9e885d952ad362caeb4efe34a8e91bd2',
  '6610b25967cdcca9d59875f5cb50b0ea75433311869e930b',
  '68a79eaca2324873eacc50cb9c6eca8cc68ea5d936f98787c60c7ebc74e6ce7c',
  'c0ba5a8e914111210f2bd131f3d5e08d',
  '6d9be1ee6ebd27a258115aad99b7317b9c8d28b6d76431c3',
  '9f6a2878b2520799a44ef18bc7df394e7061a224d2c33cd015b157d746869863',
  '23db8160a31d3e0dca3688ed941adbf3',
  '8197a4a47f0425faeaa69deebc05ca29c0a5b5cc76ceacc0',
  '066dca1a2bb7e8a1db2832148ce9933eea0f3ac9548d793112d9a95c9407efad',
  'f30f8c1da665478f49b001d94c5fc452',
  'c10ec20dc3cd9f652c7fac2f1230f7a3c828389a14392f05',
  'f585c11aec520db57dd353c69554b21a89b20fb0650966fa0a9d6f74fd989d8f',
]);
/** Of Ganache's and ethers' documentation. */
const publishedPhrases = new Set([
  'myth like bonus scare over problem client lizard pioneer submit female collect',
  'announce room limb pattern dry unit scale effort smooth jazz weasel alcohol',
  'candy maple cake sugar pudding cream honey rich smooth crumble sweet treat',
]);

const indexes = phraseLists.map((list) => new Map(list.map((word, index) => [word, index])));

/** Whether these words, in this order, are a phrase that may be somebody's; pure. */
function isPhrase(words: readonly string[]): boolean {
  const phrase = words.map((word) => word.toLowerCase().normalize('NFKD'));
  if (new Set(phrase).size < phrase.length * 0.8 || publishedPhrases.has(phrase.join(' '))) return false;
  return indexes.some((index, at) => {
    const places = phrase.map((word) => index.get(word));
    if (places.includes(undefined)) return false;
    // The list itself, or a part of it.
    if (places.every((place, i) => i === 0 || (place ?? 0) > (places[i - 1] ?? 0))) return false;
    try {
      const entropy = mnemonicToEntropy(phrase.join(' '), [...(phraseLists[at] ?? [])]);
      return new Set(entropy).size >= 8 && !published.has(Buffer.from(entropy).toString('hex'));
    } catch {
      return false;
    }
  });
}

/** How two words are joined, and the number that the second one has in a numbered list. */
interface Joint {
  /** `apart`: an empty line, or one of marks only, lies between. */
  readonly kind: 'space' | 'line' | 'apart' | 'list' | 'numbered';
  readonly number: number | null;
}

const space: Joint = { kind: 'space', number: null };
const longestJoint = 24;

/** What joins two words of a phrase; null: it ends there. Pure. */
function jointBetween(text: string, end: number, start: number): Joint | null {
  if (start - end === 1 && text[end] === ' ') return space;
  if (start - end > longestJoint) return null;
  const joint = text.slice(end, start);
  if (/^[ \t]+$/.test(joint)) return space;
  const number = /^[\s,;|"'`\])*]+[(#[]?(\d{1,2})[\s.):：、|"',\]-]*$/.exec(joint)?.[1];
  if (number !== undefined) return { kind: 'numbered', number: Number(number) };
  if (/^[\s,;|"'`*>-]*\n[\s|"'`*>-]*$/.test(joint)) {
    return { kind: /\n[^\n]*\n/.test(joint) ? 'apart' : 'line', number: null };
  }
  if (/^[ \t"'`|]*[,;、|/-]?[ \t"'`|]*$/.test(joint)) return { kind: 'list', number: null };
  return null;
}

interface Word {
  readonly text: string;
  readonly number: number | null;
}

/** In the order of their numbers, where all but the first have one; else as they are. Pure. */
function ordered(words: readonly Word[]): readonly string[] {
  const rest = words.slice(1);
  const given = new Set(rest.map(({ number }) => number));
  const places = words.map((_, at) => at + 1);
  const missing = places.filter((place) => !given.has(place));
  const as = words.map(({ text }) => text);
  if (missing.length !== 1) return as;
  const byNumber = new Map(rest.map(({ text, number }) => [number, text]));
  return places.map((place) => byNumber.get(place) ?? as[0] ?? '');
}

/** Whether a row of words is a phrase, with or without some others before it; pure. */
function holdsPhrase(words: readonly Word[]): boolean {
  for (let skipped = 0; skipped <= mostLabels; skipped++) {
    if (lengths.includes(words.length - skipped) && isPhrase(ordered(words.slice(skipped)))) return true;
    // One word before may be the text's around; more are only if they say what this is.
    if (skipped > 0 && !labels.has(words[skipped]?.text.toLowerCase() ?? '')) return false;
  }
  return false;
}

/** Words in a row, as many as a phrase with its labels may have; longer ones are none. */
function createRow() {
  let words: Word[] = [];
  return {
    begin: (word: Word | null) => {
      words = word ? [word] : [];
    },
    add: (word: Word) => {
      if (words.length <= longestPhrase + mostLabels) words.push(word);
    },
    isPhrase: () =>
      words.length >= shortestRow && words.length <= longestPhrase + mostLabels && holdsPhrase(words),
  };
}

/** Letters of every script: what words are made of. Digits and punctuation are not. */
const isLetter = new Uint8Array(0x10000);
isLetter.fill(1, 0xc0);
isLetter.fill(0, 0x2000, 0x2070);
isLetter.fill(0, 0x3000, 0x3005);
isLetter.fill(0, 0x3008, 0x3021);
isLetter.fill(0, 0xfe30, 0xfe50);
isLetter.fill(1, 0x41, 0x5b);
isLetter.fill(1, 0x61, 0x7b);
isLetter[0x5f] = 1;
isLetter[0xd7] = 0;
isLetter[0xf7] = 0;
isLetter[0xfeff] = 0;

/** As many letters as the longest word of a list has, accents written apart. */
const longestWord = 16;
/** The shortest phrase: twelve Chinese characters and what lies between them. */
const shortestPhrase = 23;

/** The word around or after a place. */
interface Spot {
  readonly start: number;
  readonly end: number;
  /** Whether it may be a word of a list. */
  readonly isListed: boolean;
}

/** The word that begins at `start`; pure. */
function wordFrom(text: string, start: number): Spot {
  let hash = 0;
  let end = start;
  for (let code = text.charCodeAt(end); isLetter[code] === 1; code = text.charCodeAt(end)) {
    hash = hashOn(hash, code);
    end++;
  }
  return { start, end, isListed: end > start && end - start <= longestWord && mayBePhraseWord(hash) };
}

/** The word that a place lies in; `null` where no word of a list can be. Pure. */
function wordAround(text: string, at: number): Spot | null {
  let start = at;
  while (isLetter[text.charCodeAt(start - 1)] === 1) {
    start--;
    if (at - start > longestWord) return null;
  }
  return wordFrom(text, start);
}

/** The next place with a letter, `limit` at most; pure. */
function nextLetter(text: string, at: number, limit: number): number {
  let next = at;
  while (next < limit && isLetter[text.charCodeAt(next)] !== 1) next++;
  return next;
}

/** Listed words one after the other, whatever joins them. */
interface Stretch {
  readonly start: number;
  readonly end: number;
  readonly words: number;
}

/** The listed words around one of them, from `least` on; pure. */
function stretchAround(text: string, word: Spot, least: number): Stretch {
  let { start, end } = word;
  let words = 1;
  for (;;) {
    let before = start - 1;
    while (before >= least && start - before <= longestJoint && isLetter[text.charCodeAt(before)] !== 1)
      before--;
    if (before < least || isLetter[text.charCodeAt(before)] !== 1) break;
    const former = wordAround(text, before);
    if (!former?.isListed || former.start < least) break;
    start = former.start;
    words++;
  }
  for (;;) {
    const next = wordFrom(text, nextLetter(text, end, end + longestJoint + 1));
    if (!next.isListed) return { start, end, words };
    end = next.end;
    words++;
  }
}

/** Whether other words go right before, in the same line; pure. */
function isRestOfSentence(text: string, start: number): boolean {
  return /[\p{L},;.!?]["')]?[ \t]*$/u.test(text.slice(Math.max(0, start - longestJoint), start));
}

/** A row of listed words from its start: where it ends, and whether it holds a phrase. Pure. */
function readRow(text: string, start: number): { readonly end: number; readonly isPhrase: boolean } {
  /** Words joined in the one way, and all those that are joined in any. */
  const alike = createRow();
  const all = createRow();
  let isPhrase = false;
  let isRest = isRestOfSentence(text, start);
  let kind: Joint['kind'] | null = null;
  let last: Word | null = null;
  let end = start;
  for (let spot = wordFrom(text, start); spot.isListed; ) {
    const joint: Joint | null = last ? jointBetween(text, end, spot.start) : null;
    if (last && !joint) break;
    if (last && joint && joint.kind !== kind) {
      isPhrase ||= alike.isPhrase();
      alike.begin(last);
      kind = joint.kind;
    }
    // What goes on after a line's end may be the text around.
    if (joint?.kind === 'line' || joint?.kind === 'apart') isPhrase ||= all.isPhrase();
    if (joint?.kind === 'apart') all.begin(null);
    // What goes before the first of a numbered list, or ends a sentence in the line before, is none of it.
    if (joint?.number === 1 || (isRest && joint?.kind === 'line')) {
      alike.begin(null);
      all.begin(null);
    }
    if (joint?.kind === 'line') isRest = false;
    const word: Word = { text: text.slice(spot.start, spot.end), number: joint?.number ?? null };
    alike.add(word);
    all.add(word);
    last = word;
    end = spot.end;
    spot = wordFrom(text, nextLetter(text, end, end + longestJoint + 1));
  }
  return { end, isPhrase: isPhrase || alike.isPhrase() || all.isPhrase() };
}

/**
 * Whether a recovery phrase begins in a window; pure. Looks at one word in so many characters as a phrase has at least:
 * where that one is not of a list, no phrase lies around it.
 */
export function hasRecoveryPhrase({ text, from, to }: Window): boolean {
  let done = 0;
  for (let at = from; at < to + shortestPhrase; ) {
    const letter = nextLetter(text, at, at + longestJoint);
    const word = wordAround(text, letter);
    if (!word?.isListed) {
      at = Math.max(at, word ? word.end : letter) + shortestPhrase - 1;
      continue;
    }
    const stretch = stretchAround(text, word, done);
    for (let start = stretch.start; stretch.words >= shortestRow && start < stretch.end; ) {
      const row = readRow(text, start);
      // One that began before is the window's before.
      if (row.isPhrase && start >= from && start < to) return true;
      start = nextLetter(text, row.end, stretch.end);
    }
    done = stretch.end;
    at = Math.max(stretch.end, at + 1);
  }
  return false;
}
