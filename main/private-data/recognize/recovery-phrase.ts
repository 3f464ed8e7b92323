import { mnemonicToEntropy } from '@scure/bip39';
import { hashOn, mayBePhraseWord, phraseLists } from './phrase-words.ts';
import type { Window } from './window.ts';

/** Recovery phrases of wallets (BIP-39): 12 to 24 words of one list, one after the other, with a right checksum. */

const lengths = [12, 15, 18, 21, 24];
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
  readonly kind: 'space' | 'line' | 'list' | 'numbered';
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
  if (/^[\s,;|"'`*>-]*\n[\s|"'`*>-]*$/.test(joint)) return { kind: 'line', number: null };
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

/** Whether a row of words is a phrase, with or without some labels before it; pure. */
function holdsPhrase(words: readonly Word[]): boolean {
  for (let skipped = 0; skipped <= mostLabels; skipped++) {
    if (lengths.includes(words.length - skipped) && isPhrase(ordered(words.slice(skipped)))) return true;
    if (!labels.has(words[skipped]?.text.toLowerCase() ?? '')) return false;
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
    isPhrase: () => words.length >= 12 && words.length <= longestPhrase + mostLabels && holdsPhrase(words),
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

/** Makes what goes through a text's windows, one after the other, and tells when one holds a recovery phrase. */
export function createPhraseFinder(): (window: Window) => boolean {
  /** Words joined in the one way, and all those that are joined in any. */
  const alike = createRow();
  const all = createRow();
  let kind: Joint['kind'] | null = null;
  let last: Word | null = null;
  /** Where the last word ended and where to go on, from the end of the window. */
  let lastEnd = 0;
  let resume = 0;

  return ({ text, from, to }) => {
    let isFound = false;
    let ended = from + lastEnd;
    let at = from + resume;

    const end = () => {
      if (alike.isPhrase() || all.isPhrase()) isFound = true;
      alike.begin(null);
      all.begin(null);
      kind = null;
      last = null;
    };
    const take = (start: number) => {
      const joint = last && jointBetween(text, ended, start);
      if (last && !joint) end();
      const word = { text: text.slice(start, at), number: joint?.number ?? null };
      if (last && joint && joint.kind !== kind) {
        if (alike.isPhrase()) isFound = true;
        alike.begin(last);
        kind = joint.kind;
      }
      alike.add(word);
      all.add(word);
      last = word;
      ended = at;
    };

    while (at < to) {
      const start = at;
      let hash = 0;
      let code = text.charCodeAt(at);
      while (isLetter[code] === 1) {
        hash = hashOn(hash, code);
        code = text.charCodeAt(++at);
      }
      if (at === start) at++;
      else if (mayBePhraseWord(hash) && at - start <= 16) take(start);
      else if (last) end();
    }
    if (to === text.length) end();
    lastEnd = ended - to;
    resume = at - to;
    return isFound;
  };
}
