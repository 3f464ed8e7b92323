import type { PrivateKind } from '../found.ts';

/** What files are by their name and their first bytes, where no text says it. */

/** Bytes as characters of one byte each, so that they can be compared and searched as text. */
function latin(head: Uint8Array): string {
  return Buffer.from(head.buffer, head.byteOffset, head.byteLength).toString('latin1');
}

interface Der {
  /** Where the content begins, and its length (bytes). */
  readonly at: number;
  readonly length: number;
}

/** The header of an ASN.1 value in DER with this tag, or null; pure. */
function derAt(head: string, at: number, tag: number): Der | null {
  if (head.charCodeAt(at) !== tag) return null;
  const first = head.charCodeAt(at + 1);
  if (first < 0x80) return { at: at + 2, length: first };
  const count = first - 0x80;
  if (count < 1 || count > 4 || at + 2 + count > head.length) return null;
  let length = 0;
  for (let i = 0; i < count; i++) length = length * 256 + head.charCodeAt(at + 2 + i);
  return { at: at + 2 + count, length };
}

const sequence = 0x30;
const integer = 0x02;

const keyAlgorithms = [
  '\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01', // RSA
  '\x06\x07\x2a\x86\x48\xce\x3d\x02\x01', // EC
  '\x06\x07\x2a\x86\x48\xce\x38\x04\x01', // DSA
  '\x06\x03\x2b\x65', // X25519, X448, Ed25519, Ed448
  '\x06\x08\x2a\x81\x1c\xcf\x55\x01\x82\x2d', // SM2
];
const passwordBased = '\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x05';

/** Whether a file is nothing but a private key in DER: PKCS#8, PKCS#1, SEC 1. Sure, because the lengths must fit. */
function isDerKey(head: string, bytes: number): boolean {
  const whole = derAt(head, 0, sequence);
  if (!whole || whole.at + whole.length !== bytes) return false;
  const inner = head.slice(whole.at);
  if (inner.startsWith('\x02\x01\x00')) {
    const algorithm = derAt(inner, 3, sequence);
    if (algorithm) return keyAlgorithms.some((known) => inner.startsWith(known, algorithm.at));
    const modulus = derAt(inner, 3, integer);
    if (!modulus || modulus.length < 64) return false;
    // The public exponent 65537 or 3 follows, which a public key has at its end.
    const exponent = derAt(inner, modulus.at + modulus.length, integer);
    return exponent !== null && exponent.length <= 4 && exponent.length > 0;
  }
  if (inner.startsWith('\x02\x01\x01\x04')) {
    const secret = derAt(inner, 3, 0x04);
    return (
      secret !== null && [32, 48, 66].includes(secret.length) && inner[secret.at + secret.length] === '\xa0'
    );
  }
  const algorithm = derAt(inner, 0, sequence);
  return (
    algorithm !== null &&
    inner.startsWith(passwordBased, algorithm.at) &&
    inner.charCodeAt(algorithm.at + algorithm.length) === 4
  );
}

/** PKCS#12: a sequence, in DER or of indefinite length, that begins with version 3 and holds PKCS#7 data. */
function isKeyBundle(head: string): boolean {
  const start = head.startsWith('\x30\x80') ? 2 : derAt(head, 0, sequence)?.at;
  return (
    start !== undefined &&
    head.startsWith('\x02\x01\x03\x30', start) &&
    head.slice(start, start + 24).includes('\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07')
  );
}

/** An OpenPGP secret key packet (RFC 9580: tag 5) of version 3 to 6 with a known algorithm. */
function isSecretKeyring(head: string): boolean {
  const first = head.charCodeAt(0);
  const lengthBytes = new Map([
    [0x94, 1],
    [0x95, 2],
    [0x96, 4],
  ]).get(first);
  const second = head.charCodeAt(1);
  const newLength = second < 192 ? 1 : second < 224 ? 2 : 5;
  const start = first === 0xc5 ? 1 + newLength : lengthBytes === undefined ? null : 1 + lengthBytes;
  if (start === null) return false;
  const version = head.charCodeAt(start);
  const algorithm = head.charCodeAt(start + 5);
  return [4, 5, 6].includes(version) && [1, 2, 3, 16, 17, 18, 19, 22, 25, 26, 27, 28].includes(algorithm);
}

const sqlite = 'SQLite format 3\0';
/** Berkeley DB's magic numbers of b-trees, in both byte orders, at offset 12. */
const berkeley = ['\x62\x31\x05\x00', '\x00\x05\x31\x62'];

interface Look {
  readonly name: string;
  readonly folders: readonly string[];
  readonly head: string;
  readonly bytes: number;
}

