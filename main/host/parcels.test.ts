import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeEach, describe, expect, it } from 'vitest';
import { headFor, type Label } from '../backup/parcel.ts';
import { Cancelled, problemOf } from '../problem.ts';
import type { Report } from '../sandbox/sandbox.ts';
import { packFile, unpackFile } from './parcels.ts';
import { testFolder } from './test-folder.ts';

const run = promisify(execFile);
const archive = Buffer.alloc(300_000, 'memories\n');
const label: Label = {
  at: 0,
  version: '2026.9.6',
  bytes: archive.length,
  sha256: createHash('sha256').update(archive).digest('hex'),
  model: null,
};
const room = 1_000_000;
const report = (signal = new AbortController().signal): Report => ({ signal, progress() {}, log() {} });
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (error) => problemOf(error).code,
  );

describe('a file that carries a backup', () => {
  let folder: string;
  let source: string;
  let file: string;
  let inside: string;
  beforeEach(async () => {
    folder = await testFolder();
    await mkdir(join(folder, 'stick'));
    source = join(folder, 'kept.tar');
    file = join(folder, 'stick', 'copy: of “mine”.clawcove');
    inside = join(folder, 'backups', 'came.tar');
    await writeFile(source, archive);
  });
  const nothingLeft = async () => {
    expect(await readdir(join(folder, 'backups')).catch(() => [])).toEqual([]);
  };

  it('gives the archive back as it was, for this person alone', async () => {
    const seen: number[] = [];
    await packFile(source, label, file, { ...report(), progress: (done) => void seen.push(done) });
    expect(seen.at(-1)).toBe(archive.length);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await unpackFile(file, inside, room, report())).toEqual(label);
    expect(await readFile(inside)).toEqual(archive);
    expect((await stat(inside)).mode & 0o777).toBe(0o600);
    expect(await readdir(join(folder, 'stick'))).toHaveLength(1);
    const { stdout } = await run('tail', ['-n', '+3', file], { encoding: 'buffer', maxBuffer: 1e6 });
    expect(stdout).toEqual(archive);
  });

  it('takes the place of an older one only when it is whole', async () => {
    await writeFile(file, 'older');
    await writeFile(source, Buffer.alloc(archive.length, 'something else'));
    expect(await codeOf(packFile(source, label, file, report()))).toBe('archive-damaged');
    expect(await readFile(file, 'utf8')).toBe('older');
    expect(await readdir(join(folder, 'stick'))).toHaveLength(1);
    await writeFile(source, archive);
    await packFile(source, label, file, report());
    expect((await stat(file)).size).toBeGreaterThan(archive.length);
  });

  it('writes through nobody’s link', async () => {
    const theirs = join(folder, 'theirs');
    await writeFile(theirs, 'theirs');
    await symlink(theirs, `${file}.part`);
    await packFile(source, label, file, report());
    expect(await readFile(theirs, 'utf8')).toBe('theirs');
  });

  it.each([
    ['a folder that is gone', 'gone/copy', 'cannot-write-there'],
    ['a file where a folder should be', 'kept.tar/copy', 'cannot-write-there'],
    ['a place without room', '/dev/full/copy', 'cannot-write-there'],
  ])('is not saved in %s', async (_, place, code) => {
    const target = place.startsWith('/') ? place : join(folder, place);
    expect(await codeOf(packFile(source, label, target, report()))).toBe(code);
  });

  it('says on which side it failed', async () => {
    // It can be opened, but not read.
    expect(await codeOf(packFile(folder, label, file, report()))).toBe('archive-damaged');
    expect(await readdir(join(folder, 'stick'))).toEqual([]);
    await packFile(source, label, file, report());
    const nowhere = join(folder, 'kept.tar', 'came.tar');
    expect(await codeOf(unpackFile(file, nowhere, room, report()))).toBe('unexpected');
    expect(await codeOf(unpackFile(join(folder, 'kept.tar', 'x'), inside, room, report()))).toBe(
      'cannot-read-there',
    );
    await nothingLeft();
  });

  it('is broken off at once when that is asked for', async () => {
    const abort = new AbortController();
    const work = packFile(source, label, file, {
      ...report(abort.signal),
      progress: () => abort.abort(new Cancelled()),
    });
    await expect(work).rejects.toThrow(Cancelled);
    expect(await readdir(join(folder, 'stick'))).toEqual([]);
  });

  const head = headFor(label);
  it.each([
    ['nothing', Buffer.alloc(0), 'not-a-backup-file'],
    ['another kind of thing', Buffer.from('a picture'), 'not-a-backup-file'],
    ['a later form of it', Buffer.from('ClawCove backup 7\n'), 'backup-file-newer'],
    ['only the head', Buffer.from(head), 'backup-file-damaged'],
    ['half of it', Buffer.concat([Buffer.from(head), archive.subarray(9)]), 'backup-file-damaged'],
    ['more than it', Buffer.concat([Buffer.from(head), archive, archive]), 'backup-file-damaged'],
    [
      'other bytes',
      Buffer.concat([Buffer.from(head), Buffer.alloc(archive.length, 'evil')]),
      'backup-file-damaged',
    ],
  ])('with %s is turned away, and nothing of it is left', async (_, bytes, code) => {
    await writeFile(file, bytes);
    expect(await codeOf(unpackFile(file, inside, room, report()))).toBe(code);
    await nothingLeft();
  });

  it('is not taken in where there is no room for it', async () => {
    await packFile(source, label, file, report());
    const work = unpackFile(file, inside, archive.length - 1, report());
    expect(await codeOf(work)).toBe('no-room-on-disk');
    await nothingLeft();
  });

  it('is no folder, no pipe and no device', async () => {
    expect(await codeOf(unpackFile(folder, inside, room, report()))).toBe('not-a-backup-file');
    expect(await codeOf(unpackFile('/dev/zero', inside, room, report()))).toBe('not-a-backup-file');
    const pipe = join(folder, 'pipe');
    await run('mkfifo', [pipe]);
    expect(await codeOf(unpackFile(pipe, inside, room, report()))).toBe('not-a-backup-file');
    expect(await codeOf(unpackFile(join(folder, 'gone'), inside, room, report()))).toBe('cannot-read-there');
    await nothingLeft();
  });
});
