/** Starts the machine and waits until the system inside answers. */
import { writeFile } from 'node:fs/promises';
import type { Clock, Run } from '../../doors.ts';
import { readBounded } from '../../host/files.ts';
import { ProblemError } from '../../problem.ts';
import { launchCommand } from '../launch.ts';
import type { Report } from '../sandbox.ts';
import type { OpenGuest } from '../ssh/guest.ts';
import type { Control } from './control.ts';
import { verdictNow } from './engine.ts';
import { type Ended, endedFrom } from './launch.ts';
import type { Places } from './names.ts';
import { findRunning } from './process.ts';

/** How often it is looked whether it is there (ms). */
const every = 1_000;

export interface BootOptions {
  readonly run: Run;
  readonly clock: Clock;
  readonly places: Places;
  readonly control: Control;
  readonly guest: OpenGuest;
  /** How long it may take until the guest answers (ms). */
  readonly patience: number;
  /** A machine whose console has said nothing at all for so long makes no progress (ms). */
  readonly silence: number;
  /** Ends the machine, whatever it does. */
  readonly kill: () => Promise<void>;
}

function problemOfEnd(ended: Exclude<Ended, { is: 'no-virtualization' }>): ProblemError {
  switch (ended.is) {
    case 'port-taken':
      return new ProblemError('port-taken', { port: ended.port, program: '?' }, ['try-again']);
    case 'no-fence':
      return new ProblemError('fence-failed', { detail: ended.detail }, ['try-again', 'open-log']);
    case 'failed':
      return new ProblemError('machine-failed', { detail: ended.detail }, ['try-again', 'open-log']);
  }
}

/** Writes down that this computer's virtualization doesn't work, and says so. */
async function noVirtualization({ places, kill }: BootOptions, detail: string): Promise<ProblemError> {
  await kill();
  await writeFile(places.verdict, await verdictNow(), { mode: 0o600 });
  return new ProblemError('virtualization-broken', { detail }, ['check-now', 'open-log']);
}

/**
 * @param argv QEMU in its jail; null: it was started already, and is only waited for
 * @throws ProblemError when it can't be started or nobody answers; a machine of no use doesn't go on then
 */
export async function boot(
  options: BootOptions,
  argv: readonly string[] | null,
  report: Report,
): Promise<void> {
  const { run, clock, places, control, guest, patience, silence, kill } = options;
  const { signal, log } = report;
  const begun = clock.monotonic();
  if (argv !== null) {
    const launched = await run(launchCommand(places.words, argv, signal));
    if (launched.is !== 'exited' || launched.code !== 0)
      throw new ProblemError('machine-failed', { detail: 'launch' }, ['try-again', 'open-log']);
  }
  try {
    for (;;) {
      await clock.sleep(every, signal);
      const waited = clock.monotonic() - begun;
      report.progress(Math.min(waited, patience), patience);
      const ended = endedFrom((await readBounded(places.words)) ?? '');
      if (ended?.is === 'no-virtualization') throw await noVirtualization(options, ended.detail);
      if (ended !== null) throw problemOfEnd(ended);
      if ((await findRunning(places)) === null) {
        if (argv === null || waited > patience)
          throw new ProblemError('machine-no-answer', {}, ['try-again', 'open-log']);
        continue;
      }
      const runState = await control.runState(signal);
      const console = await control.untrustedConsole(signal);
      if (runState === 'internal-error') throw await noVirtualization(options, 'KVM internal error');
      if (runState === 'io-error') throw new ProblemError('no-room-on-disk', {}, ['try-again']);
      if (waited > silence && console === '') throw await noVirtualization(options, 'no progress');
      if (runState === 'guest-panicked' || waited > patience) {
        log(`it gives no answer: ${runState ?? 'silent'}`);
        throw new ProblemError('machine-no-answer', {}, ['try-again', 'open-log']);
      }
      const noAnswer = await guest.knock(signal);
      if (noAnswer === null) return;
      if (noAnswer !== 'silent')
        throw new ProblemError('machine-host-key-changed', {}, ['check-now', 'open-log']);
    }
  } catch (error) {
    // What nobody waits for any more must not go on by itself.
    await kill();
    throw error;
  }
}
