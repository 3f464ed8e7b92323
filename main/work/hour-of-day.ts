/** A person's hour, in the time zone that they are in; pure. */

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** Making one costs more than asking it a hundred times. */
const clocks = new Map<string, Intl.DateTimeFormat>();

function clockIn(zone: string): Intl.DateTimeFormat {
  const known = clocks.get(zone);
  if (known) return known;
  const clock = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  clocks.set(zone, clock);
  return clock;
}

/** How far (ms) clocks in the zone are ahead of UTC at a moment. */
function aheadAt(at: number, zone: string): number {
  const parts = clockIn(zone).formatToParts(at);
  const part = (type: Intl.DateTimeFormatPartTypes) =>
    Number(parts.find((one) => one.type === type)?.value ?? 0);
  const local = Date.UTC(
    part('year'),
    part('month') - 1,
    part('day'),
    part('hour'),
    part('minute'),
    part('second'),
  );
  return local - Math.floor(at / 1000) * 1000;
}

/** The moments of that hour on the local days around `at`, in order. Where a clock skips it, it is the hour after. */
function hoursAround(at: number, hour: number, zone: string): number[] {
  const here = at + aheadAt(at, zone);
  const wanted = Math.floor(here / dayMs) * dayMs + hour * hourMs;
  return [-1, 0, 1].map((days) => {
    const local = wanted + days * dayMs;
    // The zone's distance may change between now and then, so it is looked up where it counts.
    return local - aheadAt(local - aheadAt(local, zone), zone);
  });
}

/** When the clock last struck that hour (0–23), at `at` included; ms since 1970. */
export function lastHour(at: number, hour: number, zone: string): number {
  return hoursAround(at, hour, zone).findLast((moment) => moment <= at) ?? at - dayMs;
}

/** When it strikes that hour next, at `at` included; ms since 1970. */
export function nextHour(at: number, hour: number, zone: string): number {
  return hoursAround(at, hour, zone).find((moment) => moment >= at) ?? at + dayMs;
}
