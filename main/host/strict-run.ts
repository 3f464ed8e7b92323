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

/** One that doesn't change; several in turn, and no further one after the last; or whatever comes of the command itself. */
export type Answer = Outcome | readonly Outcome[] | ((command: Command) => Promise<Outcome>);

/** What a program printed, as bytes, for commands that are decoded by their caller. */
export const exitedWith = (code: number, stdout: Buffer, stderr = Buffer.of()): Outcome =>
  exited(code, stdout.toString('latin1'), stderr.toString('latin1'));

/** @param answers by line (`podman info --format=json`), or by the line's beginning when it ends with `…` */
export function strictRun(answers: Readonly<Record<string, Answer>>): StrictRun {
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
      const turn = given.get(known) ?? 0;
      given.set(known, turn + 1);
      const answer = await pick(answers[known] as Answer, turn, command);
      if (answer === undefined) throw new Error(`unexpected once more: ${line}`);
      if (answer.is === 'exited')
        for (const said of `${answer.stdout}${answer.stderr}`.split('\n').filter(Boolean))
          command.onLine?.(said);
      return answer;
    },
  };
}

async function pick(answer: Answer, turn: number, command: Command): Promise<Outcome | undefined> {
  if (typeof answer === 'function') return answer(command);
  return 'is' in answer ? answer : answer[turn];
}
