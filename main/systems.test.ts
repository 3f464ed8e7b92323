/** No code outside host/ and sandbox/ knows which system it is on: read in the code itself. */
import { readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';

const main = import.meta.dirname;

/** Whatever tells one system from another, or is there on one only. */
const tells: readonly RegExp[] = [
  /\bprocess\.(?:platform|arch|getuid|geteuid|getgid|umask)\b/,
  /\b(?:platform|homedir|userInfo|tmpdir)\(\)/,
  /\b(?:win32|darwin)\b/,
  /\benv(?:ironment)?\.(?:HOME|USERPROFILE|APPDATA|LOCALAPPDATA|XDG_\w+|LANG|DISPLAY)\b/,
  /['"`]\/(?:proc|sys|etc|dev|run|tmp|usr|Library|Users|home)\b/,
  /['"`][A-Z]:\\\\/,
  /\.exe\b|\bHKEY_|\bHKLM\b|\bHKCU\b/,
  /from 'node:child_process'/,
  /from '[./]*\/host\/(?:linux|windows|macos)\//,
];

/** Programs that run inside a home, which is a Linux whatever is outside, and what says of it where things are. */
const inside = ['proof/inside.ts', 'openclaw/npm-word.ts'];

async function sources(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile() && /\.ts$/.test(entry.name) && !/\.test\.ts$/.test(entry.name))
    .map((entry) => relative(main, join(entry.parentPath, entry.name)))
    .filter((path) => !/^(?:host|sandbox|testing)\/|\/testing\//.test(path));
}

/** Code without its comments: those may say on which system something was seen. */
const withoutComments = (text: string) => text.replace(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm, '');

const findings = async () =>
  (await sources(main))
    .filter((path) => !inside.includes(path))
    .flatMap((path) => {
      const lines = withoutComments(readFileSync(join(main, path), 'utf8')).split('\n');
      return lines
        .filter((line) => tells.some((tell) => tell.test(line)))
        .map((line) => `${path}: ${line.trim()}`);
    });

describe('what knows which system it is on', () => {
  it('lies in host/ and sandbox/, but for the app’s own start', async () => {
    const found = await findings();
    // The one place that hands the environment and the system's name on.
    expect(found.filter((line) => !line.startsWith('index.ts: '))).toEqual([]);
    expect(found.filter((line) => line.startsWith('index.ts: '))).toEqual([
      'index.ts: const isRoot = process.getuid?.() === 0;',
    ]);
  });

  it('asks Node for the system in two files only', async () => {
    const entries = await readdir(main, { withFileTypes: true, recursive: true });
    const asking = entries
      .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.name.endsWith('.test.ts'))
      .map((entry) => relative(main, join(entry.parentPath, entry.name)))
      .filter((path) =>
        /\bprocess\.platform\b/.test(withoutComments(readFileSync(join(main, path), 'utf8'))),
      );
    expect(asking.sort()).toEqual(['host/doors.ts', 'host/this-system.ts']);
  });

  it('would be found', () => {
    const lines = [
      "if (process.platform === 'win32')",
      "readFile('/proc/self/status')",
      "join('C:\\\\Users', name)",
      "execFile('reg.exe')",
      'environment.LOCALAPPDATA',
      'homedir()',
      "import { x } from '../host/linux/x.ts';",
    ];
    for (const line of lines)
      expect(
        tells.some((tell) => tell.test(line)),
        line,
      ).toBe(true);
    expect(withoutComments('/** On Linux /proc says so. */ const a = 1; // C:\\x\n')).not.toMatch(/proc|C:/);
  });
});
