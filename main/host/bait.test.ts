import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createBait } from './bait.ts';
import { testFolder } from './test-folder.ts';

describe('the bait', () => {
  it('holds its words, for this person alone, in the place of the one before', async () => {
    const bait = createBait(join(await testFolder(), 'new'));
    const file = await bait.lay('first');
    expect(await bait.lay('second')).toBe(file);
    expect(await readFile(file, 'utf8')).toBe('second');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  it('is taken away, once and once more', async () => {
    const bait = createBait(await testFolder());
    const file = await bait.lay('words');
    await bait.takeAway();
    await bait.takeAway();
    await expect(stat(file)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
