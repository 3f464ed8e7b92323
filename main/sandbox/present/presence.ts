/** What there is to say of an engine that somebody may have installed for something else. */
import type { Outcome } from '../../doors.ts';

export const presentEngines = [
  'docker',
  'podman-machine',
  'apple-container',
  'multipass',
  'virtualbox',
] as const;
export type PresentEngine = (typeof presentEngines)[number];

/** A machine or container that is in an engine already; its name was anybody's choice. */
export interface Tenant {
  readonly untrustedName: string;
  readonly isRunning: boolean;
}

/** Each case has a sentence of its own (`present.…`). */
export type Presence =
  /** It answers and could carry a home. */
  | { readonly is: 'ready'; readonly version: string; readonly tenants: readonly Tenant[] }
  /** Starting it is all that is missing. */
  | { readonly is: 'not-running' }
  /** It was never made ready for use. */
  | { readonly is: 'not-set-up' }
  | { readonly is: 'too-old'; readonly version: string; readonly needs: string }
  /** What is here gives its orders to another computer. */
  | { readonly is: 'elsewhere' }
  /** This person may not use it. */
  | { readonly is: 'not-permitted' }
  | { readonly is: 'absent' }
  /** Asked, and no answer that says anything: neither there nor not there. */
  | { readonly is: 'unknown'; readonly detail: string };

/** An engine that was looked for, under the name that people know it by. */
export interface Found {
  readonly engine: PresentEngine;
  readonly name: string;
  readonly presence: Presence;
}

const maxTenants = 50;

/** Names with nothing unseen in them, and not too many. */
export function tenantsFrom(
  found: readonly { readonly name: string; readonly isRunning: boolean }[],
): Tenant[] {
  return found.slice(0, maxTenants).map(({ name, isRunning }) => ({
    untrustedName: name.replace(/[\p{C}\p{Z}]+/gu, ' ').slice(0, 100),
    isRunning,
  }));
}

/** What became of a question to an engine, as far as it says nothing about that engine alone. */
export function unknownFrom(outcome: Outcome): Presence {
  switch (outcome.is) {
    case 'not-found':
      return { is: 'absent' };
    case 'timed-out':
      return { is: 'unknown', detail: 'no answer in time' };
    case 'killed':
      return { is: 'unknown', detail: outcome.by };
    case 'exited': {
      const lines = outcome.stderr.split('\n').filter((line) => line.trim() !== '');
      return { is: 'unknown', detail: (lines.at(-1) ?? `exit code ${outcome.code}`).slice(0, 300) };
    }
  }
}
