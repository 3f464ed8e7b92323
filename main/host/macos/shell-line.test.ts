import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shellLine, shellWord } from './shell-line.ts';

/** What a real shell makes of a line: its words, each closed by a zero. */
function wordsOf(line: string): string[] {
  const out = execFileSync('/bin/sh', ['-c', `printf '%s\\0' ${line}`], { encoding: 'utf8' });
  return out.split('\0').slice(0, -1);
}

describe('a line for a shell', () => {
  it.each([
    '',
    ' ',
    "'",
    "''",
    `it's "both"`,
    '$(reboot)',
    '`reboot`',
    '\\',
    'a\\',
    '!',
    '-n',
    '~',
    '*',
    'two\nlines',
    '共享',
    'A=b; c',
    '%s',
  ])('has %j in it as it is', (word) => expect(wordsOf(shellLine([word, 'end']))).toEqual([word, 'end']));

  it('has any words in it as they are', () => {
    const word = fc.string({ unit: fc.constantFrom(...'\'"\\$`!;&|<>(){}[]*?~#= \n\t-a共'), maxLength: 20 });
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 6 }), (words) => {
        expect(wordsOf(shellLine(words))).toEqual(words);
      }),
      { numRuns: 60 },
    );
  });

  it('leaves plain words plain, for people to read', () => {
    expect(shellLine(['/usr/sbin/installer', '-pkg', '/tmp/a b.pkg', '-target', '/'])).toBe(
      "/usr/sbin/installer -pkg '/tmp/a b.pkg' -target /",
    );
  });

  it('has no word in it that nobody could be given', () => {
    expect(() => shellWord('a\0b')).toThrow();
  });
});
