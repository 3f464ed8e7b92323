import semver from 'semver';

/** OpenClaw's versions are dates with a running number (2026.9.6) and happen to be valid semver. */
const stable = /^20\d{2}\.(?:[1-9]|1[0-2])\.\d{1,3}$/;

/**
 * Running numbers from here on belong to the extended-stable channel: an older
 * month kept alive, not something newer. Source: OpenClaw's release channels.
 */
const extendedStableFrom = 33;

/** Whether a tag names a release of the stable channel; pre-releases and placeholders (0.0.1) don't. */
export function isStable(tag: string): boolean {
  return stable.test(tag) && semver.valid(tag) !== null && semver.patch(tag) < extendedStableFrom;
}

/** The newest stable version among tags, or null when there is none. */
export function newestStable(tags: readonly string[]): string | null {
  return tags.filter(isStable).sort(semver.rcompare)[0] ?? null;
}

/** Whether `version` comes before `other`. A version that can't be read counts as older than any. */
export function isOlder(version: string, other: string): boolean {
  const parsed = semver.parse(version);
  return parsed === null || semver.lt(parsed, other);
}
