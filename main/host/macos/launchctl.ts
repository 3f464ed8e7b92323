/** What launchd knows of a person's agents. Source: launchctl(1), launchd.plist(5). */
import type { Outcome, Run } from '../../doors.ts';

const timeoutMs = 15_000;
/** What `launchctl print` ends with where it knows no such agent. */
const unknownToLaunchd = 113;

/** What `launchctl bootstrap` ends with ("Input/output error") as long as the same one is still ending. Source: openclaw, daemon/launchd. */
const stillEnding = 5;

const textOf = (outcome: Outcome): string | null =>
  outcome.is === 'exited' && outcome.code === 0 && !outcome.truncated ? outcome.stdout : null;

/** Reads `launchctl print-disabled`, which says `"label" => disabled`, or `=> true` before macOS 13; pure. */
export function isDisabled(text: string, label: string): boolean {
  return text.split('\n').some((line) => {
    const [, name, state] = /^\s*"([^"]+)" => (\w+)/.exec(line) ?? [];
    return name === label && (state === 'disabled' || state === 'true');
  });
}

/** The labels in `launchctl list`, loaded whether they run or not; null: it is no such list. Pure. */
export function loadedIn(text: string): ReadonlySet<string> | null {
  const [heading = '', ...rows] = text.split('\n');
  if (!/^PID\s+Status\s+Label\s*$/.test(heading)) return null;
  return new Set(rows.flatMap((row) => /^(?:-|\d+)\t-?\d+\t(.+)$/.exec(row)?.[1] ?? []));
}

/** The agents of a person who is logged in. */
export interface Launchctl {
  /** Labels of what is loaded; null: launchd doesn't tell. */
  loaded(signal: AbortSignal): Promise<ReadonlySet<string> | null>;
  /** Of which labels it is written down that they don't start; null: launchd doesn't tell. */
  disabled(signal: AbortSignal): Promise<((label: string) => boolean) | null>;
  /** Whether one is loaded; null: launchd doesn't tell. */
  isLoaded(label: string, signal: AbortSignal): Promise<boolean | null>;
  /** Asks it to end with all that it started; whether it has is to be seen. */
  bootOut(label: string, signal: AbortSignal): Promise<void>;
  /** Loads one from its file, which starts it where it is made so; false: not before the last one has ended. */
  bootstrap(file: string, signal: AbortSignal): Promise<boolean>;
  /** Starts one that is loaded and doesn't run. */
  kickstart(label: string, signal: AbortSignal): Promise<void>;
}

export function createLaunchctl(run: Run, uid: number): Launchctl {
  const launchctl = (args: readonly string[], signal: AbortSignal) =>
    run({ file: '/bin/launchctl', args, timeoutMs, signal });
  const domain = `gui/${uid}`;
  return {
    async loaded(signal) {
      const text = textOf(await launchctl(['list'], signal));
      return text === null ? null : loadedIn(text);
    },
    async disabled(signal) {
      const text = textOf(await launchctl(['print-disabled', domain], signal));
      if (text === null || !/disabled services = \{/.test(text)) return null;
      return (label) => isDisabled(text, label);
    },
    async isLoaded(label, signal) {
      const answer = await launchctl(['print', `${domain}/${label}`], signal);
      if (answer.is !== 'exited') return null;
      if (answer.code === 0) return true;
      return answer.code === unknownToLaunchd ? false : null;
    },
    async bootOut(label, signal) {
      await launchctl(['bootout', `${domain}/${label}`], signal);
    },
    async bootstrap(file, signal) {
      const answer = await launchctl(['bootstrap', domain, file], signal);
      return answer.is !== 'exited' || answer.code !== stillEnding;
    },
    async kickstart(label, signal) {
      await launchctl(['kickstart', `${domain}/${label}`], signal);
    },
  };
}
