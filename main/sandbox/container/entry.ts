/** With what a sandbox begins before it becomes its command: its secrets, and the fence around it. Pure. */

export interface Entry {
  /** A command that finds the secrets in its environment. */
  withSecrets(command: readonly string[]): string[];
  /** The same, for a sandbox that has a network: it ends at once where no fence stands around that. */
  behindFence(command: readonly string[]): string[];
  /** The command behind either; any other one unchanged. */
  commandItself(command: readonly string[]): string[];
}

/**
 * Secret files become environment variables, and the shell becomes the command: an engine's own way
 * shows the values to everybody who may ask it to `inspect`. Constant: names come from the files'
 * names, the command as arguments.
 *
 * @param readSecrets shell words that export what lies in files
 * @param demandFence shell words that end it where no fence stands
 */
export function createEntry(readSecrets: string, demandFence: string): Entry {
  const become = `${readSecrets}; exec "$@"`;
  const shell = (script: string) => ['/bin/sh', '-c', script, 'clawcove'];
  const [withSecrets, behindFence] = [shell(become), shell(`${demandFence}; ${become}`)];
  return {
    withSecrets: (command) => [...withSecrets, ...command],
    behindFence: (command) => [...behindFence, ...command],
    commandItself(command) {
      const ours = [withSecrets, behindFence].find((words) =>
        words.every((word, index) => command[index] === word),
      );
      return command.slice(ours?.length ?? 0);
    },
  };
}
