import { useSyncExternalStore } from 'react';
import type { AppBridge, Intent, Problem, Snapshot } from '../main/contract.ts';

/** What the window knows: main's Snapshot, and the last intent that main refused. */
interface Known {
  readonly snapshot: Snapshot | null;
  readonly refused: Problem | null;
}

let known: Known = { snapshot: null, refused: null };
let bridge: AppBridge | null = null;
const listeners = new Set<() => void>();

function learn(news: Partial<Known>): void {
  known = { ...known, ...news };
  for (const tell of listeners) tell();
}

function subscribe(tell: () => void): () => void {
  listeners.add(tell);
  return () => listeners.delete(tell);
}

/** Follows main's Snapshot from now on; called once, before the first render. */
export function watchMain(app: AppBridge): void {
  bridge = app;
  app.onSnapshot((snapshot) => learn({ snapshot }));
  app.snapshot().then(
    // A pushed Snapshot is never older than the one asked for.
    (snapshot) => known.snapshot ?? learn({ snapshot }),
    () => undefined,
  );
}

/** Tells main that the window shows what it has to show: what was put off for its sake can begin. */
export function tellDrawn(): void {
  bridge?.drawn();
}

/** The Snapshot as it is now; null until main has sent the first. */
export function useSnapshot(): Snapshot | null {
  return useSyncExternalStore(subscribe, () => known.snapshot);
}

/** Why main refused the last intent, until the person has read it. */
export function useRefusal(): Problem | null {
  return useSyncExternalStore(subscribe, () => known.refused);
}

/** Forgets the refusal. */
export function forgetRefusal(): void {
  learn({ refused: null });
}

const unheard: Problem = { code: 'unexpected', facts: { detail: '' }, next: ['try-again'] };

/**
 * Asks main for something. Resolves to whether main accepted it; a refusal is
 * kept for {@link useRefusal}, so callers needn't look.
 */
export async function send(intent: Intent): Promise<boolean> {
  if (known.refused !== null) forgetRefusal();
  try {
    const reply = await bridge?.do(intent);
    if (reply?.ok) return true;
    learn({ refused: reply?.problem ?? unheard });
  } catch {
    // Never the error itself: its text could repeat what was sent, a key included.
    learn({ refused: unheard });
  }
  return false;
}
