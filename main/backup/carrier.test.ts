import { expect, it } from 'vitest';
import { carrierOf } from './carrier.ts';

it.each([
  ['its own version, whatever is known against it', 'update', '2026.1.2', '2026.9.6', '2026.1.2'],
  ['its own version from elsewhere', 'elsewhere', '2026.9.5', '2026.9.6', '2026.9.5'],
  ['its own version from elsewhere, when it is newer', 'elsewhere', '2026.9.6', '2026.9.5', '2026.9.6'],
  ['the one that runs, instead of one with known holes', 'elsewhere', '2026.1.2', '2026.9.6', '2026.9.6'],
  ['its own, when older ones can’t read its state', 'elsewhere', '2026.1.2', '2026.1.1', '2026.1.2'],
  ['its own, when nothing runs', 'elsewhere', '2026.1.2', null, '2026.1.2'],
] as const)('brings a backup back with %s', (_, why, version, running, expected) => {
  expect(carrierOf({ why, version }, running)).toBe(expected);
});
