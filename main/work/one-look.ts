import type { Doors } from '../doors.ts';

/** Remembers the promise of the first call, for one look only. */
function once<T>(ask: (signal: AbortSignal) => Promise<T>): (signal: AbortSignal) => Promise<T> {
  let answer: Promise<T> | null = null;
  return (signal) => {
    answer ??= ask(signal);
    return answer;
  };
}

/**
 * The same doors for the length of one look: what several checks ask of the
 * engine is asked once, so that a look is quick and its findings fit together.
 */
export function forOneLook(doors: Doors): Doors {
  const { sandbox } = doors;
  return {
    ...doors,
    sandbox: {
      ...sandbox,
      probe: once((signal) => sandbox.probe(signal)),
      inspect: once((signal) => sandbox.inspect(signal)),
      observe: once((signal) => sandbox.observe(signal)),
    },
  };
}
