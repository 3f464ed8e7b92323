import { createHash } from 'node:crypto';
import { bech32, createBase58check } from '@scure/base';
import { looksDrawn } from './randomness.ts';

/** Keys that sign or decrypt for whoever has them: in PEM and its kin, and those of wallets. */

const base58check = createBase58check((bytes: Uint8Array) => createHash('sha256').update(bytes).digest());

/** What decodes, or null where the checksum is wrong. */
function decoded(decode: () => Uint8Array): Uint8Array | null {
  try {
    return decode();
  } catch {
    return null;
  }
}

/** Keys that books and test networks use all have few different bytes, or are very small numbers. */
function isDrawnSecret(secret: Uint8Array): boolean {
  return new Set(secret).size > 10 && secret.subarray(0, 8).some((byte) => byte !== 0);
}

/** From documentation of Bitcoin, Hardhat and Ganache, which everybody has. */
const published = new Set([
  '5HueCGU8rMjxEXxiPuD5BDku4MkFqeZyd4dZ1jvhTVqvbTLvyTJ',
  '5Kb8kLf9zgWQnogidDA76MzPL6TsZZY36hWXMssSzNydYXYB9KF',
  'L1aW4aubDFB7yfras2S1mN3bqg9nwySY8nkoLmJebSLD5BWv3ENZ',
  'ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80',
  '59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d',
  '4f3edf983ac636a65a842ce7c78d9aa706d3b113bce9c46f30d7d21715b23b1d',
]);

function isWalletImport(word: string): boolean {
  const bytes = decoded(() => base58check.decode(word));
  if (bytes?.[0] !== 0x80) return false;
  const isShape = bytes.length === 33 || (bytes.length === 34 && bytes[33] === 1);
  return isShape && isDrawnSecret(bytes.subarray(1, 33)) && !published.has(word);
}

/** BIP-32, and SLIP-132's yprv and zprv; the first byte of the key is a zero. */
function isExtended(word: string): boolean {
  const bytes = decoded(() => base58check.decode(word));
  return bytes?.length === 78 && bytes[45] === 0 && isDrawnSecret(bytes.subarray(46));
}

function isBech32(word: string): boolean {
  const bytes = decoded(() => bech32.decodeToBytes(word.toLowerCase()).bytes);
  return bytes?.length === 32 && isDrawnSecret(bytes);
}

const keyLabel =
  /private[ _-]?keys?|priv[ _-]?key|secret[ _-]?key|signing[ _-]?key|私钥|私鑰|密钥|(?:eth|wallet)[ _-]?key/i;
/** Nothing else may be named between the label and the key. */
const otherLabel = /public|hash|address|sha-?256|digest|checksum|公钥|公鑰/i;

function isLabelledHex(text: string, start: number, hex: string): boolean {
  const before = text.slice(Math.max(0, start - 60), start);
  const label = keyLabel.exec(before);
  return (
    label !== null &&
    !otherLabel.test(before.slice(label.index)) &&
    !published.has(hex.toLowerCase()) &&
    looksDrawn(hex.toLowerCase())
  );
}

/**
 * Whether a word of letters, digits, `_` and `-` is a key of a wallet, of age or of Nostr; pure.
 * @param text what it stands in, from `start` to `end`
 */
export function isKeyWord(text: string, start: number, end: number): boolean {
  const length = end - start;
  if (length !== 51 && length !== 52 && (length < 63 || length > 111)) return false;
  const word = text.slice(start, end);
  if (/^(?:5[1-9A-HJ-NP-Za-km-z]{50}|[KL][1-9A-HJ-NP-Za-km-z]{51})$/.test(word)) return isWalletImport(word);
  if (length === 111 && /^[xyz]prv[1-9A-HJ-NP-Za-km-z]+$/.test(word)) return isExtended(word);
  if (/^nsec1[a-z0-9]{58}$/.test(word) || /^AGE-SECRET-KEY-1[A-Z0-9]{58}$/.test(word)) return isBech32(word);
  const hex = /^(?:0x)?([0-9a-fA-F]{64})$/.exec(word)?.[1];
  return hex !== undefined && isLabelledHex(text, start, hex);
}

const blockStart =
  /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----|---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----/y;
/** A line end, or one that is written as an escape. */
const lineEnd = /(?:\\+[nr]|[\s"'`,+|>#*])+/y;
const headerLine = /[A-Z][A-Za-z0-9-]{2,30}: [^\n\\]{0,120}/y;
const encodedLine = /[A-Za-z0-9+/=]{16,}/y;

/** Whether what comes after the first line of a block is a key and no hint at one (`MIIE...`). */
function isBlockBody(text: string, start: number): boolean {
  let at = start;
  let encoded = '';
  const take = (shape: RegExp) => {
    shape.lastIndex = at;
    const taken = shape.exec(text)?.[0];
    if (taken !== undefined) at += taken.length;
    return taken;
  };
  while (encoded.length < 128) {
    take(lineEnd);
    if (encoded === '' && take(headerLine) !== undefined) continue;
    const line = take(encodedLine);
    if (line === undefined) break;
    encoded += line;
  }
  const isCut = text.startsWith('..', at) || text.startsWith('…', at);
  return !isCut && encoded.length >= 60 && new Set(encoded).size >= 16;
}

const putty = /PuTTY-User-Key-File-[123]: \S+\s+Encryption: /y;
const wireGuard = /PrivateKey\s{0,4}=\s{0,4}([A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=)/y;

const marks: readonly (readonly [mark: string, isKey: (text: string, at: number) => boolean])[] = [
  [
    '-- BEGIN SSH2 ENCRYPTED PRIVATE',
    (text, at) => {
      blockStart.lastIndex = at - 2;
      return blockStart.test(text) && isBlockBody(text, blockStart.lastIndex);
    },
  ],
  [
    '-----BEGIN ',
    (text, at) => {
      blockStart.lastIndex = at;
      return blockStart.test(text) && isBlockBody(text, blockStart.lastIndex);
    },
  ],
  [
    'PuTTY-User-Key-File-',
    (text, at) => {
      putty.lastIndex = at;
      return putty.test(text);
    },
  ],
  [
    'PrivateKey',
    (text, at) => {
      wireGuard.lastIndex = at;
      return looksDrawn(wireGuard.exec(text)?.[1] ?? '');
    },
  ],
];

/** Whether a key in PEM, PGP's armour, PuTTY's or WireGuard's form begins in [`from`, `to`); pure but for the expressions' places. */
export function hasKeyBlock(text: string, from: number, to: number): boolean {
  return marks.some(([mark, isKey]) => {
    for (let at = text.indexOf(mark, from); at !== -1 && at < to; at = text.indexOf(mark, at + 1)) {
      if (isKey(text, at)) return true;
    }
    return false;
  });
}
