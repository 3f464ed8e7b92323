import { mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Note, newId } from '../backup/catalogue.ts';
import type { Backups } from '../doors.ts';
import { createBackups } from './backups.ts';
import { testFolder } from './test-folder.ts';

const id = newId(Date.UTC(2026, 10, 22, 12), 'schedule');
const note = (change: Partial<Note> = {}): Note => ({
  at: Date.UTC(2026, 10, 22, 12),
  why: 'schedule',
  image: `example.org/openclaw@sha256:${'a'.repeat(64)}`,
  version: '2026.9.6',
  bytes: 5,
  sha256: '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824',
  verifiedAt: null,
  model: null,
  ...change,
});

describe('backups on disk', () => {
  let folder: string;
  let backups: Backups;
  beforeEach(async () => {
    folder = join(await testFolder(), 'backups');
    backups = createBackups(folder, { info() {}, error() {} });
  });
  const put = async () => {
    await mkdir(folder, { recursive: true });
    await writeFile(backups.fileOf(id), 'hello');
  };

  it('are none before there is a folder', async () => {
    expect(await backups.list()).toEqual([]);
    await backups.sweep();
    await backups.drop(id);
  });

  it('count as soon as their note lies beside them, for this person alone', async () => {
    await put();
    expect(await backups.list()).toEqual([]);
    expect(await backups.measure(id, new AbortController().signal)).toEqual({
      bytes: 5,
      sha256: note().sha256,
    });
    await backups.note(id, note());
    expect(await backups.list()).toEqual([{ id, note: note() }]);
    expect((await stat(join(folder, `${id}.json`))).mode & 0o777).toBe(0o600);
    await backups.note(id, note({ verifiedAt: 7 }));
    expect(await backups.list()).toMatchObject([{ note: { verifiedAt: 7 } }]);
  });

  it.each([
    ['a size that is not the archive’s', JSON.stringify(note({ bytes: 6 }))],
    ['another kind of thing', '[]'],
    ['half a note', '{"at": 1'],
  ])('don’t count with %s', async (_, text) => {
    await put();
    await writeFile(join(folder, `${id}.json`), text);
    expect(await backups.list()).toEqual([]);
  });

  it('leave nothing half made behind, and other people’s files alone', async () => {
    await put();
    await writeFile(`${backups.fileOf(id)}.part`, 'half');
    await writeFile(join(folder, 'holiday.tar'), 'mine');
    await backups.sweep();
    expect(await readdir(folder)).toEqual(['holiday.tar']);
    await put();
    await backups.note(id, note());
    await backups.sweep();
    expect(await backups.list()).toHaveLength(1);
    await backups.drop(id);
    expect(await readdir(folder)).toEqual(['holiday.tar']);
  });

  it('stay when their note can’t be read just then', async () => {
    await put();
    // Reading it fails, and not because it is gone.
    await mkdir(join(folder, `${id}.json`));
    await backups.sweep();
    expect(await backups.list()).toEqual([]);
    expect(await readdir(folder)).toContain(`${id}.tar`);
  });

  it('are named by id, never by path', () => {
    expect(() => backups.fileOf('../../etc/passwd')).toThrow();
  });
});
