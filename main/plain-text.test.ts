import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  plainFacts,
  plainJson,
  plainLine,
  plainLines,
  plainProblemFacts,
  withoutMarkup,
} from './plain-text.ts';

const unit = fc.oneof(
  fc.constantFrom(
    '\u001b',
    '\u009b',
    '\u0000',
    '\n',
    '\r',
    '\t',
    '\u202e',
    '\u2066',
    '\ud800',
    '\udc00',
    '\u2028',
    '\u{e0041}',
    '\u200d',
  ),
  fc.string({ minLength: 1, maxLength: 1, unit: 'binary' }),
);
const text = fc.string({ unit, maxLength: 60 });
const isUnseen = /[\p{C}\p{Zl}\p{Zp}]/u;

describe('plain text', () => {
  it('has nothing in it that is not seen, and is bounded', () => {
    fc.assert(
      fc.property(text, (untrusted) => {
        expect(plainLine(untrusted, 20)).not.toMatch(isUnseen);
        expect(plainLine(untrusted, 20).length).toBeLessThanOrEqual(20);
        for (const line of plainLines(untrusted).split('\n')) expect(line).not.toMatch(isUnseen);
        expect(plainFacts({ untrusted }).untrusted).not.toMatch(isUnseen);
      }),
    );
  });

  it('is as it was where there is nothing of the kind', () => {
    const words = 'Ünïcode, 中文 “quoted” <b>5 &amp; 6</b> 😀';
    expect(plainLine(words, 100)).toBe(words);
    expect(plainLines(`${words}\n${words}`)).toBe(`${words}\n${words}`);
    expect(plainFacts({ count: 3, words })).toEqual({ count: 3, words });
  });

  it('keeps a problem’s commands apart', () => {
    expect(plainProblemFacts({ commands: 'apt-get update\nrm \u001b[8m-rf /' })).toEqual({
      commands: 'apt-get update\nrm \ufffd[8m-rf /',
    });
  });

  it('is no markup where the system might take it for some', () => {
    expect(withoutMarkup('a skill called <a href="https://example.org">Fix & go</a>')).toBe(
      'a skill called ‹a href="https://example.org"›Fix ＆ go‹/a›',
    );
  });

  it('as JSON means what it meant', () => {
    fc.assert(
      fc.property(text, (untrusted) => {
        const json = plainJson({ untrusted });
        for (const line of json.split('\n')) expect(line).not.toMatch(isUnseen);
        expect(JSON.parse(json)).toEqual({ untrusted });
      }),
    );
  });
});
