import { describe, expect, it } from 'vitest';
import en from '../assets/text/en.json';
import zhCN from '../assets/text/zh-CN.json';
import { hasText, languageOf, translator } from './text.ts';

/** Every sentence by its key, and the names of the blanks in it. */
function sentences(texts: object, prefix = ''): Map<string, string> {
  return new Map(
    Object.entries(texts).flatMap(([key, value]) =>
      typeof value === 'string'
        ? [[prefix + key, value] as const]
        : [...sentences(value, `${prefix}${key}.`)],
    ),
  );
}
const blanks = (sentence: string) =>
  [...sentence.matchAll(/\{\{\s*(\w+)/g)].map(([, name]) => name ?? '').sort();

describe('the texts', () => {
  const english = sentences(en);
  const chinese = sentences(zhCN);
  // Chinese has no singular: its one form is the plural's.
  const shared = [...english.keys()].filter((key) => !key.endsWith('_one'));

  it('are complete in both languages', () => expect([...chinese.keys()].sort()).toEqual(shared.sort()));

  it.each(shared)('%s fills the same blanks in both', (key) => {
    expect(blanks(chinese.get(key) ?? '')).toEqual(blanks(english.get(key) ?? ''));
  });

  it.each(Object.keys(en.problem))('problem %s says what, what it means and what next', (code) => {
    for (const part of ['what', 'means', 'next']) expect(hasText(`problem.${code}.${part}`)).toBe(true);
  });
});

describe('translator', () => {
  it('fills blanks as they are, without making them HTML or looking for more blanks in them', () => {
    expect(translator('en')('problem.unexpected.what', { detail: '<b>&{{x}}$t(cli.done)' })).toContain(
      '<b>&{{x}}$t(cli.done)',
    );
  });

  it('says sizes in words of each language', () => {
    expect(translator('en')('cli.plan.download', { size: 420e6 })).toContain('420 MB');
    expect(translator('zh-CN')('cli.plan.download', { size: 420e6 })).toContain('420 MB');
  });

  it('counts', () => {
    expect(translator('en')('tray.and-more', { count: 1 })).toContain('one');
    expect(translator('en')('tray.and-more', { count: 3 })).toContain('3');
    expect(translator('zh-CN')('tray.and-more', { count: 1 })).toContain('1');
  });
});

it.each([
  ['zh_CN.UTF-8', 'zh-CN'],
  ['zh-Hans-CN', 'zh-CN'],
  ['zh', 'zh-CN'],
  ['en_GB.UTF-8', 'en'],
  ['de', 'en'],
  ['C', 'en'],
  ['', 'en'],
])('the language of %s is %s', (locale, language) => expect(languageOf(locale)).toBe(language));
