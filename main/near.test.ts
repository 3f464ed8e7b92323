import { expect, it } from 'vitest';
import { ago, isNear } from './near.ts';

it.each([
  ['a moment ago', 90, 10, true],
  ['just as long ago as asked', 80, 20, false],
  ['long ago', 10, 90, false],
  ['ahead, after the clock was set back a little', 110, 10, true],
  ['far ahead, after the clock was set back a lot', 190, 90, false],
])('tells what is near by its distance: %s', (_, at, distance, near) => {
  expect(ago(at, 100)).toBe(distance);
  expect(isNear(at, 100, 20)).toBe(near);
});
