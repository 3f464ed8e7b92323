import type { Run } from '../doors.ts';

const timeoutMs = 5_000;
/** NetworkManager's own numbers: 1 yes, 2 no, 3 and 4 the same as guesses, 0 unknown. Source: its D-Bus API, NMMetered. */
const metered = [1, 3];
const free = [2, 4];

/**
 * Whether the connection that this computer's traffic goes through costs by the byte. Asked of
 * the manager itself: what its devices say one by one counts cables that carry nothing.
 */
export async function isMetered(run: Run, signal: AbortSignal): Promise<boolean | null> {
  const manager = 'org.freedesktop.NetworkManager';
  // Where it doesn't run, somebody else looks after the network: then it must not be started for a question.
  const call = ['get-property', manager, '/org/freedesktop/NetworkManager', manager, 'Metered'];
  const args = ['--auto-start=no', ...call];
  const outcome = await run({ file: 'busctl', args, timeoutMs, signal });
  return outcome.is === 'exited' && outcome.code === 0 ? meteredFrom(outcome.stdout) : null;
}

/** What NetworkManager's answer (`u 4`) means; null when it says neither; pure. */
export function meteredFrom(answer: string): boolean | null {
  const number = Number(/^u (\d)$/.exec(answer.trim())?.[1] ?? 0);
  if (metered.includes(number)) return true;
  return free.includes(number) ? false : null;
}
