/** Lines for a shell of words that come from elsewhere: the one place where such a line is made. */

/**
 * A word as `sh` reads it back, whatever is in it. Nothing is special between single quotes but the quote itself.
 *
 * @throws Error for a word that no program can be given: with a zero in it
 */
export function shellWord(word: string): string {
  if (word.includes('\0')) throw new Error('no word of a command');
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** A program and its arguments as one line for `sh`. */
export function shellLine(argv: readonly string[]): string {
  return argv.map(shellWord).join(' ');
}
