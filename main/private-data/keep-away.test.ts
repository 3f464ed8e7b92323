import { describe, expect, it } from 'vitest';
import type { Reply, Row } from '../contract.ts';
import { ProblemError } from '../problem.ts';
import { movedInMachine, startApp, type TestApp } from '../testing/apps.ts';
import { createMachine, type Machine, sharedFolder } from '../testing/machine.ts';
import { blankIn } from '../testing/sentences.ts';
import type { PrivateFile } from './found.ts';

const kept = '/home/ada/OpenClaw – private files';
const file = (untrustedPath: string, change: Partial<PrivateFile> = {}): PrivateFile => ({
  place: 'shared',
  untrustedPath,
  untrustedWithin: null,
  kinds: ['chinese-id'],
  bytes: 100,
  changedAt: 1000,
  ...change,
});
const three = [
  file('id.txt'),
  file('tax/id.txt'),
  file('notes.md', { place: 'workspace', kinds: ['api-key'] }),
];

const rowOf = ({ app }: TestApp): Row | undefined =>
  app.state.get().rows.find(({ id }) => id === 'private-data');
const listOf = ({ app }: TestApp) => app.state.get().privateFiles;
const idOf = (test: TestApp, name: string, list: 'found' | 'taken' | 'left' = 'found'): string =>
  listOf(test)[list].shown.find(({ untrustedName }) => untrustedName === name)?.id ?? 'none';
const done: Reply = { ok: true };
/** Where each file is: none may be lost, and none be there twice. */
const whereabouts = (machine: Machine): string[] =>
  [
    ...machine.privateFiles.map(({ place, untrustedPath }) => `${place}/${untrustedPath}`),
    ...[...machine.keptFiles.values()].map(({ place, untrustedPath }) => `${place}/${untrustedPath}`),
  ].toSorted();
const all = ['shared/id.txt', 'shared/tax/id.txt', 'workspace/notes.md'];

async function withFiles(files: readonly PrivateFile[] = three): Promise<TestApp> {
  const test = startApp(await movedInMachine());
  test.machine.privateFiles = [...files];
  await test.app.look();
  return test;
}

