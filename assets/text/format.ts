/** Sizes, times and lists in the person's language; all of it Intl, none of it ours. */

const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;

/** A size as people read it: 1 500 000 000 → "1.5 GB". */
export function formatBytes(bytes: number, language: string): string {
  let value = Math.max(0, bytes);
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return new Intl.NumberFormat(language, {
    style: 'unit',
    unit: units[unit] ?? 'byte',
    unitDisplay: unit === 0 ? 'long' : 'short',
    maximumFractionDigits: value < 10 && unit > 2 ? 1 : 0,
  }).format(value);
}

/** A wait, rounded so that it doesn't flicker: seconds in tens, then minutes, then hours. */
export function formatDuration(seconds: number, language: string): string {
  const show = (value: number, unit: 'second' | 'minute' | 'hour') =>
    new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' }).format(value);
  if (seconds < 55) return show(Math.max(10, Math.ceil(seconds / 10) * 10), 'second');
  if (seconds < 55 * 60) return show(Math.max(1, Math.round(seconds / 60)), 'minute');
  return show(Math.max(1, Math.round(seconds / 3600)), 'hour');
}

/** How long ago, in words: "2 minutes ago"; under a minute it is null, which callers call "just now". */
export function formatAgo(at: number, now: number, language: string): string | null {
  const seconds = Math.max(0, (now - at) / 1000);
  const words = new Intl.RelativeTimeFormat(language, { numeric: 'always' });
  if (seconds < 60) return null;
  if (seconds < 3600) return words.format(-Math.floor(seconds / 60), 'minute');
  if (seconds < 86_400) return words.format(-Math.floor(seconds / 3600), 'hour');
  return words.format(-Math.floor(seconds / 86_400), 'day');
}

/** A moment: its time of day, with the date when it wasn't today. */
export function formatMoment(at: number, now: number, language: string): string {
  const day = (ms: number) => new Date(ms).toDateString();
  return new Intl.DateTimeFormat(language, {
    ...(day(at) === day(now) ? {} : { month: 'short', day: 'numeric' }),
    hour: 'numeric',
    minute: '2-digit',
    second: '2-digit',
  }).format(at);
}

/** A moment for good, as it stands on paper: its date and time of day, with the zone that they are meant in. */
export function formatDate(at: number, language: string): string {
  return new Intl.DateTimeFormat(language, {
    year: 'numeric',
    month: 'long',
    day: 'numeric',
    hour: 'numeric',
    minute: '2-digit',
    timeZoneName: 'short',
  }).format(at);
}

/** A moment to come, as near as people say it: today its time of day, this week the day too, then the date. */
export function formatAhead(at: number, now: number, language: string): string {
  const day = (ms: number) => new Date(ms).toDateString();
  const isSoon = at - now < 6 * 86_400_000;
  const date = isSoon ? ({ weekday: 'long' } as const) : ({ month: 'long', day: 'numeric' } as const);
  return new Intl.DateTimeFormat(language, {
    ...(day(at) === day(now) ? {} : date),
    hour: 'numeric',
    minute: '2-digit',
  }).format(at);
}

/** An hour of any day (0–23) as clocks show it. */
export function formatHour(hour: number, language: string): string {
  return new Intl.DateTimeFormat(language, { hour: 'numeric', minute: '2-digit', timeZone: 'UTC' }).format(
    Date.UTC(2000, 0, 1, hour),
  );
}

/** "a, b and c". */
export function formatList(words: readonly string[], language: string): string {
  return new Intl.ListFormat(language, { type: 'conjunction' }).format(words);
}

/** 0.42 → "42%". */
export function formatShare(share: number, language: string): string {
  return new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 0 }).format(share);
}

/** The server behind an address, with the scheme where nobody keeps secret what is sent there. */
export function formatServer(address: string): string {
  const { protocol, host } = new URL(address);
  return protocol === 'https:' ? host : `${protocol}//${host}`;
}
