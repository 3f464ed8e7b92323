import { StringDecoder } from 'node:string_decoder';

/** Longer lines are handed on in pieces of this many characters. */
const maxLine = 64 * 1024;

/** What a program printed on one stream, bounded. */
export interface Output {
  /** Resolves when nothing more can come. */
  readonly ended: Promise<void>;
  /** What came, and whether more was thrown away. */
  finish(): { readonly text: string; readonly isTruncated: boolean };
}

/**
 * Gathers a stream up to a bound and hands on its lines as they come. What is too
 * much is read and thrown away: a program that can't write would hang.
 */
export function gather(
  stream: NodeJS.ReadableStream,
  maxBytes: number,
  onLine: (line: string) => void = () => {},
  encoding: 'utf8' | 'latin1' = 'utf8',
): Output {
  const pieces: Buffer[] = [];
  const decoder = new StringDecoder(encoding);
  let size = 0;
  let rest = '';
  const handOn = (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(line.slice(0, maxLine));
    while (rest.length > maxLine) {
      onLine(rest.slice(0, maxLine));
      rest = rest.slice(maxLine);
    }
  };
  stream.on('data', (piece: Buffer) => {
    if (size < maxBytes) pieces.push(piece.subarray(0, maxBytes - size));
    size += piece.length;
    handOn(decoder.write(piece));
  });
  // Broken by the program's end; what came before counts.
  stream.on('error', () => {});
  const ended = new Promise<void>((resolve) => {
    stream.once('end', resolve);
    stream.once('close', resolve);
  });
  return {
    ended,
    finish() {
      handOn(decoder.end());
      if (rest !== '') onLine(rest);
      rest = '';
      return { text: Buffer.concat(pieces).toString(encoding), isTruncated: size > maxBytes };
    },
  };
}
