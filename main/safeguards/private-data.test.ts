import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type PrivateFile, type PrivateSearch, privateKinds, privatePlaces } from '../private-data/found.ts';
import { sortedOut, withLeft } from '../private-data/left.ts';
import { movedInMachine } from '../testing/apps.ts';
import { check, expectWhole } from '../testing/checks.ts';
import { openDoors } from '../testing/doors.ts';
import { createMachine, freshChoices } from '../testing/machine.ts';
import { judgePrivateFiles, privateData } from './private-data.ts';

const file: PrivateFile = {
  place: 'shared',
  untrustedPath: 'id.txt',
  untrustedWithin: null,
  kinds: ['chinese-id'],
  bytes: 100,
  changedAt: 1000,
};
const nothing: PrivateSearch = { files: [], looked: 3, unreadable: 0, isWhole: true, shut: [] };
const judge = (
  change: Partial<PrivateSearch>,
  left: readonly PrivateFile[] = [],
  workspace: 'searched' | 'asleep' | 'out-of-reach' | 'none' = 'searched',
) => {
  const search = { ...nothing, ...change };
  const notes = left.reduce(withLeft, []);
  return expectWhole(judgePrivateFiles({ search, workspace, ...sortedOut(search.files, notes) }, 5), 5);
};

describe('judgePrivateFiles', () => {
  it('is green only when everything was looked at and nothing was found', () => {
    expect(judge({})).toMatchObject({ is: 'ok', notes: [] });
    expect(judge({ isWhole: false })).toMatchObject({
      is: 'unknown',
      why: 'search-not-whole',
      facts: { count: 3 },
    });
    expect(judge({ shut: ['shared'] })).toMatchObject({ is: 'unknown', why: 'shared-folder-shut' });
    expect(judge({ shut: ['workspace'] })).toMatchObject({ is: 'unknown', why: 'workspace-shut' });
    // An engine that gives no way to it has not said that it rests.
    expect(judge({}, [], 'out-of-reach')).toMatchObject({ is: 'unknown', why: 'workspace-shut' });
  });

  it('is a danger as soon as anything was found, whatever else could not be looked at', () => {
    for (const rest of [{}, { isWhole: false }, { shut: ['workspace'] as const }, { unreadable: 9 }])
      expect(judge({ ...rest, files: [file] })).toMatchObject({
        is: 'broken',
        gravity: 'danger',
        why: 'private-file-found',
      });
    const another: PrivateFile = { ...file, untrustedPath: 'b', kinds: ['chinese-id', 'bank-card'] };
    const both = judge({ files: [file, another] });
    expect(both).toMatchObject({ why: 'private-files-found', facts: { count: 2 } });
    expect(both.evidence).toContainEqual({ code: 'found-chinese-id', facts: { count: 2 }, at: 5 });
    expect(both.evidence).toContainEqual({ code: 'found-bank-card', facts: { count: 1 }, at: 5 });
  });

  it('says what it does not count', () => {
    expect(judge({ files: [file] }, [file])).toMatchObject({
      is: 'ok',
      notes: [{ code: 'files-left', facts: { count: 1 } }],
    });
    expect(judge({ unreadable: 4 })).toMatchObject({
      is: 'ok',
      notes: [{ code: 'files-unreadable', facts: { count: 4 } }],
    });
    expect(judge({}, [], 'asleep')).toMatchObject({ is: 'ok', notes: [{ code: 'workspace-asleep' }] });
    expect(judge({}, [], 'none')).toMatchObject({ is: 'ok', notes: [] });
  });

  it('never calls good what holds a file that counts, or what was not looked at', () => {
    const anyFile = fc.record({
      place: fc.constantFrom(...privatePlaces),
      untrustedPath: fc.constantFrom('a', 'b', 'c'),
      untrustedWithin: fc.constant(null),
      kinds: fc.subarray([...privateKinds], { minLength: 1 }),
      bytes: fc.nat(2),
      changedAt: fc.nat(2),
    });
    const search = fc.record({
      files: fc.array(anyFile, { maxLength: 5 }),
      looked: fc.nat(9),
      unreadable: fc.nat(2),
      isWhole: fc.boolean(),
      shut: fc.subarray([...privatePlaces]),
    });
    fc.assert(
      fc.property(search, fc.array(anyFile, { maxLength: 5 }), (found, left) => {
        const { counted } = sortedOut(found.files, left.reduce(withLeft, []));
        const isGood = counted.length === 0 && found.isWhole && found.shut.length === 0;
        const { is } = judge(found, left);
        expect(is).toBe(counted.length > 0 ? 'broken' : isGood ? 'ok' : 'unknown');
      }),
    );
  });
});

describe('the check', () => {
  it('looks into the workspace while OpenClaw runs, and says so when it rests', async () => {
    const machine = await movedInMachine();
    machine.privateFiles = [{ ...file, place: 'workspace' }];
    expect(await check(privateData, machine)).toMatchObject({ is: 'broken' });
    if (machine.home) machine.home.isRunning = false;
    expect(await check(privateData, machine)).toMatchObject({
      is: 'ok',
      notes: [{ code: 'workspace-asleep' }],
    });
  });

  it('does not take a home for asleep that runs and can’t be looked into', async () => {
    const { doors, instead } = openDoors(await movedInMachine());
    instead('sandbox.workspaceFolder', () => null);
    const finding = await privateData.check(doors, new AbortController().signal);
    expect(expectWhole(finding)).toMatchObject({ is: 'unknown', why: 'workspace-shut' });
  });

  it('needs no home, and finds the shared folder behind a link', async () => {
    const machine = createMachine({
      folders: new Set(['/data/claw']),
      links: new Map([[freshChoices.sharedFolder, '/data/claw']]),
    });
    expect(await check(privateData, machine)).toMatchObject({ is: 'ok', notes: [] });
    machine.privateFiles = [file];
    expect(await check(privateData, machine)).toMatchObject({ is: 'broken', why: 'private-file-found' });
  });
});
