/** How words become one line on Windows. Only for tests: it shows that what Node hands over is what the other program reads. */

/** What Node makes of a program and its arguments. Transcribed from libuv, src/win/process.c, quote_cmd_arg. */
export function commandLine(words: readonly string[]): string {
  return words.map(quoted).join(' ');
}

function quoted(word: string): string {
  if (word === '') return '""';
  if (!/[ \t"]/.test(word)) return word;
  if (!/["\\]/.test(word)) return `"${word}"`;
  let reversed = '"';
  let isBeforeQuote = true;
  for (const character of [...word].reverse()) {
    reversed += character;
    if (isBeforeQuote && character === '\\') reversed += '\\';
    else if (character === '"') {
      isBeforeQuote = true;
      reversed += '\\';
    } else isBeforeQuote = false;
  }
  return [...`${reversed}"`].reverse().join('');
}
