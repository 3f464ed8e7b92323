import { describe, expect, it } from 'vitest';
import { type SeenRunning, standAtRest, standOfRunning } from './stand.ts';

const now = 1_000_000;
const well: SeenRunning = {
  startedAt: now - 600_000,
  runState: 'running',
  isDiskCorrupt: false,
  noAnswer: null,
};
const standOf = (change: Partial<SeenRunning>) => standOfRunning({ ...well, ...change }, now, 300_000);

describe('a machine that runs', () => {
  it('is well when it answers', () => {
    expect(standOf({})).toEqual({ is: 'running', startedAt: now - 600_000 });
  });

  it('may take its time to begin, and no longer', () => {
    expect(standOf({ noAnswer: 'silent', startedAt: now - 100_000 }).is).toBe('running');
    expect(standOf({ noAnswer: 'silent' })).toMatchObject({ why: 'gives-no-answer' });
    expect(standOf({ noAnswer: 'silent', startedAt: null })).toMatchObject({ why: 'gives-no-answer' });
  });

  it.each([
    [{ runState: 'io-error', noAnswer: 'silent' as const }, 'host-disk-full'],
    [{ runState: 'internal-error', noAnswer: 'silent' as const }, 'no-virtualization'],
    [{ runState: 'guest-panicked', noAnswer: 'silent' as const }, 'gives-no-answer'],
    [{ runState: 'paused', noAnswer: 'silent' as const }, 'gives-no-answer'],
    [{ runState: null, noAnswer: 'silent' as const }, 'gives-no-answer'],
    [{ noAnswer: 'host-key-changed' as const }, 'host-key-changed'],
    [{ noAnswer: 'key-refused' as const }, 'host-key-changed'],
    [{ isDiskCorrupt: true }, 'disk-damaged'],
  ])('is faulty: %j', (change, why) => {
    expect(standOf(change)).toMatchObject({ is: 'faulty', why });
  });
});

it('knows a machine at rest by its disks', () => {
  expect(standAtRest(true, { is: 'whole' })).toEqual({ is: 'stopped' });
  expect(standAtRest(false, { is: 'whole' })).toMatchObject({ why: 'disk-damaged', detail: 'base' });
  expect(standAtRest(true, { is: 'damaged', which: 'disk', detail: 'x' })).toMatchObject({
    why: 'disk-damaged',
    detail: 'x',
  });
});
