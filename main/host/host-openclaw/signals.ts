import type { RunningGateway } from './parts.ts';

/**
 * Sends a word to what is still the same process, where a system knows such words.
 *
 * @param birthOf when a process was started, as it was told before; null: it is gone
 */
export async function signalTo(
  running: readonly Pick<RunningGateway, 'pid' | 'birth'>[],
  word: 'SIGTERM' | 'SIGKILL',
  birthOf: (pid: number) => Promise<string | null>,
): Promise<void> {
  for (const { pid, birth } of running)
    if ((await birthOf(pid)) === birth)
      try {
        process.kill(pid, word);
      } catch {
        // It has ended meanwhile.
      }
}
