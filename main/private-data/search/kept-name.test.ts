import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keptNameFor, numbered } from './kept-name.ts';

const nth = (name: string, number: number) => numbered(Buffer.from(name), number).toString();

describe('the name of a kept file', () => {
  it.each([
    ['taxes 2026.pdf', 'taxes 2026.pdf'],
    ['.env', '.env'],
    ['two\nlines', 'two_lines'],
    ['turn\u202etxt.exe', 'turn_txt.exe'],
  ])('can be shown: %j', (name, kept) => {
    expect(keptNameFor(Buffer.from(name)).toString()).toBe(kept);
  });

  it('is whole UTF-8, whatever the name’s bytes', () => {
    expect(keptNameFor(Buffer.from('636166e92e747874', 'hex')).toString()).toBe('caf_.txt');
  });
});

describe('one more file of a name', () => {
  it.each([
    ['taxes.pdf', 1, 'taxes.pdf'],
    ['taxes.pdf', 2, 'taxes (2).pdf'],
    ['taxes.tar.gz', 3, 'taxes.tar (3).gz'],
    ['.env', 2, '.env (2)'],
    ['README', 2, 'README (2)'],
  ])('%s, %i', (name, number, expected) => {
    expect(nth(name, number)).toBe(expected);
  });

  it('fits the disk, and cuts no character in two', () => {
    const long = `${'身'.repeat(84)}.txt`;
    expect(nth(long, 12)).toBe(`${'身'.repeat(82)} (12).txt`);
    const names = fc.uint8Array({ minLength: 1, maxLength: 255 });
    fc.assert(
      fc.property(
        names,
        fc.integer({ min: 2, max: 999 }),
        (name, number) => numbered(Buffer.from(name), number).length <= 255,
      ),
    );
  });
});