describe('files with private data', () => {
  it('are red, listed, moved away with one click, and red again when they are put back', async () => {
    const test = await withFiles();
    const { machine, app } = test;
    const finding = rowOf(test)?.finding;
    expect(finding).toMatchObject({ is: 'broken', why: 'private-files-found', facts: { count: 3 } });
    expect(finding && blankIn(finding)).toEqual([]);
    expect(app.state.get().light).toBe('danger');
    expect(listOf(test)).toMatchObject({ found: { total: 3 }, taken: { total: 0 }, keptFolder: kept });

    expect(await test.do({ do: 'fix', id: 'private-data' })).toEqual({ is: 'done' });
    expect(test.notOk()).toEqual([]);
    expect(app.state.get().light).toBe('good');
    expect(listOf(test)).toMatchObject({ found: { total: 0 }, taken: { total: 3 } });
    expect([...machine.keptFiles.keys()]).toEqual([
      `${kept}/id.txt`,
      `${kept}/(2)/id.txt`,
      `${kept}/notes.md`,
    ]);

    expect(await test.do({ do: 'put-file-back', id: idOf(test, 'tax/id.txt', 'taken') })).toEqual({
      is: 'done',
    });
    expect(rowOf(test)?.finding).toMatchObject({ is: 'broken', why: 'private-file-found' });
    expect(listOf(test)).toMatchObject({ found: { total: 1 }, taken: { total: 2 } });
    expect(await test.do({ do: 'put-files-back' })).toEqual({ is: 'done' });
    expect(listOf(test)).toMatchObject({ found: { total: 3 }, taken: { total: 0 } });
    expect(machine.receipts.takenFiles).toEqual([]);
    expect(whereabouts(machine)).toEqual(all);
  });

  it('are moved by "Fix everything" as well', async () => {
    const test = await withFiles();
    expect(await test.do({ do: 'fix-all' })).toEqual({ is: 'done' });
    expect(test.notOk()).toEqual([]);
  });

  it('may stay when the person says so, until they have changed or the person minds', async () => {
    const test = await withFiles([file('id.txt')]);
    const id = idOf(test, 'id.txt');
    expect(await test.app.act({ do: 'leave-file', id })).toEqual(done);
    expect(rowOf(test)?.finding).toMatchObject({ is: 'ok', notes: [{ code: 'files-left' }] });
    expect(test.app.state.get().light).toBe('good');
    expect(listOf(test)).toMatchObject({ found: { total: 0 }, left: { total: 1 } });
    await test.do({ do: 'fix-all' });
    expect(test.machine.privateFiles).toHaveLength(1);

    expect(await test.app.act({ do: 'mind-file', id })).toEqual(done);
    expect(rowOf(test)?.finding?.is).toBe('broken');
    await test.app.act({ do: 'leave-file', id });
    test.machine.privateFiles = [file('id.txt', { changedAt: 2000 })];
    await test.app.look();
    expect(rowOf(test)?.finding?.is).toBe('broken');
    expect(listOf(test)).toMatchObject({ found: { total: 1 }, left: { total: 0 } });
  });

  it('that are gone cannot be left', async () => {
    const test = await withFiles([file('id.txt')]);
    const id = idOf(test, 'id.txt');
    test.machine.privateFiles = [];
    expect(await test.app.act({ do: 'leave-file', id })).toMatchObject({ problem: { code: 'file-gone' } });
    expect(test.machine.receipts.leftFiles).toEqual([]);
  });

  it('are only looked at by set-up, which ends all the same', async () => {
    const machine = createMachine({
      folders: new Set([sharedFolder, '/home/ada']),
      privateFiles: [...three],
    });
    const test = startApp(machine);
    expect(await test.do({ do: 'set-up', consent: [] })).toEqual({ is: 'done' });
    expect(test.notOk()).toEqual(['private-data']);
    expect(test.calls).not.toContain('privateData.take');
    expect(machine.privateFiles).toEqual(three);
  });

  it('are said to stay when the home is removed, and stay', async () => {
    const test = await withFiles();
    await test.do({ do: 'fix-all' });
    expect(await test.app.act({ do: 'list-removal', keepData: false })).toEqual(done);
    const said = test.app.state.get().removal?.stays.filter(({ code }) => code === 'kept-files');
    expect(said).toEqual([{ code: 'kept-files', facts: { path: kept } }]);
    await test.do({ do: 'remove', keepData: false });
    expect(test.machine.keptFiles.size).toBe(3);
  });

  it('can be seen where they are kept', async () => {
    const test = await withFiles();
    await test.do({ do: 'fix-all' });
    await test.app.act({ do: 'open', what: 'kept-files' });
    expect(test.machine.opened).toEqual([kept]);
  });
});

describe('what could not be looked at', () => {
  it.each([
    [{ isWhole: false }, 'search-not-whole'],
    [{ shut: ['workspace'] as const }, 'workspace-shut'],
  ])('is neither good nor bad, and nothing to repair: %j', async (change, why) => {
    const test = await withFiles([]);
    test.machine.search = { ...test.machine.search, ...change };
    await test.app.look();
    expect(rowOf(test)?.finding).toMatchObject({ is: 'unknown', why });
    expect(test.app.state.get().light).toBe('unknown');
    expect(await test.do({ do: 'fix-all' })).toEqual({ is: 'done' });
  });

  it('that the search breaks down is not shown as good', async () => {
    const test = await withFiles([]);
    test.failNext('privateData.look', new Error('the thread is gone'));
    await test.app.look();
    expect(rowOf(test)?.finding).toMatchObject({ is: 'unknown' });
  });
});

