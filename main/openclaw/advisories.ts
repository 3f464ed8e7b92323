/**
 * What is known against OpenClaw's versions: a list that ships with ClawCove, so that it is
 * there without a network and nobody in between can shorten it. Sources: OpenClaw's security
 * advisories and the CVE list. The floor is the version below which OpenClaw's own Windows
 * hub refuses to work; what was taken back is what its makers published anew as a correction.
 */
import * as z from 'zod';
import shipped from './advisories.json' with { type: 'json' };
import { isOlder } from './versions.ts';

const Version = z.string().regex(/^20\d{2}\.\d{1,2}\.\d{1,3}$/);

/** A published weakness, the first version without it, and the code of what it means for a person. */
const Weakness = z.strictObject({
  id: z.string().regex(/^(?:CVE-\d{4}-\d{4,}|GHSA(?:-[0-9a-z]{4}){3})$/),
  fixedIn: Version,
  means: z.enum([
    'weakness-web-page',
    'weakness-breaks-out',
    'weakness-more-rights',
    'weakness-strangers',
    'weakness-commands',
  ]),
});
export type Weakness = z.infer<typeof Weakness>;

const Advisories = z.strictObject({
  asOf: z.iso.date(),
  floor: Version,
  weaknesses: z.array(Weakness).min(1),
  withdrawn: z.array(Version),
});

const advisories = Advisories.parse(shipped);

/** Below this version OpenClaw is not known to be safe. */
export const safeFloor: string = advisories.floor;

/** Versions that their makers took back; they are never chosen. */
export const withdrawn: readonly string[] = advisories.withdrawn;

/** The known weaknesses of a version, in the order they were mended. */
export function weaknessesOf(version: string): Weakness[] {
  return advisories.weaknesses.filter(({ fixedIn }) => isOlder(version, fixedIn));
}

/** Whether nothing is known against a version, and it is not older than what anybody still looks after. */
export function isKnownSafe(version: string): boolean {
  return !isOlder(version, safeFloor) && weaknessesOf(version).length === 0;
}
