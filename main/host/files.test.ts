import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readBounded } from './files.ts';

describe('readBounded', () => {
  const fileWith = async (text: string) => {
    const path = join(await mkdtemp(join(tmpdir(), 'clawcove-files-')), 'file');
    await writeFile(path, text);
    return path;
  };

  it('reads what is longer than one piece, letters that lie across two of them too', async () => {
    const text = `x${'澳'.repeat(20_000)}`;
    expect(await readBounded(await fileWith(text))).toBe(text);
  });

  it('reads no more than it was allowed', async () => {
    expect(await readBounded(await fileWith('x'.repeat(40_000)), 20_000)).toBe('x'.repeat(20_000));
  });

  it('reads files that say they are empty', async () => {
    expect(await readBounded('/proc/self/status')).toContain('CapEff:');
  });

  it('has nothing of what is not there', async () => {
    expect(await readBounded('/nowhere')).toBeNull();
  });
});
