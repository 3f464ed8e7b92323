import fc from 'fast-check';
import { expect, it } from 'vitest';
import { quoteLine, quoteWord } from './quote.ts';
import { commandLine } from './testing/command-line.ts';
import { wordsOf } from './words.ts';

const words = fc.array(
  fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.constantFrom('\\', '"', ' ', 'a', '\t', "'", '$', '\n') }),
  ),
);

it('makes a line that is read as the words that it was made of', () => {
  fc.assert(
    fc.property(words, (list) => {
      fc.pre(!list.join('').includes('\0'));
      expect(wordsOf(`x.exe ${quoteLine(list)}`)).toEqual(['x.exe', ...list]);
    }),
  );
});

it('is how Node does it for the programs that it starts', () => {
  fc.assert(
    fc.property(words, (list) => {
      fc.pre(!list.join('').includes('\0'));
      expect(wordsOf(commandLine(['C:\\Program Files\\x.exe', ...list]))).toEqual([
        'C:\\Program Files\\x.exe',
        ...list,
      ]);
    }),
  );
});

it.each([
  ['plain', 'plain'],
  ['', '""'],
  ['a b', '"a b"'],
  ['C:\\dir\\', 'C:\\dir\\'],
  ['C:\\a dir\\', '"C:\\a dir\\\\"'],
  ['say "hi"', '"say \\"hi\\""'],
  ['\\"', '"\\\\\\""'],
])('%j becomes %s', (word, line) => expect(quoteWord(word)).toBe(line));

it('refuses what ends a line', () => expect(() => quoteWord('a\0b')).toThrow());
