import { describe, expect, it } from 'vitest';
import { safeFloor } from '../openclaw/advisories.ts';
import { movedInMachine } from '../testing/apps.ts';
import { check, expectWhole, fix } from '../testing/checks.ts';
import { agentVersion, judgeVersion } from './agent-version.ts';
import type { Offer } from './offer.ts';

const day = 24 * 3_600_000;
const now = Date.UTC(2026, 10, 22);
const offer = (newest: string, change: Partial<Offer> = {}): Offer => ({
  newest,
  publishedAt: null,
  heldBack: null,
  failed: false,
  postponedUntil: null,
  ...change,
});

describe('judgeVersion', () => {
  it.each<[string, string | null, string]>([
    ['2026.9.6', '2026.9.6', 'ok'],
    ['2026.9.6', '2026.9.5', 'ok'],
    [safeFloor, safeFloor, 'ok'],
    ['2026.9.5', '2026.9.6', 'attention version-behind'],
    ['2026.9.6', null, 'unknown newest-unknown'],
    ['2026.6.10', '2026.9.6', 'danger version-unsafe'],
    ['2026.6.10', null, 'danger version-unsafe'],
    ['2026.1.28', '2026.9.6', 'danger version-unsafe'],
    ['2026.6.11-beta.1', '2026.9.6', 'danger version-unsafe'],
    ['0.0.1', '2026.9.6', 'danger version-unsafe'],
    ['dev', '2026.9.6', 'danger version-unsafe'],
  ])('%s while %s is newest: %s', (running, newest, result) => {
    const finding = expectWhole(judgeVersion(running, newest === null ? null : offer(newest), 5), 5);
    const said = finding.is === 'broken' ? `${finding.gravity} ${finding.why}` : finding.is;
    expect(finding.is === 'unknown' ? `unknown ${finding.why}` : said).toBe(result);
  });

  it.each<[string, Partial<Offer>, string]>([
    ['came out a week ago', { publishedAt: now - 7 * day }, 'version-behind'],
    ['came out later', { publishedAt: now - 7 * day + 1 }, 'version-young'],
    ['comes out tomorrow, it says', { publishedAt: now + day }, 'version-behind'],
    ['was postponed', { postponedUntil: now + 1 }, 'version-postponed'],
    ['was postponed until now', { postponedUntil: now }, 'version-behind'],
    ['did not work here', { failed: true }, 'version-failed'],
  ])('a newer version that %s: %s', (_, change, result) => {
    const finding = expectWhole(judgeVersion('2026.9.6', offer('2026.9.7', change), now), now);
    expect(finding.is === 'ok' ? finding.notes.map(({ code }) => code) : [finding.why]).toEqual([result]);
    expect(judgeVersion('2026.6.1', offer('2026.9.7', change), now)).toMatchObject({ why: 'version-unsafe' });
  });

  it('says what npm’s word holds back, as long as that is newer than what runs', () => {
    const judge = (running: string) =>
      expectWhole(judgeVersion(running, offer('2026.9.6', { heldBack: '2026.9.7' }), 5), 5);
    expect(judge('2026.9.6')).toMatchObject({
      is: 'ok',
      notes: [{ code: 'version-held-back', facts: { newest: '2026.9.7' } }],
      evidence: [{}, {}, { code: 'version-held-back', facts: { version: '2026.9.7' } }],
    });
    expect(judge('2026.9.7')).toMatchObject({ is: 'ok', notes: [] });
    expect(judge('2026.9.5')).toMatchObject({ is: 'broken', why: 'version-behind' });
  });

  it('names what is known against a version, at most five of it, and never nothing', () => {
    const against = (version: string) => {
      const finding = judgeVersion(version, null, 5);
      return finding.is === 'broken' ? finding.facts.weaknesses : null;
    };
    expect(String(against('2026.1.1')).split(', ')).toHaveLength(5);
    expect(against('2026.4.21')).toContain('CVE-2026-44112');
    expect(against('2026.5.1')).toBe(`< ${safeFloor}`);
  });
});

describe('the version', () => {
  it('is the one that answers, compared with what its makers offer', async () => {
    const machine = await movedInMachine();
    expect(await check(agentVersion, machine)).toMatchObject({
      is: 'ok',
      evidence: [
        { code: 'version-running', facts: { version: '2026.9.6' } },
        { code: 'version-newest', facts: { version: '2026.9.6' } },
      ],
    });
    machine.offered = ['2026.9.7'];
    expect(await check(agentVersion, machine)).toMatchObject({ why: 'version-behind' });
    machine.offered = null;
    expect(await check(agentVersion, machine)).toMatchObject({ is: 'unknown', why: 'newest-unknown' });
  });

  it('is not missed while the newer one is young', async () => {
    const machine = await movedInMachine();
    machine.offered = ['2026.9.7'];
    machine.published.set('2026.9.7', machine.now - day);
    expect(await check(agentVersion, machine)).toMatchObject({
      is: 'ok',
      notes: [{ code: 'version-young' }],
    });
  });

  it('is not known while nobody answers', async () => {
    const machine = await movedInMachine();
    if (machine.home) machine.home.isRunning = false;
    expect(await check(agentVersion, machine)).toMatchObject({
      is: 'unknown',
      why: 'gateway-answers-strangely',
    });
  });

  it('is updated', async () => {
    const machine = await movedInMachine();
    machine.offered = ['2026.9.6', '2026.9.7'];
    expect(await fix(agentVersion, machine)).toMatchObject({ is: 'done' });
    expect(await check(agentVersion, machine)).toMatchObject({ is: 'ok' });
    expect(machine.home?.spec.version).toBe('2026.9.7');
  });
});
