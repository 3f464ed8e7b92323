import type { RunningGateway } from './parts.ts';

export type Word = 'SIGTERM' | 'SIGKILL';

/** Sends a word to a process; throws where there is none, or it is not this person's. */
export type Kill = (pid: number, word: Word) => void;
export const systemKill: Kill = (pid, word) => void process.kill(pid, word);

/**
 * Sends a word to what is still the same process, where a system knows such words.
 *
 * @param birthOf when a process was started, as it was told before; null: it is gone
 */
export async function signalTo(
  running: readonly Pick<RunningGateway, 'pid' | 'birth'>[],
  word: Word,
  birthOf: (pid: number) => Promise<string | null>,
  kill: Kill = systemKill,
): Promise<void> {
  for (const { pid, birth } of running)
    if ((await birthOf(pid)) === birth)
      try {
        kill(pid, word);
      } catch {
        // It has ended meanwhile.
      }
}
