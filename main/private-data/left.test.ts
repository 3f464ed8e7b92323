import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type PrivateFile, privateKinds, privatePlaces } from './found.ts';
import { foundId, sortedOut, withLeft, withoutLeft } from './left.ts';

const file: PrivateFile = {
  place: 'shared',
  untrustedPath: 'tax/id.txt',
  untrustedWithin: null,
  kinds: ['chinese-id', 'bank-card'],
  bytes: 100,
  changedAt: 1000,
};
const left = withLeft([], file);

describe('a file that may stay', () => {
  it('does not count', () => expect(sortedOut([file], left)).toEqual({ counted: [], left: [file] }));

  it.each<[string, Partial<PrivateFile>]>([
    ['is longer', { bytes: 101 }],
    ['was written', { changedAt: 1001 }],
    ['holds more kinds', { kinds: ['chinese-id', 'bank-card', 'api-key'] }],
    ['lies in the other place', { place: 'workspace' }],
    ['lies elsewhere', { untrustedPath: 'id.txt' }],
  ])('counts when it %s', (_, change) => {
    const other = { ...file, ...change };
    expect(sortedOut([other], left)).toEqual({ counted: [other], left: [] });
  });

  it('still may when fewer kinds are found in it', () =>
    expect(sortedOut([{ ...file, kinds: ['bank-card'] }], left).counted).toEqual([]));

  it('counts again when the person minds it', () =>
    expect(sortedOut([file], withoutLeft(left, foundId(file))).counted).toEqual([file]));

  it('is noted down once, as it was last', () => {
    const later = { ...file, changedAt: 2000 };
    expect(withLeft(left, later)).toEqual(withLeft([], later));
  });
});

it('every found file either counts or may stay', () => {
  const anyFile = fc.record({
    place: fc.constantFrom(...privatePlaces),
    untrustedPath: fc.constantFrom('a', 'b', 'a/b'),
    untrustedWithin: fc.constant(null),
    kinds: fc.subarray([...privateKinds], { minLength: 1 }),
    bytes: fc.nat(2),
    changedAt: fc.nat(2),
  });
  fc.assert(
    fc.property(fc.array(anyFile), fc.array(anyFile), (files, noted) => {
      const notes = noted.reduce(withLeft, left.slice(1));
      const { counted, left: staying } = sortedOut(files, notes);
      expect(counted.length + staying.length).toBe(files.length);
      expect(new Set([...counted, ...staying])).toEqual(new Set(files));
    }),
  );
});

it('the notes are bounded', () => {
  const files = Array.from({ length: 1200 }, (_, index) => ({ ...file, untrustedPath: `${index}` }));
  const notes = files.reduce(withLeft, []);
  expect(notes).toHaveLength(1000);
  expect(notes.at(-1)).toMatchObject({ untrustedPath: '1199' });
});
