import { describe, expect, it } from 'vitest';
import { isKnownSafe, safeFloor, weaknessesOf, withdrawn } from './advisories.ts';
import { offeredOn } from './versions.ts';

const idsOf = (version: string) => weaknessesOf(version).map(({ id }) => id);

describe('weaknessesOf', () => {
  it.each([
    ['2026.1.28', '2026.1.29', ['CVE-2026-25253']],
    ['2026.3.6', '2026.3.7', ['CVE-2026-27646']],
    ['2026.3.10', '2026.3.11', ['GHSA-4jpw-hj22-2xmc']],
    ['2026.3.11', '2026.3.12', ['GHSA-rqpp-rjj8-7wv8']],
    ['2026.4.14', '2026.4.15', ['CVE-2026-44109']],
    ['2026.4.21', '2026.4.22', ['CVE-2026-44112', 'CVE-2026-44113', 'CVE-2026-44115', 'CVE-2026-44118']],
  ])('%s has what %s has no more: %j', (before, fixed, ids) => {
    expect(idsOf(before)).toEqual(expect.arrayContaining(ids));
    for (const id of ids) expect(idsOf(fixed)).not.toContain(id);
  });

  it('a pre-release of the version that mends it still has it', () => {
    expect(idsOf('2026.1.29-beta.1')).toContain('CVE-2026-25253');
  });

  it('a version that can’t be read has them all', () => {
    expect(weaknessesOf('dev')).toHaveLength(9);
  });

  it('no version from the safe floor on has any', () => {
    expect(weaknessesOf(safeFloor)).toEqual([]);
    expect(weaknessesOf('2026.9.6')).toEqual([]);
  });

  it.each(['0.0.1', '2026.6.10', '2026.6.11-beta.1', 'dev', ''])('%j is not known to be safe', (version) => {
    expect(isKnownSafe(version)).toBe(false);
  });

  it.each([safeFloor, '2026.7.35', '2026.9.6'])('%j is', (version) => {
    expect(isKnownSafe(version)).toBe(true);
  });
});

describe('what was taken back', () => {
  it('is never chosen', () => {
    expect(withdrawn.length).toBeGreaterThan(0);
    expect(offeredOn('stable', withdrawn, withdrawn, null)).toEqual([]);
  });
});
