import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesFromName, nameFromBytes } from './names.ts';

const bytes = fc.uint8Array({ maxLength: 30 }).map((array) => Buffer.from(array));

describe('names of files as text', () => {
  it('are what they are in UTF-8', () => {
    for (const name of ['a.txt', '身份证.pdf', '🏠', 'x\ny', ''])
      expect([nameFromBytes(Buffer.from(name)), bytesFromName(name)]).toEqual([name, Buffer.from(name)]);
  });

  it('keep every byte that is no UTF-8', () => {
    expect(nameFromBytes(Buffer.from('636166e9', 'hex'))).toBe('caf\udce9');
    // What would be a surrogate in UTF-8 isn’t one: it must not be taken for a byte.
    expect(nameFromBytes(Buffer.from('edb3a9', 'hex'))).toBe('\udced\udcb3\udca9');
    fc.assert(fc.property(bytes, (name) => bytesFromName(nameFromBytes(name)).equals(name)));
  });
});
