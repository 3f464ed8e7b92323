/**
 * The words of a command line as a program reads them; pure. By Microsoft's rules for CommandLineToArgvW; the first word, the
 * program, knows no escapes.
 */
export function wordsOf(line: string): string[] {
  const [, quotedProgram, plainProgram = '', rest = ''] = /^(?:"([^"]*)"|(\S*))(.*)$/s.exec(line) ?? [];
  const words = [quotedProgram ?? plainProgram];
  let word: string | null = null;
  let isQuoted = false;
  for (let at = 0; at < rest.length; at++) {
    const character = rest[at] as string;
    if (character === '\\') {
      let slashes = 0;
      while (rest[at] === '\\') {
        slashes++;
        at++;
      }
      word ??= '';
      if (rest[at] === '"') {
        word += '\\'.repeat(Math.floor(slashes / 2));
        if (slashes % 2 === 1) word += '"';
        else at--;
      } else {
        word += '\\'.repeat(slashes);
        at--;
      }
    } else if (character === '"') {
      word ??= '';
      if (isQuoted && rest[at + 1] === '"') {
        word += '"';
        at++;
      } else isQuoted = !isQuoted;
    } else if (!isQuoted && /[ \t]/.test(character)) {
      if (word !== null) words.push(word);
      word = null;
    } else word = (word ?? '') + character;
  }
  return word === null ? words : [...words, word];
}
