import semver from 'semver';
import type { Channel } from '../contract.ts';

/** OpenClaw's versions are dates with a running number (2026.9.6) and happen to be valid semver. */
const plain = /^20\d{2}\.(?:[1-9]|1[0-2])\.\d{1,3}$/;
const beta = /^20\d{2}\.(?:[1-9]|1[0-2])\.\d{1,3}-beta\.\d{1,3}$/;

/**
 * Running numbers from here on belong to the extended-stable channel: an older
 * month kept alive, not something newer. Source: OpenClaw's release channels.
 */
const extendedStableFrom = 33;

const isPlain = (tag: string) => plain.test(tag) && semver.valid(tag) !== null;
const isStable = (tag: string) => isPlain(tag) && semver.patch(tag) < extendedStableFrom;

/**
 * Whether a tag names a release of a channel; placeholders (0.0.1), rebuilds and moving tags
 * never do. Beta is whatever is newest, tried or not; extended-stable never falls back to
 * another channel. Source: OpenClaw's release channels.
 */
export function isOnChannel(channel: Channel, tag: string): boolean {
  switch (channel) {
    case 'stable':
      return isStable(tag);
    case 'extended-stable':
      return isPlain(tag) && !isStable(tag);
    case 'beta':
      return isStable(tag) || (beta.test(tag) && semver.valid(tag) !== null);
  }
}

/**
 * The versions of a channel among tags, newest first.
 *
 * @param withdrawn versions that their makers took back
 * @param latest what their makers themselves call the latest stable version: one above it was taken
 *   back, or is not out yet; null: nobody says
 */
export function offeredOn(
  channel: Channel,
  tags: readonly string[],
  withdrawn: readonly string[],
  latest: string | null,
): string[] {
  const isBeyond = (tag: string) =>
    latest !== null && isStable(latest) && isStable(tag) && semver.gt(tag, latest);
  return tags
    .filter((tag) => isOnChannel(channel, tag) && !withdrawn.includes(tag) && !isBeyond(tag))
    .sort(semver.rcompare);
}

/** Whether `version` comes before `other`. A version that can't be read counts as older than any. */
export function isOlder(version: string, other: string): boolean {
  const parsed = semver.parse(version);
  return parsed === null || semver.lt(parsed, other);
}
