import { expect, it } from 'vitest';
import { sizeFor } from './size.ts';

const GiB = 1024 ** 3;

it.each([
  ['a usual computer', 16, 8, 200, { memoryBytes: 4 * GiB, cpus: 4, diskBytes: 32 * GiB }],
  ['an old one', 4, 2, 40, { memoryBytes: 2 * GiB, cpus: 1, diskBytes: 32 * GiB }],
  ['one in between', 6, 4, 20.5, { memoryBytes: 3 * GiB, cpus: 2, diskBytes: 15 * GiB }],
  ['one with one processor', 8, 1, 100, { memoryBytes: 4 * GiB, cpus: 1, diskBytes: 32 * GiB }],
  ['too little memory', 3.8, 4, 100, null],
  ['too little room', 16, 4, 16, null],
])('suits %s', (_, memory, cpus, free, size) => {
  expect(sizeFor({ memoryBytes: memory * GiB, cpus, freeDisk: free * GiB })).toEqual(size);
});
