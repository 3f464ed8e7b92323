import { chmodSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import electronLog from 'electron-log/node';
import type { Log } from '../doors.ts';
import { plainLines } from '../plain-text.ts';

/** The log is cut to one old and one new file of this size (bytes). */
const maxSize = 2 * 1024 * 1024;

/** One line of it is never longer than this. */
const maxLine = 4000;

const secretNames = 'token|secret|password|passwd|api[-_]?key|authorization|cookie|bootstrap';

/**
 * Takes out whatever looks like a secret: rather a word too many than a key in a
 * file that people are asked to show to somebody who can help.
 */
export function redact(text: string): string {
  return (
    text
      // A link's fragment is where the gateway's token travels.
      .replace(/(https?:\/\/[^\s#"'<>]*)#[^\s"'<>]+/gi, '$1#…')
      .replace(/(https?:\/\/)[^\s/@"'<>]+@/gi, '$1…@')
      .replace(/\b(bearer|basic)\s+[\w.~+/=-]{6,}/gi, '$1 …')
      .replace(new RegExp(`((?:${secretNames})[\\w-]*["']?\\s*[:=]\\s*["']?)[^\\s"',;&}]+`, 'gi'), '$1…')
      .replace(/\b(?:sk|pk|rk|ghp|gho|xox[abpr]|glpat)[-_][\w-]{8,}/g, '…')
      .replace(/\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*/g, '…')
      // Long runs of hex or base64 are keys; digests are named `sha256:` and stay.
      .replace(
        /(?<![\w/.-])(?<!sha256:[\da-f]{0,64})(?=[\w+/=-]*\d)(?=[\w+/=-]*[a-z])[\w+=-]{32,}(?![\w/.])/gi,
        '…',
      )
  );
}

/** So far behind the end of a line a key may go on that began before it. */
const longestKey = 300;

/**
 * What is written down: bounded before anything looks through it, and without what could make the file say
 * something else to who reads it. What goes on in another line stands apart from the beginnings of entries.
 */
const line = (text: string) =>
  plainLines(redact(text.slice(0, maxLine + longestKey)).slice(0, maxLine)).replaceAll('\n', '\n    ');

/** Everything an error says for somebody who can help, without what it may have carried along. */
function inFull(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? '' : ` (because: ${inFull(error.cause)})`;
  return `${error.stack ?? error.message}${cause}`;
}

/** ClawCove's log: one file that keeps its size and is this person's alone, no console, no secrets. */
export function createLog(file: string): Log {
  const log = electronLog.create({ logId: 'clawcove' });
  log.transports.console.level = false;
  let isFolderReady = false;
  log.transports.file.resolvePathFn = () => {
    // Not before there is something to write: a start as root must leave nothing behind here.
    if (!isFolderReady) {
      mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
      // Also when it was there already: what lies in it is nobody else's business.
      chmodSync(dirname(file), 0o700);
      isFolderReady = true;
    }
    return file;
  };
  log.transports.file.writeOptions = { mode: 0o600, flag: 'a', encoding: 'utf8' };
  log.transports.file.maxSize = maxSize;
  log.transports.file.format = '{y}-{m}-{d} {h}:{i}:{s}.{ms} {level} {text}';
  return {
    info: (message) => log.info(line(message)),
    error: (message, error) =>
      log.error(line(error === undefined ? message : `${message}: ${inFull(error)}`)),
  };
}
