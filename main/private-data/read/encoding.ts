/** Which characters bytes stand for. Pure. */
import { isAscii, isUtf8 } from 'node:buffer';

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'gb18030' | 'windows-1252';

/** Bytes as text, piece by piece. */
export interface Decoder {
  decode(piece: Buffer): string;
}

/** The first byte that no ASCII character has. */
const firstBeyond = 0x80;

const startsWith = (bytes: Buffer, ...start: number[]) => start.every((byte, at) => bytes[at] === byte);

/** UTF-8, but for a character that the end has cut in two. */
function isUtf8Begun(bytes: Buffer): boolean {
  for (let cut = 0; cut < 4; cut += 1)
    if (bytes.length >= cut && isUtf8(bytes.subarray(0, bytes.length - cut))) return true;
  return false;
}

/** The share of characters that are common in texts, Chinese or Western. */
function likeness(text: string): number {
  let common = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    const isCommon =
      (code >= 0x20 && code < 0x7f) ||
      (code >= 0x09 && code <= 0x0d) ||
      (code >= 0xa0 && code < 0x250) ||
      (code >= 0x2010 && code < 0x2040) ||
      (code >= 0x3000 && code < 0x3040) ||
      (code >= 0x4e00 && code < 0xa000) ||
      code >= 0xff00;
    if (isCommon) common += 1;
  }
  return text.length === 0 ? 0 : common / text.length;
}

/** How common the characters of UTF-16 must be: bytes that are none seldom look like it. */
const surely = 0.97;

function utf16In(bytes: Buffer): Encoding | null {
  const even = bytes.subarray(0, bytes.length - (bytes.length % 2));
  const [little, big] = (['utf-16le', 'utf-16be'] as const).map((encoding) =>
    likeness(new TextDecoder(encoding).decode(even)),
  ) as [number, number];
  if (Math.max(little, big) < surely) return null;
  return little >= big ? 'utf-16le' : 'utf-16be';
}

/** The share of the bytes beyond ASCII that stand in pairs such as Chinese characters have in GB 2312. */
function pairs(bytes: Buffer): number {
  let beyond = 0;
  let paired = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte < firstBeyond) continue;
    beyond += 1;
    const next = bytes[at + 1] ?? 0;
    if (byte < 0xa1 || byte > 0xf7 || next < 0xa1 || next > 0xfe) continue;
    beyond += 1;
    paired += 2;
    at += 1;
  }
  return beyond === 0 ? 0 : paired / beyond;
}

/** How text beyond ASCII, without zeros, is written. */
function encodingBeyond(bytes: Buffer): Encoding {
  if (isUtf8Begun(bytes)) return 'utf-8';
  // In Western texts such bytes mostly stand alone.
  if (pairs(bytes) > 0.8) return 'gb18030';
  // Mostly UTF-8, with a few bytes that were damaged.
  const damaged = bytes.toString('utf8').split('\ufffd').length - 1;
  const beyond = bytes.reduce((count, byte) => (byte < firstBeyond ? count : count + 1), 0);
  return damaged * 10 < beyond ? 'utf-8' : 'windows-1252';
}

/** The share of bytes that no text has: controls but tabs, line ends, form feeds and escapes. */
function controls(bytes: Buffer): number {
  let count = 0;
  for (const byte of bytes) if (byte < 0x20 && (byte < 0x09 || byte > 0x0d) && byte !== 0x1b) count += 1;
  return bytes.length === 0 ? 0 : count / bytes.length;
}

/** How something begins that is text; null: it is none. ASCII counts as UTF-8: see {@link createDecoder}. */
export function encodingOf(head: Buffer): Encoding | null {
  if (startsWith(head, 0xef, 0xbb, 0xbf)) return 'utf-8';
  if (startsWith(head, 0xff, 0xfe)) return 'utf-16le';
  if (startsWith(head, 0xfe, 0xff)) return 'utf-16be';
  if (head.includes(0)) {
    const wide = utf16In(head);
    if (wide) return wide;
  }
  // A few may have been written by accident, such as zeros into a log when the power went.
  if (controls(head) > 0.02) return null;
  const encoding = encodingBeyond(head);
  return encoding === 'windows-1252' ? (utf16In(head) ?? encoding) : encoding;
}

/**
 * Decodes text that begins in this encoding. Text that begins in ASCII may go on in any: that is
 * decided where it first does.
 */
export function createDecoder(begins: Encoding): Decoder {
  let decoder: TextDecoder | null = begins === 'utf-8' ? null : new TextDecoder(begins);
  return {
    decode(piece) {
      if (!decoder) {
        if (isAscii(piece)) return piece.toString('latin1');
        decoder = new TextDecoder(encodingBeyond(piece));
      }
      return decoder.decode(piece, { stream: true });
    },
  };
}

/** A short text, such as a name in an archive. */
export const decode = (bytes: Buffer): string => new TextDecoder(encodingBeyond(bytes)).decode(bytes);
