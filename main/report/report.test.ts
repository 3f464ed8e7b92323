import { describe, expect, it } from 'vitest';
import { guideItems, type Snapshot, safeguardIds } from '../contract.ts';
import { exampleRow, exampleSnapshot, withRows } from '../testing/example-snapshot.ts';
import { translator } from '../text.ts';
import { reportJson } from './report.ts';

const say = translator('en');

describe('the safety report for programs', () => {
  it('holds the guide’s six items, and every safeguard with what was seen and when', () => {
    const row = exampleRow('gateway-locked', {
      is: 'ok',
      notes: [],
      evidence: [{ code: 'folder-not-found', facts: { path: '/x' }, at: Date.UTC(2026, 10, 22) }],
    });
    const report = JSON.parse(reportJson(exampleSnapshot({ rows: withRows(row) }), say));
    expect(report.guide.map(({ id }: { id: string }) => id)).toEqual(guideItems);
    expect(report.safeguards.map(({ id }: { id: string }) => id)).toEqual(safeguardIds);
    expect(report.safeguards).toContainEqual({
      id: 'gateway-locked',
      title: say('safeguard.gateway-locked.title'),
      guide: [],
      is: 'ok',
      gravity: null,
      plain: say('safeguard.gateway-locked.ok'),
      evidence: [
        {
          code: 'folder-not-found',
          plain: say('evidence.folder-not-found', { path: '/x' }),
          at: '2026-11-22T00:00:00.000Z',
        },
      ],
      notes: [],
    });
  });

  it('calls nothing good that was not looked at', () => {
    const rows = withRows(exampleRow('gateway-locked', null));
    const report = JSON.parse(reportJson(exampleSnapshot({ rows, lookedAt: null }), say));
    expect(report.looked).toBeNull();
    expect(report.safeguards).toContainEqual(
      expect.objectContaining({ id: 'gateway-locked', is: 'not-looked', plain: say('reason.not-looked') }),
    );
  });

  it('tells of the last proof what was tried, what came of it and on whose word', () => {
    const stopped = { id: 'sudo', guide: 'least-privilege' } as const;
    const attempts = [
      { ...stopped, result: { is: 'stopped', by: 'refused', witness: 'inside' } },
      { id: 'read-home', guide: 'isolated', result: { is: 'got-through', witness: 'outside' } },
      { id: 'cloud-metadata', guide: 'isolated', result: { is: 'could-not-try', why: 'nobody-there' } },
    ] as const;
    const proofOf = (proof: Snapshot['proof']) =>
      JSON.parse(reportJson(exampleSnapshot({ proof }), say)).proof;
    expect(proofOf({ at: 1_000, version: '2026.9.6', attempts: [...attempts] })).toMatchObject({
      made: '1970-01-01T00:00:01.000Z',
      openclaw: '2026.9.6',
      verdict: 'got-through',
      attempts: [
        { id: 'sudo', is: 'stopped', witness: 'inside', plain: say('stopper.refused') },
        { id: 'read-home', is: 'got-through', witness: 'outside', plain: say('attempt.read-home.through') },
        { id: 'cloud-metadata', is: 'could-not-try', witness: null, plain: say('untried.nobody-there') },
      ],
    });
    const underWay = [{ ...stopped, result: { is: 'running' } } as const];
    expect(proofOf({ at: 1_000, version: '2026.9.6', attempts: underWay })).toBeNull();
    expect(proofOf(null)).toBeNull();
  });

  it('says which backup there is, and whether it was proven', () => {
    const backup = {
      id: '2026-11-22T03-00-00Z-schedule',
      at: 1_000,
      why: 'schedule',
      version: '2026.9.6',
      bytes: 1,
      verifiedAt: null,
    } as const;
    expect(JSON.parse(reportJson(exampleSnapshot({ backups: [backup] }), say)).backup).toEqual({
      made: '1970-01-01T00:00:01.000Z',
      proven: null,
      openclaw: '2026.9.6',
    });
    expect(JSON.parse(reportJson(exampleSnapshot(), say)).backup).toBeNull();
  });
});
