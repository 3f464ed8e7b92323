import type { ShownAttempt } from './proof.ts';
import { useSay } from './text.ts';

/** What came of an attempt, in words; null while nothing has. */
export function useAttemptWords(): (attempt: Pick<ShownAttempt, 'id' | 'result'>) => string | null {
  const { t, code } = useSay();
  return ({ id, result }) => {
    switch (result.is) {
      case 'stopped':
        return code('stopper', result.by);
      case 'got-through':
        return t(`attempt.${id}.through`);
      case 'could-not-try':
        return code('untried', result.why);
      case 'running':
      case 'waiting':
        return null;
    }
  };
}
