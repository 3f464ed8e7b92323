import { describe, expect, it } from 'vitest';
import { guideItems, safeguardIds } from '../contract.ts';
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
