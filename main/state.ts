import type { Snapshot } from './contract.ts';

/** The one Snapshot: everything that shows something subscribes here, so views can't disagree. */
export interface State {
  get(): Snapshot;
  /** Replaces the given parts and tells every subscriber once. */
  update(change: Partial<Snapshot>): void;
  /** Calls back after every change; returns the way to stop. */
  subscribe(listener: (snapshot: Snapshot) => void): () => void;
}

/** Out of the way of whoever published, but not lost. */
function throwLater(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}

/**
 * @param onError told of a subscriber that threw: the others are told all the same, and the
 *   work that published goes on
 */
export function createState(first: Snapshot, onError: (error: unknown) => void = throwLater): State {
  let snapshot = first;
  const listeners = new Set<(snapshot: Snapshot) => void>();
  return {
    get: () => snapshot,
    update(change) {
      snapshot = { ...snapshot, ...change };
      for (const listener of listeners) {
        try {
          listener(snapshot);
        } catch (error) {
          onError(error);
        }
      }
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
