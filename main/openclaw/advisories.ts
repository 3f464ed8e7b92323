import { isOlder } from './versions.ts';

/** A published weakness of OpenClaw and the first version without it. */
interface Advisory {
  readonly id: string;
  readonly fixedIn: string;
}

/**
 * Weaknesses that a running version must not have. Source: OpenClaw's security
 * advisories and the CVE list, as of November 2026. 2026.6.11 is the version below
 * which OpenClaw's own Windows hub refuses to work.
 */
const advisories: readonly Advisory[] = [
  { id: 'CVE-2026-25253', fixedIn: '2026.1.29' },
  { id: 'CVE-2026-27646', fixedIn: '2026.3.7' },
  { id: 'GHSA-4jpw-hj22-2xmc', fixedIn: '2026.3.11' },
  { id: 'GHSA-rqpp-rjj8-7wv8', fixedIn: '2026.3.12' },
  { id: 'CVE-2026-44109', fixedIn: '2026.4.15' },
  { id: 'CVE-2026-44112', fixedIn: '2026.4.22' },
  { id: 'CVE-2026-44113', fixedIn: '2026.4.22' },
  { id: 'CVE-2026-44115', fixedIn: '2026.4.22' },
  { id: 'CVE-2026-44118', fixedIn: '2026.4.22' },
];

/** Below this version OpenClaw is not known to be safe. */
export const safeFloor = '2026.6.11';

/** The known weaknesses of a version, by their public ids. */
export function weaknessesOf(version: string): string[] {
  return advisories.filter(({ fixedIn }) => isOlder(version, fixedIn)).map(({ id }) => id);
}
