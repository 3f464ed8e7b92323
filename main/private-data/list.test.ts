import { expect, it } from 'vitest';
import { PrivateFiles } from '../contract.ts';
import type { PrivateFile } from './found.ts';
import { listPrivateFiles } from './list.ts';
import type { TakenFile } from './taken.ts';

const found = (untrustedPath: string): PrivateFile => ({
  place: 'workspace',
  untrustedPath,
  untrustedWithin: `${untrustedPath}\u202e/inner`,
  kinds: ['private-key'],
  bytes: 1,
  changedAt: 1,
});
const taken = (at: number): TakenFile => ({
  place: 'shared',
  folder: '/home/ada/OpenClaw',
  untrustedPath: `${at}\n.txt`,
  keptFolder: '/home/ada/kept',
  keptName: `${at}.txt`,
  at,
});
const numbers = Array.from({ length: 70 }, (_, index) => index);

it('is bounded, counts all, and is what the contract says', () => {
  const files = {
    counted: numbers.map((index) => found(`${'x'.repeat(5000)}${index}`)),
    left: [found('left')],
    taken: numbers.map(taken),
  };
  const listed = listPrivateFiles(files, '/home/ada/kept');
  expect(PrivateFiles.parse(listed)).toEqual(listed);
  expect(listed.found.total).toBe(70);
  expect(listed.found.shown).toHaveLength(50);
  expect(new Set(listed.found.shown.map(({ id }) => id)).size).toBe(50);
  expect(listed.taken.shown[0]).toMatchObject({ untrustedName: '69\ufffd.txt', at: 69 });
  expect(listed.left.shown[0]).toMatchObject({ untrustedName: 'left', untrustedWithin: 'left\ufffd/inner' });
});
