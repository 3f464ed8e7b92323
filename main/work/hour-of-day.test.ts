import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lastHour, nextHour } from './hour-of-day.ts';

const at = (text: string) => Date.parse(text);
const said = (moment: number) => new Date(moment).toISOString();
const hours = 3_600_000;

describe('the hour of a day', () => {
  it.each([
    ['UTC', '2026-11-22T12:00:00Z', '2026-11-22T03:00:00.000Z', '2026-11-23T03:00:00.000Z'],
    ['UTC', '2026-11-22T02:59:59Z', '2026-11-21T03:00:00.000Z', '2026-11-22T03:00:00.000Z'],
    ['UTC', '2026-11-22T03:00:00Z', '2026-11-22T03:00:00.000Z', '2026-11-22T03:00:00.000Z'],
    ['Europe/Berlin', '2026-07-01T12:00:00Z', '2026-07-01T01:00:00.000Z', '2026-07-02T01:00:00.000Z'],
    ['Asia/Shanghai', '2026-11-22T12:00:00Z', '2026-11-21T19:00:00.000Z', '2026-11-22T19:00:00.000Z'],
    ['Asia/Kathmandu', '2026-11-22T12:00:00Z', '2026-11-21T21:15:00.000Z', '2026-11-22T21:15:00.000Z'],
    ['America/Los_Angeles', '2026-11-22T12:00:00Z', '2026-11-22T11:00:00.000Z', '2026-11-23T11:00:00.000Z'],
    ['Pacific/Kiritimati', '2026-11-22T12:00:00Z', '2026-11-21T13:00:00.000Z', '2026-11-22T13:00:00.000Z'],
  ])('three in %s around %s', (zone, now, last, next) => {
    expect([said(lastHour(at(now), 3, zone)), said(nextHour(at(now), 3, zone))]).toEqual([last, next]);
  });

  it('is there on the day when clocks are set forward past it, and once when they are set back', () => {
    const zone = 'Europe/Berlin';
    // On 29 March 2026 it is two, then at once three o'clock; on 25 October it is two twice.
    const skipped = nextHour(at('2026-03-28T12:00:00Z'), 2, zone);
    expect(said(skipped)).toMatch(/^2026-03-29T0[01]:00/);
    expect(said(nextHour(skipped + 1, 2, zone))).toBe('2026-03-30T00:00:00.000Z');
    const twice = nextHour(at('2026-10-24T12:00:00Z'), 2, zone);
    expect(said(twice)).toMatch(/^2026-10-25T0[01]:00/);
    expect(said(nextHour(twice + 1, 2, zone))).toBe('2026-10-26T01:00:00.000Z');
  });

  const zone = fc.constantFrom(
    'UTC',
    'Europe/Berlin',
    'Asia/Shanghai',
    'America/New_York',
    'Australia/Lord_Howe',
    'Asia/Kathmandu',
    'Pacific/Apia',
    'America/St_Johns',
  );
  const moment = fc.integer({ min: Date.UTC(2024, 0, 1), max: Date.UTC(2034, 0, 1) });

  it('was less than a day and a bit ago, and comes as soon, in every zone', () => {
    fc.assert(
      fc.property(moment, fc.integer({ min: 0, max: 23 }), zone, (now, hour, place) => {
        const [last, next] = [lastHour(now, hour, place), nextHour(now, hour, place)];
        expect(last).toBeLessThanOrEqual(now);
        expect(next).toBeGreaterThanOrEqual(now);
        expect(now - last).toBeLessThanOrEqual(26 * hours);
        expect(next - now).toBeLessThanOrEqual(26 * hours);
        expect(lastHour(last, hour, place)).toBe(last);
      }),
      { numRuns: 300 },
    );
  });
});
