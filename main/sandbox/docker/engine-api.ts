/** Asks the engine itself, without its program, where that keeps what it knows to itself: how a download goes. */
import { request } from 'node:http';
import { Cancelled } from '../../problem.ts';

/** More than this of one answer is no progress report (bytes in one line). */
const longestLine = 64 * 1024;

export interface Told {
  readonly status: number;
  /** What it said at last, or all of it where that was an error; bounded. */
  readonly last: string;
}

/**
 * Has the engine do something that it reports on, line by line.
 *
 * @param host `unix:///…` or `npipe:////./pipe/…`
 * @param path with its query
 * @param onLine each line as it comes, untrusted
 * @returns null when the engine can't be reached, or went away in the middle
 * @throws Cancelled; the engine then stops what it does
 */
export type Tell = (
  host: string,
  path: string,
  onLine: (untrustedLine: string) => void,
  signal: AbortSignal,
) => Promise<Told | null>;

const socketOf = (host: string) => host.replace(/^(?:unix|npipe):\/\//, '');

export const tellEngine: Tell = (host, path, onLine, signal) =>
  new Promise((resolve, reject) => {
    const call = request({
      socketPath: socketOf(host),
      path,
      method: 'POST',
      signal,
      headers: { Host: 'docker' },
    });
    call.once('error', () => (signal.aborted ? reject(new Cancelled()) : resolve(null)));
    call.once('response', (answer) => {
      let rest = '';
      let last = '';
      const take = (line: string) => {
        if (line === '') return;
        last = line;
        onLine(line);
      };
      answer.setEncoding('utf8');
      answer.on('data', (chunk: string) => {
        const lines = (rest + chunk).split('\n');
        rest = (lines.pop() ?? '').slice(0, longestLine);
        for (const line of lines) take(line.trim().slice(0, longestLine));
      });
      answer.once('error', () => (signal.aborted ? reject(new Cancelled()) : resolve(null)));
      answer.once('end', () => {
        take(rest.trim());
        resolve({ status: answer.statusCode ?? 0, last });
      });
    });
    call.end();
  });
