/** The estimate needs this much time and progress behind it before it is worth showing (ms). */
const settleTime = 2_000;

/**
 * Makes an estimator of the time left, from the average speed since its first call.
 *
 * The estimator takes the time (ms), what is done and the whole (any unit), and
 * returns whole seconds, or null while it can't tell.
 */
export function timeLeft(): (now: number, done: number, of: number | null) => number | null {
  let first: { at: number; done: number } | null = null;
  return (now, done, of) => {
    first ??= { at: now, done };
    const elapsed = now - first.at;
    const gained = done - first.done;
    if (of === null || elapsed < settleTime || gained <= 0) return null;
    return Math.max(0, Math.round(((of - done) * elapsed) / gained / 1000));
  };
}
