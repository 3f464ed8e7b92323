import type { Limits } from './limits.ts';

/** A file, or a part of it, can't be looked into: damaged, locked, of a kind that we can't read. */
export class Unreadable extends Error {
  override readonly name: string = 'Unreadable';
}

/** Nothing more of this file is looked into. */
export class Spent extends Unreadable {
  override readonly name = 'Spent';
}

/** What may still be spent on a file. */
export interface Budget {
  readonly limits: Limits;
  /** @throws Spent when that is more than is left, of bytes or of time */
  spend(bytes: number): void;
}

/** @param worked how long has been worked, from some moment on (ms) */
export function createBudget(limits: Limits, worked: () => number): Budget {
  const end = worked() + limits.patience;
  let left = limits.bytes;
  return {
    limits,
    spend(bytes) {
      left -= bytes;
      if (left < 0) throw new Spent('more than is read of one file');
      if (worked() > end) throw new Spent('longer than is read of one file');
    },
  };
}
