/**
 * Names of files as text. On Linux a name is bytes, mostly UTF-8; what is none stands as lone surrogates
 * U+DC80 to U+DCFF, one for each byte, so that the name can be told from the text again. Source: PEP 383.
 */
import { isUtf8 } from 'node:buffer';

const escaped = 0xdc00;

/** How many bytes of a whole UTF-8 character begin here; 0: none. */
function characterAt(bytes: Buffer, at: number): number {
  const first = bytes[at] ?? 0;
  const length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  const piece = bytes.subarray(at, at + length);
  return piece.length === length && isUtf8(piece) ? length : 0;
}

/** A name, or a path with `/`, as text. */
export function nameFromBytes(bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString('utf8');
  let name = '';
  for (let at = 0; at < bytes.length; ) {
    const length = characterAt(bytes, at);
    name +=
      length === 0
        ? String.fromCharCode(escaped + (bytes[at] ?? 0))
        : bytes.toString('utf8', at, at + length);
    at += Math.max(1, length);
  }
  return name;
}

/** The bytes of what {@link nameFromBytes} answered with. */
export function bytesFromName(name: string): Buffer {
  if (!/\p{Cs}/u.test(name)) return Buffer.from(name);
  return Buffer.concat(
    [...name].map((character) => {
      const code = character.charCodeAt(0);
      const isEscaped = character.length === 1 && code >= escaped + 0x80 && code <= escaped + 0xff;
      return isEscaped ? Buffer.from([code - escaped]) : Buffer.from(character);
    }),
  );
}
