import { describe, expect, it } from 'vitest';
import { cpuTimeOf, thisThread } from '../../host/linux/thread-time.ts';
import { usualLimits } from '../read/limits.ts';
import { isOver } from './reader.ts';

describe('the share of a file', () => {
  it.each([
    ['has just begun', { worked: 0, waited: 0, memory: 0 }, false],
    ['goes by while others have the processor', { worked: 5_000, waited: 200_000, memory: 3e8 }, false],
    ['is over when it was worked for long', { worked: 33_000, waited: 40_000, memory: 0 }, true],
    ['is over when the disk doesn’t answer', { worked: 10, waited: 301_000, memory: 0 }, true],
    ['is over when it takes all the memory', { worked: 10, waited: 900, memory: 2e9 }, true],
  ])('%s', (_, spent, expected) => {
    expect(isOver(spent, usualLimits)).toBe(expected);
  });

  it('is that of one thread', () => {
    const before = cpuTimeOf(thisThread()) ?? 0;
    const end = performance.now() + 50_000;
    // Until it is seen; a machine that is busy may give this thread little.
    while ((cpuTimeOf(thisThread()) ?? 0) < before + 30 && performance.now() < end);
    expect(cpuTimeOf(thisThread())).toBeGreaterThanOrEqual(before + 30);
    expect(cpuTimeOf('999999999')).toBeNull();
  });
});
