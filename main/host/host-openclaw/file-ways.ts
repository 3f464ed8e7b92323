import type { Stats } from 'node:fs';

/** What differs between the files of one system and those of another. */
export interface FileWays {
  /** Whether `.OpenClaw` is `.openclaw`. */
  readonly ignoresCase: boolean;
  /** Whether the system keeps some folders from programs that the person has not let in, and calls that EPERM. */
  readonly hidesFolders: boolean;
  /** Who may do what with it, as the home will have it. */
  modeOf(stats: Stats): number;
  /** The name of a file, as the home will have it. */
  nameInside(name: string): string;
  /**
   * What a link says, as the home will have it.
   *
   * @param link where it lies, `top`: the folder that goes into the home; both absolute
   */
  targetInside(target: string, link: string, top: string): string;
}

/** Linux: the home is one, too. */
export const linuxFiles: FileWays = {
  ignoresCase: false,
  hidesFolders: false,
  modeOf: ({ mode }) => mode & 0o777,
  nameInside: (name) => name,
  targetInside: (target) => target,
};
