/** What is new in a version, in its makers' words. They come out of the sandbox: hostile text. */
import type { Sandbox } from '../sandbox/sandbox.ts';

const timeoutMs = 15_000;
/** The newest version stands first in the file; a month of changes is 120 kB. */
const maxBytes = 64 * 1024;
const mostNotes = 6;
const longestNote = 240;

/** Beside the program that runs, wherever its image keeps it. Constant. */
const argv = [
  'sh',
  '-c',
  `head -c ${maxBytes} "$(dirname "$(realpath "$(command -v openclaw)")")/CHANGELOG.md"`,
] as const;

/** The notes of the version that runs; empty when there are none, or nobody can be asked. */
export async function readNotes(sandbox: Sandbox, version: string, signal: AbortSignal): Promise<string[]> {
  const { exitCode, untrustedOut } = await sandbox.exec('agent', argv, { timeoutMs, maxBytes, signal });
  return exitCode === 0 ? notesFrom(untrustedOut, version) : [];
}

/** The first points under a version's heading, as plain text; pure. */
export function notesFrom(untrusted: string, version: string): string[] {
  const lines = untrusted.slice(0, maxBytes).split('\n');
  const start = lines.findIndex((line) => line.trim() === `## ${version}`);
  if (start < 0) return [];
  const rest = lines.slice(start + 1);
  const end = rest.findIndex((line) => line.startsWith('## '));
  return rest
    .slice(0, end < 0 ? rest.length : end)
    .filter((line) => /^[-*] /.test(line))
    .map(plain)
    .filter((note) => note !== '')
    .slice(0, mostNotes);
}

/** One point without marks, numbers of requests, thanks and anything that isn't seen, cut where it gets long. */
function plain(line: string): string {
  const text = line
    .slice(2, 2_000)
    // Control characters, and what turns the direction of text around.
    .replaceAll(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}]/gu, '')
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replaceAll(/\s*\((?:#\d+(?:,\s*)?)+\)/g, '')
    .replace(/\s*Thanks @.*$/, '')
    .replaceAll(/[`*_<>]/g, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
  return text.length <= longestNote ? text : `${text.slice(0, longestNote).replace(/\s+\S*$/, '')}…`;
}
