import { describe, expect, it } from 'vitest';
import { movedInMachine } from '../testing/apps.ts';
import { check, fix } from '../testing/checks.ts';
import { backupRecent } from './backup-recent.ts';

const hour = 3_600_000;

describe('backup-recent', () => {
  it('gives a new home some time', async () => {
    const machine = await movedInMachine();
    expect(await check(backupRecent, machine)).toMatchObject({
      is: 'ok',
      notes: [{ code: 'backup-not-due' }],
    });
    machine.now += 49 * hour;
    expect(await check(backupRecent, machine)).toMatchObject({ is: 'broken', why: 'backup-missing' });
  });

  it('is put right by a backup that was proven, until that is old', async () => {
    const machine = await movedInMachine();
    machine.now += 49 * hour;
    expect(await fix(backupRecent, machine)).toMatchObject({ is: 'done' });
    expect(await check(backupRecent, machine)).toMatchObject({ is: 'ok', notes: [] });
    machine.now += 97 * hour;
    expect(await check(backupRecent, machine)).toMatchObject({ is: 'broken', why: 'backup-old' });
  });

  it('does not count what was never read back, nor what was set aside', async () => {
    const machine = await movedInMachine();
    machine.now += 49 * hour;
    await fix(backupRecent, machine);
    for (const [id, note] of machine.notes) machine.notes.set(id, { ...note, verifiedAt: null });
    expect(await check(backupRecent, machine)).toMatchObject({ why: 'backup-missing' });
    for (const [id, note] of machine.notes)
      machine.notes.set(id, { ...note, why: 'set-aside', verifiedAt: 1 });
    expect(await check(backupRecent, machine)).toMatchObject({ why: 'backup-missing' });
  });
});
