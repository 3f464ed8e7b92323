import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shownName } from './shown-name.ts';

describe('shownName', () => {
  it.each([
    ['tax/2025/id.txt', 'tax/2025/id.txt'],
    ['身份证 扫描件.pdf', '身份证 扫描件.pdf'],
    ['evil\u202egnp.exe', 'evil\ufffdgnp.exe'],
    ['a\nb\u001b[2Jc\u0000', 'a\ufffdb\ufffd[2Jc\ufffd'],
    ['two\u2028lines', 'two\ufffdlines'],
    ['', ''],
  ])('%j is shown as %j', (name, shown) => expect(shownName(name)).toBe(shown));

  it('keeps the end of what is too long', () => {
    const shown = shownName(`${'x'.repeat(5_000_000)}/id.txt`);
    expect(shown).toHaveLength(200);
    expect(shown).toMatch(/^…x+\/id\.txt$/);
  });

  it('is never long, and never shows what can’t be seen', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (name) => {
        expect(shownName(name).length).toBeLessThanOrEqual(200);
        expect(shownName(name)).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
      }),
    );
  });
});
