/**
 * One word of a command line as Windows' programs read it back (CommandLineToArgvW); pure. Node does the same by itself
 * for the programs that it starts; this is for lines that others hand on: scheduled tasks, the administrator's prompt.
 * Source: Microsoft, "Parsing C command-line arguments".
 */
export function quoteWord(word: string): string {
  if (word.includes('\0')) throw new Error('not a word of a command line');
  if (/^[^\s"]+$/.test(word)) return word;
  // Backslashes count as themselves, save before a quote: there each has to be said twice.
  return `"${word.replace(/(\\*)"/g, '$1$1\\"').replace(/(\\+)$/, '$1$1')}"`;
}

export function quoteLine(words: readonly string[]): string {
  return words.map(quoteWord).join(' ');
}
