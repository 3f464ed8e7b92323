/** What an administrator may be asked for on a Mac, through the system's own prompt. */
import type { AdminTaskId } from '../../contract.ts';
import type { Admin, Consent, Outcome, Run } from '../../doors.ts';
import { shellLine } from './shell-line.ts';

/** An installation may take its time, and the person types a password first (ms). */
const timeoutMs = 1_800_000;

/** Programs by their absolute path, with their arguments, in the order they run. */
export type AdminTasks = Partial<Record<AdminTaskId, readonly (readonly string[])[]>>;

export interface MacAdminOptions {
  readonly run: Run;
  /** The compiled list. A home that Lima keeps needs no administrator at all. */
  readonly tasks: AdminTasks;
  /** What the prompt says; macOS puts who asks before it. */
  readonly prompt: (task: AdminTaskId) => string;
}

/**
 * The order for the prompt; pure. The script is the same for everything: what runs and what is said come as
 * arguments of it, so nothing is ever quoted for AppleScript. Source: osascript(1), `do shell script`.
 */
export function promptOrder(argvs: readonly (readonly string[])[], prompt: string): string[] {
  const script = [
    'on run argv',
    'do shell script (item 1 of argv) with prompt (item 2 of argv) with administrator privileges without altering line endings',
    'end run',
  ];
  const lines = ['set -e', ...argvs.map(shellLine)].join('\n');
  return [...script.flatMap((line) => ['-e', line]), lines, prompt];
}

/** The {@link Admin} of a Mac. */
export function createMacAdmin({ run, tasks, prompt }: MacAdminOptions): Admin {
  return {
    async commands(task) {
      return (tasks[task] ?? []).map(shellLine);
    },
    async run(task, { signal, log }) {
      const argvs = tasks[task] ?? [];
      // A program that is found by its name could be anybody's.
      if (argvs.length === 0 || !argvs.every(([program]) => program?.startsWith('/')))
        return { is: 'failed', detail: 'this system is not known' };
      const outcome = await run({
        file: '/usr/bin/osascript',
        args: promptOrder(argvs, prompt(task)),
        timeoutMs,
        signal,
      });
      if (outcome.is === 'exited')
        for (const line of `${outcome.stdout}\n${outcome.stderr}`.split(/[\r\n]+/))
          if (line !== '') log(line);
      return consentFrom(outcome);
    },
  };
}

/** Numbers of macOS's at the end of what osascript says. Source: MacErrors.h, Authorization.h. */
const dismissed = [-128, -60_006];
/** Wrong password, not allowed, nobody there to be asked. */
const refused = [-60_005, -60_007, -60_008, -1713];

/**
 * What became of a request to osascript; pure. Its words are in the system's language, its numbers are not; a
 * command that failed has its own exit code there, which is never below zero.
 */
export function consentFrom(outcome: Outcome): Consent {
  switch (outcome.is) {
    case 'not-found':
      return { is: 'refused', detail: 'osascript is not there' };
    case 'timed-out':
      return { is: 'failed', detail: 'it took too long' };
    case 'killed':
      return { is: 'failed', detail: outcome.by };
    case 'exited': {
      if (outcome.code === 0) return { is: 'done' };
      const lines = outcome.stderr.split(/[\r\n]+/).filter((line) => line.trim() !== '');
      const detail = (lines.at(-1) ?? '').slice(-300);
      const number = Number(/\((-?\d+)\)\s*$/.exec(detail)?.[1] ?? Number.NaN);
      if (dismissed.includes(number)) return { is: 'dismissed' };
      return refused.includes(number) ? { is: 'refused', detail } : { is: 'failed', detail };
    }
  }
}
