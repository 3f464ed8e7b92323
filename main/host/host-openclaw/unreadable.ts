import type { HostUnseen } from '../../moving-in/found.ts';
import { whyUnseen } from '../../moving-in/found.ts';
import { ProblemError } from '../../problem.ts';
import type { FileWays } from './file-ways.ts';

const codeOf = (error: unknown): unknown =>
  error instanceof Error && 'code' in error ? error.code : undefined;

/** Something that could not be looked at, for whoever looks and for whoever is to be told. */
export class Unseen extends ProblemError {
  readonly unseen: HostUnseen;

  constructor(unseen: HostUnseen) {
    const { code, facts } = whyUnseen(unseen);
    super(code, facts, ['try-again', 'open-log']);
    this.unseen = unseen;
  }
}

/** A program of the system's own, by name, that gave no answer, or none that can be understood. */
export const unanswered = (what: string): Unseen => new Unseen({ is: 'unanswered', what });

/** For `catch`: throws what kept a path from being looked at, in a form that can be told. */
export const unreadable =
  (what: string, { hidesFolders }: Pick<FileWays, 'hidesFolders'>) =>
  (error: unknown): never => {
    if (error instanceof ProblemError) throw error;
    throw new Unseen({
      is: hidesFolders && codeOf(error) === 'EPERM' ? 'protected' : 'unreadable',
      what,
    });
  };
