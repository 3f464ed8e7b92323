import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { testFolder } from '../../host/test-folder.ts';
import type { HomeSpec } from '../sandbox.ts';
import { type Given, givenFiles } from './given.ts';
import { givenInside } from './names.ts';
import { withGivenEnvironment } from './unit.ts';

const words = ['a b', '$(id) `id` $HOME', '--help', 'two\nlines\n', '', '🦞', '%h "x" \\'];
const print =
  'process.stdout.write(JSON.stringify([process.argv.slice(1), process.env.PLAIN, process.env.KEY]))';
const spec: HomeSpec = {
  image: `name@sha256:${'a'.repeat(64)}`,
  version: '2026.9.6',
  port: 18_789,
  sharedFolder: '/shared',
  memoryBytes: 1,
  cpus: 1,
  pids: 1,
  command: [process.execPath, '-e', print, '--', ...words],
  environment: { PLAIN: 'a "quoted" $value\nof two lines\n' },
  secrets: [
    { id: 'gateway', as: 'file' },
    { id: 'model-key', as: 'environment', name: 'KEY' },
  ],
  certificates: null,
  fence: { refused: [], allowed: [] },
};
const given: Given = {
  spec,
  surroundings: { environment: { PATH: '/usr/bin:/bin' }, workingFolder: '/' },
  secrets: new Map([
    ['gateway', { id: '1', value: '{"token":"t"}' }],
    ['model-key', { id: '2', value: 'sk-secret' }],
  ]),
  agentId: 1000,
};

describe('what a home is given', () => {
  it('keeps secrets for the agent’s eyes, and lets nobody write', () => {
    const files = givenFiles('home', given);
    const secret = files.filter(({ text }) => /sk-secret|token/.test(text));
    expect(secret.map(({ path, mode, owner }) => [path, mode, owner])).toEqual([
      ['/etc/clawcove/given/gateway.json', '400', 1000],
      ['/etc/clawcove/given/environment/KEY', '400', 1000],
    ]);
    expect(
      files.filter((file) => !secret.includes(file)).every(({ mode, owner }) => mode === '444' && !owner),
    ).toBe(true);
  });

  it('arrives untouched, as command and as environment', async () => {
    const folder = await testFolder();
    const here = (text: string) => text.replaceAll(givenInside, folder);
    for (const { path, text } of givenFiles('once', given)) {
      const file = join(folder, path.slice('/run/clawcove-once'.length));
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, here(text));
    }
    const options = { env: { PATH: '/usr/bin:/bin' } };
    const begun = await promisify(execFile)('/bin/sh', [join(folder, 'begin')], options);
    const expected = [words, spec.environment.PLAIN, 'sk-secret'];
    expect(JSON.parse(begun.stdout)).toEqual(expected);
    const [file, ...args] = [...withGivenEnvironment.map(here), ...spec.command];
    expect(JSON.parse((await promisify(execFile)(file ?? '', args, options)).stdout)).toEqual(expected);
  });

  it('has no names that lead elsewhere', () => {
    const environment = { '../../etc/passwd': 'x' };
    expect(() => givenFiles('home', { ...given, spec: { ...spec, environment } })).toThrow();
  });
});
