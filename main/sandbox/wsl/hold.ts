/**
 * Keeps the distribution awake: WSL puts one to sleep 15 s after the last wsl.exe has gone, whatever services run in it
 * (microsoft/WSL#8854, #13416). One child that sleeps inside is enough, and costs next to nothing.
 */
import type { Run } from '../../doors.ts';
import { Cancelled } from '../../problem.ts';
import { inDistro } from './guest.ts';

/** Node counts no longer than 24 days (ms); the child is then followed by another. */
const longest = 20 * 24 * 3_600_000;

export interface Hold {
  /** Whether the child lives, and with it the distribution. */
  isHeld(): boolean;
  /** Begins; quiet when it is held already. */
  start(): void;
  /** Lets go; the distribution goes to sleep by itself then, unless somebody else holds it. */
  release(): Promise<void>;
}

/** @param file full path of wsl.exe */
export function createHold(run: Run, file: string): Hold {
  let child: { readonly controller: AbortController; readonly ended: Promise<void> } | null = null;

  async function sleepInside(signal: AbortSignal): Promise<void> {
    const args = inDistro(['/bin/sleep', 'infinity']);
    for (;;) {
      const outcome = await run({
        file,
        args,
        timeoutMs: longest,
        signal,
        maxBytes: 10_000,
        encoding: 'latin1',
      });
      if (outcome.is !== 'timed-out') return;
    }
  }

  return {
    isHeld: () => child !== null,
    start() {
      if (child) return;
      const controller = new AbortController();
      const mine = {
        controller,
        ended: sleepInside(controller.signal)
          .catch((error: unknown) => {
            if (!(error instanceof Cancelled)) throw error;
          })
          .finally(() => {
            if (child === mine) child = null;
          }),
      };
      child = mine;
    },
    async release() {
      const held = child;
      child = null;
      held?.controller.abort();
      await held?.ended;
    },
  };
}
