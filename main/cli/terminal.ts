import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { plainLines } from '../plain-text.ts';
import type { Terminal } from './run-command.ts';

/** Exit code of a program that Ctrl+C has ended, as shells expect it. */
const interrupted = 130;

/** More than this on standard input is no key (characters). */
const maxInput = 10_000;

/** The terminal that this process was started from. */
export function createTerminal(process: NodeJS.Process): Terminal {
  const { stdin, stdout, stderr } = process;
  return {
    isInteractive: stdin.isTTY === true && stderr.isTTY === true,
    print: (text) => void stdout.write(`${plainLines(text)}\n`),
    note: (text) => void stderr.write(`${plainLines(text)}\n`),
    ask(question, options) {
      stderr.write(plainLines(question));
      // Readline echoes what is typed to its output; a secret's echo goes nowhere.
      const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
      const reader = createInterface({
        input: stdin,
        output: options?.isSecret ? nowhere : stderr,
        terminal: true,
      });
      return new Promise((resolve) => {
        reader.once('line', (line) => {
          resolve(line);
          reader.close();
        });
        // In raw mode Ctrl+C comes as a key, not as a signal; here it means No.
        reader.once('SIGINT', () => reader.close());
        reader.once('close', () => {
          if (options?.isSecret) stderr.write('\n');
          resolve(null);
        });
      });
    },
    async readAll() {
      let text = '';
      for await (const chunk of stdin.setEncoding('utf8')) {
        text += chunk;
        if (text.length > maxInput) break;
      }
      return text;
    },
    onInterrupt(listener) {
      let count = 0;
      const hear = () => {
        count += 1;
        if (count === 1) listener();
        else process.exit(interrupted);
      };
      process.on('SIGINT', hear);
      return () => process.off('SIGINT', hear);
    },
  };
}
