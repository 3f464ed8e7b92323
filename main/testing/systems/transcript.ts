/**
 * What was run, for a reviewer to read: a line for each command, its words as JSON. In the order of the alphabet: which of
 * two that nobody waits for comes first is chance.
 */
import { createHash } from 'node:crypto';
import { scriptText } from '../../host/windows/powershell.ts';

/** What every question to PowerShell begins with, see powershell.ts: what follows says which it is. */
const [usualBeginning = ''] = scriptText({ body: '=' }).split('=)');
/** Longer words are scripts and the like: their beginning says which. */
const longest = 160;

function shown(word: string): string {
  const plain = word
    .replace(usualBeginning, '… ')
    .replaceAll(/\b[0-9a-f]{64}\b/g, '<sha256>')
    .replaceAll(/\b[0-9a-f]{32}\b/g, '<id>')
    .replaceAll(/clawcove-call-[0-9a-f]{16}/g, 'clawcove-call-<id>')
    .replaceAll(/\.tar\.\w+/g, '.tar')
    .replaceAll(/(@)\d{10}\.\d{3}/g, '$1<now>')
    .replaceAll(/seen-\w{6}/g, 'seen-<id>')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d-]+Z?/g, '<time>');
  if (plain.length <= longest) return plain;
  const mark = createHash('sha256').update(plain).digest('hex').slice(0, 8);
  return `${plain.slice(0, longest)}… (${plain.length} characters, ${mark})`;
}

/** `systemd-run` with its settings, which are tested elsewhere, as one word. */
export function transcriptOf(commands: readonly (readonly string[])[]): string {
  const lines = commands.map((words) => {
    const at = words.indexOf('systemd-run');
    const end = at < 0 ? -1 : words.indexOf('--', at);
    const short = end < 0 ? words : [...words.slice(0, at), 'systemd-run …', ...words.slice(end)];
    return JSON.stringify(short.map(shown));
  });
  return `${[...new Set(lines)].sort().join('\n')}\n`;
}