describe('a file that cannot be moved', () => {
  it('does not stop the others, and is told of', async () => {
    const test = await withFiles();
    test.failNext('privateData.take', new ProblemError('cannot-keep-file'));
    expect(await test.do({ do: 'fix', id: 'private-data' })).toMatchObject({
      problem: { code: 'cannot-keep-file' },
    });
    expect(listOf(test)).toMatchObject({ found: { total: 1 }, taken: { total: 2 } });
    expect(test.machine.receipts.takenFiles).toHaveLength(2);
    const all = await withFiles();
    all.failNext('privateData.take', ...[1, 2].map(() => new ProblemError('cannot-keep-file')));
    expect(await all.do({ do: 'fix', id: 'private-data' })).toMatchObject({
      problem: { code: 'files-not-moved', facts: { count: 2 } },
    });
  });

  it('for want of room is told of as that', async () => {
    const test = await withFiles();
    test.failNext('privateData.take', null, new ProblemError('no-room-on-disk'));
    expect(await test.do({ do: 'fix', id: 'private-data' })).toMatchObject({
      problem: { code: 'no-room-on-disk' },
    });
    expect(whereabouts(test.machine)).toEqual(all);
  });

  it('is no trouble when it is gone by then', async () => {
    const test = await withFiles();
    test.before('privateData.take', () => {
      test.machine.privateFiles = [];
    });
    expect(await test.do({ do: 'fix', id: 'private-data' })).toEqual({ is: 'done' });
    expect(test.machine.receipts.takenFiles).toEqual([]);
  });

  it('where nothing can be made beside the shared folder is moved to the home folder', async () => {
    const test = await withFiles();
    const { machine } = test;
    machine.choices = { ...machine.choices, sharedFolder: '/srv/claw' };
    machine.folders.add('/srv/claw');
    if (machine.home)
      machine.home = { ...machine.home, spec: { ...machine.home.spec, sharedFolder: '/srv/claw' } };
    test.failNext('computer.makeFolder', new Error('EACCES'));
    expect(await test.do({ do: 'fix', id: 'private-data' })).toEqual({ is: 'done' });
    expect([...machine.keptFiles.keys()][0]).toBe('/home/ada/claw – private files/id.txt');
  });

  it('is never moved to where OpenClaw sees it', async () => {
    const test = await withFiles();
    for (const folder of [kept]) test.machine.links.set(folder, `${sharedFolder}/sub`);
    test.machine.folders.add(`${sharedFolder}/sub`);
    expect(await test.do({ do: 'fix', id: 'private-data' })).toMatchObject({
      problem: { code: 'cannot-keep-file' },
    });
    expect(test.machine.keptFiles.size).toBe(0);
  });
});

describe('putting back', () => {
  it('waits with the agent’s own files until OpenClaw runs', async () => {
    const test = await withFiles();
    await test.do({ do: 'fix-all' });
    await test.do({ do: 'stop' });
    expect(await test.do({ do: 'put-files-back' })).toMatchObject({ problem: { code: 'home-not-running' } });
    expect(test.machine.privateFiles.map(({ place }) => place)).toEqual(['shared', 'shared']);
    await test.do({ do: 'start' });
    expect(await test.do({ do: 'put-files-back' })).toEqual({ is: 'done' });
    expect(whereabouts(test.machine)).toEqual(all);
  });

  it('forgets what the person has taken out of there', async () => {
    const test = await withFiles();
    await test.do({ do: 'fix-all' });
    test.machine.keptFiles.clear();
    await test.app.look();
    expect(listOf(test).taken.total).toBe(0);
    expect(await test.do({ do: 'put-files-back' })).toEqual({ is: 'done' });
    expect(test.machine.receipts.takenFiles).toEqual([]);
  });
});

it('cancelled between two files leaves each in one place, and goes on later', async () => {
  const test = await withFiles();
  test.before('privateData.take', () => void test.app.act({ do: 'cancel' }));
  expect(await test.do({ do: 'fix', id: 'private-data' })).toEqual({ is: 'cancelled' });
  expect(test.machine.keptFiles.size).toBe(1);
  expect(whereabouts(test.machine)).toEqual(all);
  expect(listOf(test)).toMatchObject({ found: { total: 2 }, taken: { total: 1 } });
});

describe('killed at any call', { timeout: 120_000 }, () => {
  it.each(['fix', 'put-files-back'] as const)(
    '%s loses no file, and every one can be put back',
    async (what) => {
      const first = (await withFiles()).machine;
      if (what === 'put-files-back') await startApp(first).do({ do: 'fix-all' });
      const intent = what === 'fix' ? ({ do: 'fix', id: 'private-data' } as const) : ({ do: what } as const);
      const whole = startApp(structuredClone(first));
      await whole.do(intent);
      for (const [index, name] of whole.calls.entries()) {
        const test = startApp(structuredClone(first));
        test.killAt(index);
        await test.do(intent).catch(() => null);
        const at = `killed after call ${index}, ${name}`;
        expect(whereabouts(test.machine), at).toEqual(all);
        const again = startApp(test.machine);
        expect(await again.do({ do: 'fix-all' }), at).toEqual({ is: 'done' });
        expect(again.notOk(), at).toEqual([]);
        expect(await again.do({ do: 'put-files-back' }), at).toEqual({ is: 'done' });
        expect(test.machine.keptFiles.size, at).toBe(0);
        expect(whereabouts(test.machine), at).toEqual(all);
      }
    },
  );
});
