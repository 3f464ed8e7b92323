import { readlinkSync } from 'node:fs';

/** A link into the system's table of zones. Source: localtime(5); macOS keeps the same. */
const systemLink = '/etc/localtime';

/** The zone that a link leads to, by its place in the table; null where there is no such link. */
function zoneBehind(link: string): string | null {
  try {
    return /zoneinfo\/(?:posix\/|right\/)?(.+)$/.exec(readlinkSync(link))?.[1] ?? null;
  } catch {
    // Some systems keep a copy of the zone's file there, Windows nothing.
    return null;
  }
}

function isZone(name: string | null | undefined): name is string {
  if (!name) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) !== null;
  } catch {
    return false;
  }
}

/**
 * The person's time zone now, by its IANA name. A program that runs keeps naming the zone in which
 * it began (seen with Node 24.21 on Debian 12), so the system is asked; where it doesn't say, that
 * one has to do.
 *
 * @param wanted the zone that this program was started for, as in the environment's TZ
 */
export function timeZone(wanted: string | undefined = process.env.TZ, link: string = systemLink): string {
  const own = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  return [wanted?.replace(/^:/, ''), zoneBehind(link), own].find(isZone) ?? 'UTC';
}
