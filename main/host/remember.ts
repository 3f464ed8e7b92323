/**
 * Asks for a fact that doesn't change while ClawCove runs, and keeps the answer.
 * A failure is not kept: the next one who wants to know asks anew.
 */
export function remember<T>(ask: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | null = null;
  return () => {
    answer ??= ask().catch((error) => {
      answer = null;
      throw error;
    });
    return answer;
  };
}
