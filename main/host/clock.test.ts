import { describe, expect, it } from 'vitest';
import { Cancelled } from '../problem.ts';
import { systemClock } from './clock.ts';
import { timeZone } from './time-zone.ts';

const idle = () => new AbortController().signal;

describe('the computer’s clock', () => {
  it('goes on while somebody sleeps', async () => {
    const before = systemClock.now();
    await systemClock.sleep(30, idle());
    expect(systemClock.now() - before).toBeGreaterThanOrEqual(25);
  });

  it('lets nobody sleep whose wait is cancelled, before or meanwhile', async () => {
    await expect(systemClock.sleep(60_000, AbortSignal.abort())).rejects.toThrow(Cancelled);
    await expect(systemClock.sleep(60_000, AbortSignal.timeout(10))).rejects.toThrow(Cancelled);
  });

  it('names the zone that the computer is in', () => {
    expect(systemClock.zone()).toBe(timeZone());
  });
});
