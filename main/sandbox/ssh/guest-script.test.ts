/** The script runs here as it does inside, with what SSH would hand to it; only root's own words differ. */
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { testFolder } from '../../host/test-folder.ts';
import { callVariable } from '../reap.ts';
import { mostWords, oneWord, runScript } from './guest-script.ts';

/** Prints its arguments as JSON. */
const say = [process.execPath, '-e', 'console.log(JSON.stringify(process.argv.slice(1)))', '--'];
/** Any text that a program can be given. */
const words = fc.array(
  fc
    .oneof(
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.constantFrom(
        '',
        ' ',
        '\n',
        "'",
        '"',
        '$(id)',
        '`id`',
        '; id',
        '-e',
        '--',
        '*',
        '~',
        '\\',
        '\r\n',
        '$HOME',
        '小龙虾',
        '\u0007',
        '!!',
      ),
    )
    .map((text) => text.replaceAll('\0', '')),
  { maxLength: 12 },
);

let script: string;
beforeAll(async () => {
  script = join(await testFolder(), 'run');
  await writeFile(script, runScript, { mode: 0o755 });
});
const through = (word: string) =>
  promisify(execFile)('bash', [script], { env: { SSH_ORIGINAL_COMMAND: word } }).catch((error) => error);

describe('a command on its way in', () => {
  it('arrives word for word, whatever its words hold', async () => {
    const check = fc.asyncProperty(words, async (argv) => {
      const { stdout } = await through(oneWord('mark', [...say, ...argv]));
      expect(JSON.parse(stdout)).toEqual(argv);
    });
    await fc.assert(check, { numRuns: 40 });
  }, 120_000);

  it('is one word of letters that no shell reads anything into', async () => {
    await fc.assert(
      fc.property(words, (argv) => {
        expect(oneWord('mark', ['true', ...argv])).toMatch(/^[A-Za-z0-9+/]+=*$/);
      }),
    );
  });

  it('is marked, and knows nothing of the way it came', async () => {
    const { stdout } = await through(oneWord('m4rk', ['env']));
    expect(stdout.split('\n')).toContain(`${callVariable}=m4rk`);
    expect(stdout).not.toContain('SSH_');
  });

  it('ends as what was run ends', async () => {
    expect((await through(oneWord('m', ['sh', '-c', 'exit 7']))).code).toBe(7);
    expect((await through(oneWord('m', ['/no/such/program']))).code).toBe(127);
  });

  it.each([
    ['nothing at all', ''],
    ['what is no word of ours', 'id; reboot'],
    ['a mark alone', Buffer.from('mark\0').toString('base64')],
  ])('runs nothing for %s', async (_, word) => {
    const { code, stderr } = await through(word);
    expect(code).toBe(64);
    expect(stderr).toContain('nothing to run');
  });

  it('refuses what no program can be given', () => {
    expect(() => oneWord('m', [])).toThrow('nothing');
    expect(() => oneWord('m', ['echo', 'a\0b'])).toThrow('NUL');
    expect(() => oneWord('m', ['echo', 'x'.repeat(mostWords)])).toThrow('too many');
  });

  it('may be as long as it is allowed to be', async () => {
    const long = 'x'.repeat(mostWords - 200);
    const { stdout } = await through(oneWord('m', ['sh', '-c', 'printf %s "$1" | wc -c', 'sh', long]));
    expect(Number(stdout)).toBe(long.length);
  });
});
