/** What a start without a verb opens. */
export type Face = { readonly is: 'window' | 'tray' } | { readonly is: 'terminal' };

/**
 * The words that are meant for ClawCove; pure.
 *
 * @param isBareElectron the program is Electron itself, and the first word that is no switch is our folder
 */
export function ownWords(argv: readonly string[], isBareElectron: boolean): readonly string[] {
  const words = argv.slice(1);
  const folder = isBareElectron ? words.findIndex((word) => !word.startsWith('-')) : -1;
  return words.filter((_, index) => index !== folder);
}

/** Which face the words after the program's name ask for. Switches of Chromium's own are none of ours. */
export function faceOf(words: readonly string[]): Face {
  // A start from a desktop, a test or a debugger may bring paths and switches; a plain word is a command.
  const isForTerminal = words.some(
    (word) => /^[a-z][a-z-]*$/i.test(word) || word === '--help' || word === '--version',
  );
  if (isForTerminal) return { is: 'terminal' };
  return { is: words.includes('--hidden') ? 'tray' : 'window' };
}
