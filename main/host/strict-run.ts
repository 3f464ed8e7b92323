/** A double of {@link Run} for tests: knows the commands it was told, and throws at any other. */
import type { Command, Outcome, Run } from '../doors.ts';

export interface StrictRun {
  readonly run: Run;
  /** What was run, as lines. */
  readonly calls: string[];
  /** Commands as they came, for what else they carried. */
  readonly commands: Command[];
}

export const exited = (code: number, stdout = '', stderr = ''): Outcome => ({
  is: 'exited',
  code,
  stdout,
  stderr,
  truncated: false,
});

/**
 * @param answers by line (`podman info --format=json`), or by the line's beginning when it ends with `…`;
 *   several are given in turn, and no further one after the last
 */
export function strictRun(answers: Readonly<Record<string, Outcome | readonly Outcome[]>>): StrictRun {
  const given = new Map<string, number>();
  const calls: string[] = [];
  const commands: Command[] = [];
  return {
    calls,
    commands,
    async run(command) {
      const line = [command.file, ...command.args].join(' ');
      calls.push(line);
      commands.push(command);
      const known = Object.keys(answers).find((key) =>
        key.endsWith('…') ? line.startsWith(key.slice(0, -1)) : key === line,
      );
      if (known === undefined) throw new Error(`unexpected command: ${line}`);
      const answer = inTurn(answers[known] as Outcome | readonly Outcome[], given.get(known) ?? 0);
      if (answer === undefined) throw new Error(`unexpected once more: ${line}`);
      given.set(known, (given.get(known) ?? 0) + 1);
      if (answer.is === 'exited')
        for (const said of `${answer.stdout}${answer.stderr}`.split('\n').filter(Boolean))
          command.onLine?.(said);
      return answer;
    },
  };
}

function inTurn(answers: Outcome | readonly Outcome[], turn: number): Outcome | undefined {
  return 'is' in answers ? answers : answers[turn];
}
