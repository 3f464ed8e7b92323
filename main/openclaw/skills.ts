/** Skills and plugins in the home that did not come with its image: which there are, and switching them. */
import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { Receipts } from '../doors.ts';
import { parseJson } from '../parse-json.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { skillWalk } from './skill-walk.ts';

/** A bare Node and some files: 0.3 s, where there is a lot to read some seconds (ms). */
const walkTimeout = 15_000;
const walkBytes = 2 * 1024 * 1024;
const longestName = 80;

/** Something that adds powers to OpenClaw, as it lies in the home. */
export interface Skill {
  /** Stands for exactly this content at exactly this place: whoever decides about it decides about what they saw. */
  readonly id: string;
  readonly kind: 'skill' | 'plugin';
  /** As it calls itself: bounded, nothing in it that isn't seen. */
  readonly name: string;
  /** SHA-256 (hex) of everything in it. */
  readonly hash: string;
  readonly isOn: boolean;
  /** Names by which OpenClaw's settings may know it. */
  readonly untrustedKeys: readonly string[];
}

/** What was seen of them. `unreadable`: nobody could look. */
export type SkillsSeen =
  | { readonly is: 'unreadable' }
  | {
      readonly is: 'seen';
      readonly skills: readonly Skill[];
      /** There is more than could be looked at. */
      readonly isCut: boolean;
      /** OpenClaw may write or renew skills and plugins by itself. */
      readonly changesItself: boolean;
      /** A change of the settings takes effect without a new start. */
      readonly reloads: boolean;
    };

/** Something that the person approved, and when (ms since 1970). */
export type Approval = Receipts['approvedSkills'][number];

const Walk = z.object({
  items: z
    .array(
      z.object({
        kind: z.enum(['skill', 'plugin']),
        name: z.string().max(200),
        path: z.string().max(1000),
        keys: z.array(z.string().min(1).max(300)).max(20),
        hash: z.string().regex(/^[0-9a-f]{64}$/),
        isOn: z.boolean(),
      }),
    )
    .max(200),
  isCut: z.boolean(),
  changesItself: z.boolean(),
  reloads: z.boolean(),
});

/** A name that can be shown: one line, bounded, without what nobody sees or what turns text around. Pure. */
export function plainName(untrusted: string): string {
  const name = untrusted
    .replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, '')
    .replaceAll(/\s+/gu, ' ')
    .trim();
  if (name === '') return '?';
  const letters = [...name];
  return letters.length <= longestName ? name : `${letters.slice(0, longestName).join('')}…`;
}

const idOf = (...parts: readonly string[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 24);

/** What the walk printed; pure. */
export function skillsFrom(untrusted: string): SkillsSeen {
  const walk = Walk.safeParse(parseJson(untrusted));
  if (!walk.success) return { is: 'unreadable' };
  const { items, ...rest } = walk.data;
  const skills = items.map(({ kind, name, path, keys, hash, isOn }) => ({
    id: idOf(kind, path, hash),
    kind,
    name: plainName(name),
    hash,
    isOn,
    untrustedKeys: keys,
  }));
  return { is: 'seen', skills, ...rest };
}

/** Looks into the running home, as the agent. */
export async function lookAtSkills(sandbox: Sandbox, signal: AbortSignal): Promise<SkillsSeen> {
  const { home, state } = sandbox.inside;
  const { exitCode, untrustedOut, truncated } = await sandbox.exec(
    'agent',
    ['node', '-e', skillWalk, home, state],
    { timeoutMs: walkTimeout, maxBytes: walkBytes, signal },
  );
  return exitCode === 0 && !truncated ? skillsFrom(untrustedOut) : { is: 'unreadable' };
}

/** `changed`: the person approved it as it was before. */
export type Trust = 'approved' | 'changed' | 'never';

/** What the person has decided about it; pure. */
export function trustIn(skill: Skill, approvals: readonly Approval[]): Trust {
  const ofThisKind = approvals.filter(({ kind }) => kind === skill.kind);
  if (ofThisKind.some(({ hash }) => hash === skill.hash)) return 'approved';
  return ofThisKind.some(({ name }) => name === skill.name) ? 'changed' : 'never';
}

/** Names that no settings can hold. */
const impossible = ['__proto__', 'constructor', 'prototype'];

type Entries = Readonly<Record<string, { readonly enabled: boolean }>>;
/** Part of OpenClaw's settings. */
interface Switching {
  readonly skills: { readonly entries: Entries };
  readonly plugins: { readonly entries: Entries };
}

/** The settings that switch skills and plugins on or off, as a patch of `openclaw config patch`; pure. */
export function switching(skills: readonly Skill[], isOn: boolean): Switching {
  const entriesOf = (kind: Skill['kind']): Entries => {
    const keys = skills.filter((skill) => skill.kind === kind).flatMap(({ untrustedKeys }) => untrustedKeys);
    return Object.fromEntries(
      keys.filter((key) => !impossible.includes(key)).map((key) => [key, { enabled: isOn }]),
    );
  };
  return { skills: { entries: entriesOf('skill') }, plugins: { entries: entriesOf('plugin') } };
}

/** What keeps OpenClaw from changing skills by itself: it may propose some, and the person decides. */
export const nothingByItself = {
  skills: { workshop: { autonomous: { mode: 'propose' }, approvalPolicy: 'pending' } },
  update: { auto: { enabled: false } },
} as const;
