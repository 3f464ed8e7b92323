import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PrivateData } from '../doors.ts';
import { zip } from '../private-data/testing/archives.ts';
import { idSentence } from '../private-data/testing/secrets.ts';
import { createPrivateData } from './private-data.ts';
import { testFolder } from './test-folder.ts';

const entry = join(import.meta.dirname, '../private-data/scan-worker.ts');
const never = new AbortController().signal;

describe('searching for private data', () => {
  let folder: string;
  let door: PrivateData;
  beforeEach(async () => {
    folder = await testFolder();
    door = createPrivateData({ entry, log: { info() {}, error: console.error } });
  });
  afterEach(() => door.close());
  const look = (patience = 30_000) => door.look([{ place: 'shared', folder }], patience, never);

  it('finds it', async () => {
    await writeFile(join(folder, 'a.txt'), idSentence);
    await writeFile(join(folder, 'b.zip'), await zip({ 'in/c.txt': idSentence }));
    await writeFile(join(folder, 'plain.txt'), 'nothing');
    expect(await look()).toMatchObject({
      files: [{ untrustedPath: 'a.txt' }, { untrustedPath: 'b.zip', untrustedWithin: 'in/c.txt' }],
      isWhole: true,
      looked: 3,
    });
  });
});
