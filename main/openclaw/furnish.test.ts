import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import { testFolder } from '../host/test-folder.ts';
import { writeWhole } from './furnish.ts';

it('takes the place of what nobody can read, and keeps that beside it', async () => {
  const folder = await testFolder();
  const file = join(folder, 'openclaw.json');
  const write = (input: string) => execa(process.execPath, ['-e', writeWhole, file], { input });
  await write('{"first": true}');
  expect(await readdir(folder)).toEqual(['openclaw.json']);
  await writeFile(file, '{"mine": 1,, oops');
  await write('{"agreed": true}');
  expect((await readdir(folder)).sort()).toEqual(['openclaw.json', 'openclaw.json.unreadable']);
  expect(await readFile(file, 'utf8')).toBe('{"agreed": true}');
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await readFile(`${file}.unreadable`, 'utf8')).toBe('{"mine": 1,, oops');
});
