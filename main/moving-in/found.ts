/** What is found of an OpenClaw on the computer itself, outside any home. */
import * as z from 'zod';

/**
 * Which of several: OpenClaw's own word for them. `default` is the one without a name. What an OpenClaw from
 * before it was called so keeps has its older name behind a `_`, with which no profile begins: `_clawdbot`,
 * `_clawdbot-work`. No dot and no slash: as part of a file's name it leads nowhere else. Source: OpenClaw's profile names.
 */
export const Profile = z
  .string()
  .regex(/^(?:[a-z0-9][a-z0-9_-]{0,63}|_(?:clawdbot|moltbot)(?:-[a-z0-9][a-z0-9_-]{0,63})?)$/i);
export type Profile = z.infer<typeof Profile>;

/** Everything that one of them knows: a folder of its own. */
export interface FoundHome {
  readonly profile: Profile;
  /** Absolute. */
  readonly folder: string;
  /** The OpenClaw that wrote its settings last, as it says itself; null: it doesn't say. Untrusted, parsed. */
  readonly version: string | null;
}

/** Its program, which does nothing while nobody starts it. */
export interface FoundProgram {
  /** Absolute. */
  readonly folder: string;
  readonly version: string | null;
}

/** What starts it by itself. `isActive` is null where nobody can say. */
export interface FoundService {
  readonly name: string;
  readonly startsByItself: boolean;
  readonly isActive: boolean | null;
}

/** One that runs. `profile` is null where it keeps its memories in none of the folders that were found. */
export interface FoundGateway {
  readonly pid: number;
  readonly profile: Profile | null;
}

export type HostLook =
  | {
      readonly is: 'seen';
      readonly homes: readonly FoundHome[];
      readonly programs: readonly FoundProgram[];
      readonly services: readonly FoundService[];
      readonly gateways: readonly FoundGateway[];
    }
  /** `what`: a folder that could not be looked into. */
  | { readonly is: 'unreadable'; readonly what: string }
  /** `what`: a folder that the system keeps from programs until the person lets them in. */
  | { readonly is: 'protected'; readonly what: string }
  /** `what`: a program of the system's own that gave no answer, or none that can be understood. */
  | { readonly is: 'unanswered'; readonly what: string };

export type HostSeen = Extract<HostLook, { is: 'seen' }>;
export type HostUnseen = Exclude<HostLook, HostSeen>;

/** Codes of what is said where nobody could look, whether it is a reason or a problem, and the fact each is filled with. */
const unseen = {
  unreadable: { code: 'host-unreadable', fact: 'path' },
  protected: { code: 'host-protected', fact: 'path' },
  unanswered: { code: 'host-unanswered', fact: 'program' },
} as const;

/** What is said where nobody could look; pure. */
export function whyUnseen({ is, what }: HostUnseen) {
  const { code, fact } = unseen[is];
  return { code, facts: { [fact]: what } } as const;
}

/** Something that starts an OpenClaw by itself, and how it stood before it was put to rest. Tasks of Windows' have blanks. */
export const RestingService = z.object({
  name: z.string().regex(/^[\w.@() -]{1,120}$/),
  startsByItself: z.boolean(),
  wasActive: z.boolean(),
});

/** What is put to rest, and under which mark it is kept. Names alone: where that is, only the door knows. */
export const Resting = z.object({
  /** Part of the names that it is kept under. */
  mark: z.string().regex(/^[\w-]{1,40}$/),
  profiles: z.array(Profile).max(100),
  services: z.array(RestingService).max(100),
});
export type Resting = z.infer<typeof Resting>;

/** What goes into the safe home besides what lies in the folder itself. */
export interface Cargo {
  /** Files that take the place of those with the same name, e.g. `openclaw.json`. */
  readonly instead: readonly { readonly name: string; readonly text: string }[];
  /** Folders elsewhere of which OpenClaw's own notes come along, and under which name. */
  readonly notes: readonly { readonly from: string; readonly to: string }[];
}

/** Files of an agent's own in a workspace: what it is and what it remembers. Source: OpenClaw's workspace files. */
export const noteNames = [
  'AGENTS.md',
  'SOUL.md',
  'TOOLS.md',
  'IDENTITY.md',
  'USER.md',
  'HEARTBEAT.md',
  'MEMORY.md',
  'memory',
] as const;

/** Files of its folder that are looked into before it is packed. */
export type HostFile = 'openclaw.json' | '.env';
