/** What something is, by its first bytes. Pure. */
import { type Encoding, encodingOf } from './encoding.ts';

export type Form =
  | { readonly is: 'text'; readonly encoding: Encoding }
  | { readonly is: 'zip' | 'gzip' | 'tar' | 'pdf' }
  /** Something that may hold text and that we have no reader for, or that is locked. */
  | { readonly is: 'closed' }
  /** Old Office documents, and new ones with a password: what stands in them as it is can be found. */
  | { readonly is: 'old-office' }
  /** A picture, a program, a film: nothing that has text to be read. */
  | { readonly is: 'other' };

const latin = (head: Buffer, at: number, text: string) =>
  head.toString('latin1', at, at + text.length) === text;

/** First bytes of archives that we can't read: 7z, RAR, xz, bzip2, zstd, LZ4, cabinets, LZMA's lzip. */
const closed = [
  '7z\xbc\xaf\x27\x1c',
  'Rar!\x1a\x07',
  '\xfd7zXZ\x00',
  'BZh',
  '\x28\xb5\x2f\xfd',
  '\x04\x22\x4d\x18',
  'MSCF',
  'LZIP',
];
/** A zip's first file, or its end when it has none; of one in several pieces. Source: APPNOTE.TXT 4.3. */
const zip = ['PK\x03\x04', 'PK\x05\x06', 'PK\x07\x08PK', 'PK00PK\x03\x04'];

/** A header whose checksum is right. Source: ustar in pax(1). */
export function isTarHeader(header: Buffer): boolean {
  if (header.length < 512) return false;
  const said = Number.parseInt(header.toString('latin1', 148, 156), 8);
  const sum = header.subarray(0, 512).reduce((all, byte, at) => all + (at >= 148 && at < 156 ? 32 : byte), 0);
  return said === sum;
}

export function formOf(head: Buffer): Form {
  if (zip.some((start) => latin(head, 0, start))) return { is: 'zip' };
  if (latin(head, 0, '\x1f\x8b\x08')) return { is: 'gzip' };
  if (latin(head, 0, '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1')) return { is: 'old-office' };
  if (closed.some((start) => latin(head, 0, start))) return { is: 'closed' };
  // Readers of PDF look for it in the first kilobyte.
  if (head.subarray(0, 1024).includes('%PDF-')) return { is: 'pdf' };
  if (isTarHeader(head)) return { is: 'tar' };
  const encoding = encodingOf(head);
  return encoding ? { is: 'text', encoding } : { is: 'other' };
}