const privateKeyFiles: readonly ((look: Look) => boolean)[] = [
  ({ head, bytes }) => isDerKey(head, bytes),
  ({ name, head }) => /\.(?:p12|pfx|pkcs12)$/.test(name) && (isKeyBundle(head) || head.startsWith('\x30')),
  ({ head }) => isKeyBundle(head),
  // Java's JKS and JCEKS
  ({ head, bytes }) =>
    ['\xfe\xed\xfe\xed', '\xce\xce\xce\xce'].includes(head.slice(0, 4)) &&
    ['\0\0\0\x01', '\0\0\0\x02'].includes(head.slice(4, 8)) &&
    bytes > 32,
  ({ name, head }) =>
    /^wallet.*\.dat$/.test(name) && (berkeley.includes(head.slice(12, 16)) || head.startsWith(sqlite)),
  // Ethereum's keystore (Web3 Secret Storage)
  ({ head }) =>
    /"crypto"\s*:/i.test(head) && /"ciphertext"\s*:\s*"[0-9a-f]{32,}"/i.test(head) && /"kdf"\s*:/.test(head),
  // Electrum, plain or locked
  ({ head }) => /"wallet_type"\s*:/.test(head) && /"(?:seed_version|keystore|xprv|seed)"\s*:/.test(head),
  ({ head }) => /^QklFM[A-Za-z0-9+/]{60}/.test(head),
  // GnuPG
  ({ head }) => /^(?:Key: )?\((?:\d+:)?(?:protected-|shadowed-)?private-key/m.test(head.slice(0, 2000)),
  ({ name, head }) => /\.(?:gpg|pgp|key|sec|skr|bin)$/.test(name) && isSecretKeyring(head),
];

const passwordFiles: readonly ((look: Look) => boolean)[] = [
  // KeePass 1, 2 before its release, 2
  ({ head }) =>
    head.startsWith('\x03\xd9\xa2\x9a') &&
    ['\x65\xfb\x4b\xb5', '\x66\xfb\x4b\xb5', '\x67\xfb\x4b\xb5'].includes(head.slice(4, 8)),
  // Password Safe, KDE's and GNOME's own, macOS's
  ({ head }) => head.startsWith('PWS3'),
  ({ head }) => head.startsWith('KWALLET\n\r\0\r\n'),
  ({ head }) => head.startsWith('GnomeKeyring\n\r\0\n'),
  ({ name, head }) =>
    /\.keychain-db$|^login\.keychain$|^keychain-2.*\.db$/.test(name) &&
    (head.startsWith('kych') || head.startsWith(sqlite)),
  // 1Password
  ({ name, head }) => name.endsWith('.1pux') && head.startsWith('PK\x03\x04'),
  ({ folders, name, bytes }) =>
    bytes > 0 &&
    folders.some((folder) => /\.(?:opvault|agilekeychain)$/.test(folder)) &&
    /^(?:band_[0-9a-f]|profile|encryptionkeys|contents)\.js$|\.1password$|^1password\.keys$/.test(name),
  // Browsers' own stores
  ({ name, head }) => /^login data(?: for account)?$/.test(name) && head.startsWith(sqlite),
  ({ name, head }) =>
    /^key[34]\.db$/.test(name) && (head.startsWith(sqlite) || head.startsWith('\0\x06\x15\x61')),
  ({ name, head }) =>
    name === 'logins.json' && /"logins"\s*:\s*\[\s*\{/.test(head) && head.includes('"encryptedPassword"'),
  // Enpass, Bitwarden's application, its exports under a password
  ({ name, head, bytes }) =>
    (/\.enpassdb$/.test(name) || name === 'walletx.db') && bytes >= 1024 && !head.startsWith(sqlite),
  ({ head }) =>
    /"encrypted"\s*:\s*true/.test(head) &&
    /"(?:encKeyValidation_DO_NOT_EDIT|passwordProtected)"\s*:/.test(head),
  // Of programs for the command line
  ({ name, head }) =>
    /^[._]netrc$/.test(name) &&
    /(?:^|\s)(?:machine\s+\S+|default)\s[\s\S]*?password\s+\S/.test(uncommented(head)),
  ({ name, head }) =>
    /^\.?pgpass(?:\.conf)?$/.test(name) && /^(?:(?:\\.|[^:\\\n])*:){4}[^\n]+/m.test(uncommented(head)),
  ({ name, head }) => name === '.git-credentials' && /^https?:\/\/[^:/\s]+:[^@/\s]+@/m.test(head),
];

function uncommented(head: string): string {
  return head.replaceAll(/^[ \t]*#.*$/gm, '');
}

/**
 * What a file is by its name and how it begins: stores and exports of passwords, files of keys that are no text; pure.
 * @param name with or without the folders that it is in, with `/`
 * @param head its first bytes, 4 KiB at most
 * @param bytes how long it is
 */
export function recognizeFile(name: string, head: Uint8Array, bytes: number): readonly PrivateKind[] {
  const parts = name.toLowerCase().split(/[/\\]/);
  const look: Look = { name: parts.at(-1) ?? '', folders: parts.slice(0, -1), head: latin(head), bytes };
  const kinds: PrivateKind[] = [];
  if (privateKeyFiles.some((isOne) => isOne(look))) kinds.push('private-key');
  if (passwordFiles.some((isOne) => isOne(look))) kinds.push('password-export');
  return kinds;
}
