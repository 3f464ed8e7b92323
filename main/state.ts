import type { Snapshot } from './contract.ts';

/** The one Snapshot: everything that shows something subscribes here, so views can't disagree. */
export interface State {
  get(): Snapshot;
  /** Replaces the given parts and tells every subscriber once. */
  update(change: Partial<Snapshot>): void;
  /** Calls back after every change; returns the way to stop. */
  subscribe(listener: (snapshot: Snapshot) => void): () => void;
}

export function createState(first: Snapshot): State {
  let snapshot = first;
  const listeners = new Set<(snapshot: Snapshot) => void>();
  return {
    get: () => snapshot,
    update(change) {
      snapshot = { ...snapshot, ...change };
      for (const listener of listeners) listener(snapshot);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
