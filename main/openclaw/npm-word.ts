/**
 * What OpenClaw's makers say of its versions to npm, where they bring them out as well: which one
 * each channel stands at, and which ones they have taken back (deprecated, or not there any more).
 *
 * It is asked inside the home, which has the network and the settings for it; so it is hostile
 * text. It can hold versions back and nothing else: whoever lies gains a delay, which is shown.
 */

import semver from 'semver';
import * as z from 'zod';
import { Channel } from '../contract.ts';
import { isNear } from '../near.ts';
import { parseJson } from '../parse-json.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { isKnownSafe } from './advisories.ts';
import { isOnChannel, offeredOn } from './versions.ts';

/** A Node of its own is started for it (2 s on a quick computer), and then the network is waited for (ms). */
const timeoutMs = 25_000;
const fetchTimeoutMs = 15_000;
const maxBytes = 64 * 1024;
/** What was said longer ago (ms) than this is no news any more. */
const heededFor = 3 * 24 * 3_600_000;
/** How many versions of each channel are asked about: what matters is near the newest one. */
const mostAsked = 10;

/** A version that a channel's tag stands for; null: nobody says, or it is none of that channel's. */
const tagged = (channel: Channel) =>
  z
    .string()
    .max(30)
    .refine((version) => isOnChannel(channel, version))
    .nullable()
    .catch(null);
const Ceilings = z.object({
  stable: tagged('stable'),
  'extended-stable': tagged('extended-stable'),
  beta: tagged('beta'),
});

/** Asked about versions, npm said this. */
export const NpmWord = z.object({
  /** The version that each channel stands at. */
  ceilings: Ceilings,
  takenBack: z.array(z.string().max(30)).max(Channel.options.length * mostAsked),
  /** ms since 1970 */
  at: z.number(),
});
export type NpmWord = z.infer<typeof NpmWord>;

/**
 * npm's own client with the settings that came with the image: the environment and the global
 * file, which the agent can't write. The agent's own (`~/.npmrc`, one in the working directory)
 * don't count. Source: npm-config(7); seen on npm 11.19.
 */
const npmView = [
  'npm',
  'view',
  '--json',
  '--location=global',
  '--userconfig=/dev/null',
  // Without a cache it does nothing, and the usual place for it can't be written to.
  '--cache=/tmp/clawcove-npm',
  '--logs-max=0',
  '--no-update-notifier',
  // It would try again for minutes where there is no network; a proxy that is silent it waits for all the same.
  '--fetch-retries=0',
  `--fetch-timeout=${fetchTimeoutMs}`,
] as const;

/** The versions to ask about: the newest ones of every channel. Pure. */
export function worthAsking(tags: readonly string[]): string[] {
  const newest = Channel.options.flatMap((channel) => offeredOn(channel, tags, [], null).slice(0, mostAsked));
  return [...new Set(newest)];
}

/**
 * Asks npm about these versions, in the running home as the agent.
 *
 * @returns null: nothing that could be understood
 * @throws ProblemError `home-not-running`, and what else keeps a command from running there
 */
export async function askNpm(
  sandbox: Sandbox,
  versions: readonly string[],
  now: number,
  signal: AbortSignal,
): Promise<NpmWord | null> {
  if (versions.length === 0) return null;
  // Three fields: of a single one it would print the bare value, or nothing where there is none.
  const argv = [...npmView, `openclaw@${versions.join('||')}`, 'dist-tags', 'version', 'deprecated'];
  const { exitCode, untrustedOut, truncated } = await sandbox.exec('agent', argv, {
    timeoutMs,
    maxBytes,
    signal,
  });
  return exitCode === 0 && !truncated ? npmWordFrom(untrustedOut, versions, now) : null;
}

const Entry = z.object({
  'dist-tags': z.record(z.string(), z.unknown()).catch({}),
  version: z.string(),
  deprecated: z.unknown().optional(),
});
/** One version is an object, several are a list of them; recorded on npm 11.19. */
const Answer = z.union([Entry.transform((entry) => [entry]), z.array(Entry).min(1)]);

/** What npm's answer says of the versions that it was asked about; null: nothing. Pure. */
export function npmWordFrom(untrusted: string, asked: readonly string[], now: number): NpmWord | null {
  const answer = Answer.safeParse(parseJson(untrusted)).data;
  const tags = answer?.[0]?.['dist-tags'];
  if (!answer || !tags) return null;
  const stand = answer.filter(({ deprecated }) => !deprecated).map(({ version }) => version);
  return {
    ceilings: Ceilings.parse({
      // Source of the tags' names: OpenClaw's release channels.
      stable: tags.latest,
      'extended-stable': tags['extended-stable'],
      beta: tags.beta,
    }),
    takenBack: asked.filter((version) => !stand.includes(version)),
    at: now,
  };
}

/**
 * Whether npm's word counts. It comes from inside, so it never keeps a home at a version with
 * known holes; and only for a while, as long as nobody can be asked anew. Pure.
 *
 * @param running the version that runs here; null: none
 */
export function isHeeded(word: NpmWord, running: string | null, now: number): boolean {
  return isNear(word.at, now, heededFor) && (running === null || isKnownSafe(running));
}

/** Beyond this nothing is out on a channel; null: nobody says. */
function ceilingOf({ ceilings: { stable, beta, ...others } }: NpmWord, channel: Channel): string | null {
  // Beta is whatever is newest, tried or not.
  const isNewest = stable === null || beta === null || semver.gt(stable, beta);
  const ceiling = { ...others, stable, beta: isNewest ? stable : beta }[channel];
  // One with known holes was left behind itself: nobody is to stop at it.
  return ceiling !== null && isKnownSafe(ceiling) ? ceiling : null;
}

/** Whether npm's word speaks against choosing a version on a channel. Pure. */
export function isHeldBack(word: NpmWord, channel: Channel, version: string): boolean {
  const ceiling = ceilingOf(word, channel);
  return word.takenBack.includes(version) || (ceiling !== null && semver.gt(version, ceiling));
}
