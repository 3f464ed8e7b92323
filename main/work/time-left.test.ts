import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { timeLeft } from './time-left.ts';

describe('timeLeft', () => {
  it('says nothing for two seconds, without progress, or without a known end', () => {
    const left = timeLeft();
    expect(left(0, 0, 100)).toBeNull();
    expect(left(1_999, 50, 100)).toBeNull();
    expect(left(2_000, 50, 100)).toBe(2);
    expect(left(3_000, 0, 100)).toBeNull();
    expect(left(3_000, 50, null)).toBeNull();
  });

  it('counts from its first call, not from nothing: a download that is resumed is no faster for it', () => {
    const left = timeLeft();
    left(10_000, 900, 1000);
    expect(left(20_000, 950, 1000)).toBe(10);
  });

  it('is never negative, never a fraction and never nonsense', () => {
    const sizes = fc.integer({ min: 0, max: 1e12 });
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer(), sizes, sizes)), (calls) => {
        const left = timeLeft();
        for (const [now, done, of] of calls) {
          const seconds = left(now, done, of);
          expect(seconds === null || (Number.isInteger(seconds) && seconds >= 0)).toBe(true);
        }
      }),
    );
  });

  it('is zero at the end', () => {
    const left = timeLeft();
    left(0, 0, 100);
    expect(left(10_000, 100, 100)).toBe(0);
  });
});
