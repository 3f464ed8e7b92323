/**
 * Which gateway has which folder, by the locks that it lays there. Source: openclaw 2026.8.2, infra/gateway-lock: in the
 * folder itself, in `tmp/openclaw`; those before it had them among everybody's temporary files.
 */
import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import type { FoundHome, Profile } from '../../moving-in/found.ts';
import { parseJson } from '../../parse-json.ts';
import { ownText } from '../host-openclaw/own-text.ts';

/** Who says that a folder is theirs, and since when (ms since 1970). */
export interface Lock {
  readonly pid: number;
  readonly since: number;
  readonly profile: Profile;
}

/** More locks than that nobody has. */
const mostLocks = 50;
const mostBytes = 64 * 1024;
const Words = z.object({
  pid: z.number().int().positive(),
  createdAt: z.string().max(40),
  configPath: z.string().max(4096).optional(),
});

const isSamePath = (one: string, other: string) =>
  one.replaceAll('/', '\\').toLowerCase() === other.replaceAll('/', '\\').toLowerCase();

/** What a lock says; null: nothing that can be understood. Pure. @param at the home in which it lies; null: in none */
export function lockFrom(untrusted: string, at: FoundHome | null, homes: readonly FoundHome[]): Lock | null {
  const words = Words.safeParse(parseJson(untrusted)).data;
  if (words === undefined) return null;
  const { pid, createdAt, configPath } = words;
  const folder = configPath === undefined ? '' : dirname(configPath.replaceAll('\\', '/'));
  const home = at ?? homes.find((each) => isSamePath(each.folder, folder));
  const since = Date.parse(createdAt);
  return home && Number.isFinite(since) ? { pid, since, profile: home.profile } : null;
}

/** Locks in a folder. One that can't be read says nothing: whose a gateway is, is not known then, and it is left alone. */
async function locksIn(folder: string, at: FoundHome | null, homes: readonly FoundHome[]): Promise<Lock[]> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => /^gateway\..*\.lock$/.test(name));
  const texts = await Promise.all(
    names.slice(0, mostLocks).map((name) => ownText(join(folder, name), mostBytes).catch(() => null)),
  );
  return texts
    .map((text) => (text === null ? null : lockFrom(text, at, homes)))
    .filter((lock) => lock !== null);
}

/** @param temporary everybody's temporary files, `%TEMP%` */
export async function locksOf(homes: readonly FoundHome[], temporary: string): Promise<Lock[]> {
  const found = await Promise.all([
    ...homes.map((home) => locksIn(join(home.folder, 'tmp', 'openclaw'), home, homes)),
    locksIn(join(temporary, 'openclaw'), null, homes),
  ]);
  return found.flat();
}
