/**
 * Does one step and says how many seconds it took, on standard error (standard output belongs to the
 * command that `rig.ts run` runs). Errors pass through, named by the step.
 */
export async function step<T>(name: string, work: () => Promise<T>): Promise<T> {
  const began = performance.now();
  const seconds = () => ((performance.now() - began) / 1000).toFixed(1).padStart(6);
  try {
    const result = await work();
    console.error(`[rig] ${seconds()} s  ${name}`);
    return result;
  } catch (error) {
    console.error(`[rig] ${seconds()} s  ${name}: FAILED`);
    throw error;
  }
}

/**
 * Asks every 50 ms until `holds` says yes.
 * @param patienceMs how long to ask, in milliseconds
 * @throws Error naming `what` when the time is over
 */
export async function until(
  what: string,
  patienceMs: number,
  holds: () => boolean | Promise<boolean>,
): Promise<void> {
  const end = performance.now() + patienceMs;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`${what}: not within ${patienceMs / 1000} s`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
