/** OpenClaw's settings as they are, and what has changed in them since the person last agreed. */
import * as z from 'zod';
import { plainName } from '../openclaw/skills.ts';
import { parseJson } from '../parse-json.ts';
import type { ExecOptions, ExecResult, Inside, Sandbox } from '../sandbox/sandbox.ts';
import { keyOf, pathOf } from './path.ts';
import { type Power, powerOf } from './powers.ts';
import { settingsWalk } from './walk.ts';

/** A bare Node and one file, in a home that may first have to be made for it (ms). */
const timeoutMs = 30_000;
const maxBytes = 2 * 1024 * 1024;

/** Every setting by {@link keyOf} its path, with the keyed hash (HMAC-SHA-256, hex) of its value. */
export type Leaves = Readonly<Record<string, string>>;

/** What was seen. `unreadable`: nobody could look. */
export type SettingsSeen =
  | { readonly is: 'unreadable' }
  /** `whole`: the settings themselves, as JSON, where they were asked for. May hold the person's secrets. */
  | { readonly is: 'seen'; readonly leaves: Leaves; readonly isCut: boolean; readonly whole: string | null };

/** What has changed in one regard. */
export interface Drift {
  readonly power: Power;
  /** What it is about (a channel, a plugin, the setting itself): bounded, nothing in it that isn't seen. */
  readonly name: string;
  /** How many settings. */
  readonly count: number;
}

const Walk = z.object({
  leaves: z
    .array(z.tuple([z.array(z.string().max(500)).max(13), z.string().regex(/^[0-9a-f]{64}$/)]))
    .max(3000),
  isCut: z.boolean(),
  whole: z.record(z.string(), z.unknown()).optional(),
});

/** Settings as JSON again; undefined: they are nested so deeply that no settings are. */
function textOf(whole: unknown): string | null | undefined {
  try {
    return whole === undefined ? null : JSON.stringify(whole);
  } catch {
    return undefined;
  }
}

/** What the walk printed; pure. */
export function settingsFrom(untrusted: string): SettingsSeen {
  const walk = Walk.safeParse(parseJson(untrusted));
  if (!walk.success) return { is: 'unreadable' };
  const { leaves, isCut, whole } = walk.data;
  const text = textOf(whole);
  if (text === undefined) return { is: 'unreadable' };
  return {
    is: 'seen',
    leaves: Object.fromEntries(leaves.map(([path, hash]) => [keyOf(path), hash])),
    isCut,
    whole: text,
  };
}

/** Runs a command where the settings lie, as the agent. */
export type RunInside = (argv: readonly string[], options: ExecOptions) => Promise<ExecResult>;

/** What is inside a home that runs. */
export const inRunning =
  (sandbox: Sandbox): RunInside =>
  (argv, options) =>
    sandbox.exec('agent', argv, options);

/**
 * Looks into a home.
 *
 * @param salt of the hashes: with another one nothing can be compared
 */
export async function lookAtSettings(
  runInside: RunInside,
  { state }: Pick<Inside, 'state'>,
  salt: string,
  what: 'hashes' | 'whole',
  signal: AbortSignal,
): Promise<SettingsSeen> {
  const argv = ['node', '-e', settingsWalk, state, salt, what];
  const { exitCode, untrustedOut, truncated } = await runInside(argv, { timeoutMs, maxBytes, signal });
  return exitCode === 0 && !truncated ? settingsFrom(untrustedOut) : { is: 'unreadable' };
}

/** OpenClaw's own notes on what it did last: they change with every start, and allow nothing. */
const notes = ['meta', 'wizard', '$schema'];

/** The settings that differ, by {@link keyOf} their paths, in order; pure. */
export function changedBetween(agreed: Leaves, now: Leaves): string[] {
  const all = [...new Set([...Object.keys(agreed), ...Object.keys(now)])].toSorted();
  return all.filter((key) => agreed[key] !== now[key] && !notes.includes(pathOf(key)[0] ?? ''));
}

/** What these changes are about, what matters most first; pure. */
export function driftIn(changed: readonly string[]): Drift[] {
  const found = new Map<string, { readonly rank: number; readonly drift: Drift }>();
  for (const key of changed) {
    const { power, name, rank } = powerOf(pathOf(key));
    const plain = plainName(name);
    const at = `${power} ${plain}`;
    const count = (found.get(at)?.drift.count ?? 0) + 1;
    found.set(at, { rank, drift: { power, name: plain, count } });
  }
  return [...found.values()].toSorted((a, b) => a.rank - b.rank).map(({ drift }) => drift);
}
