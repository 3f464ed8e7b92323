import { describe, expect, it } from 'vitest';
import { hasText, languageOf, translator } from './text.ts';

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

  it('says a key that has no sentence as it is', () => {
    expect(translator('zh-CN')('no.such.key')).toBe('no.such.key');
    expect(hasText('no.such.key')).toBe(false);
    expect(hasText('cli.done')).toBe(true);
  });

  it('means the engine that is in use, unless it is told of another', () => {
    const say = translator('zh-CN', 'Docker');
    expect(say('reason.engine-broken')).toBe('已安装 Docker，但它无法工作。');
    expect(say('present.absent', { engine: 'Multipass' })).toContain('Multipass');
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
