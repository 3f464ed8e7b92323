/** Ranges of subordinate ids in /etc/subuid and /etc/subgid; pure. Source: subuid(5). */

/** As many as useradd gives by itself. */
const count = 65_536;
const firstFree = 100_000;
/** The kernel's last ids are reserved. */
const last = 4_294_000_000;

/**
 * The first range that nobody has been given, in either file, as `first-last`.
 *
 * @param tables contents of /etc/subuid and /etc/subgid: `name:first:count` in each line
 */
export function freeRange(tables: readonly string[]): string {
  const taken = tables
    .flatMap((table) => table.split('\n'))
    .map((line) => line.split(':').slice(1).map(Number))
    .filter(([start, size]) => Number.isInteger(start) && Number.isInteger(size))
    .map(([start = 0, size = 0]) => ({ start, end: start + size }))
    .sort((a, b) => a.start - b.start);
  let first = firstFree;
  for (const { start, end } of taken) if (start < first + count && end > first) first = end;
  if (first + count > last) throw new Error('no range of subordinate ids is free');
  return `${first}-${first + count - 1}`;
}
