/** The sentences in both languages: all there, alike in their blanks, and well set. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  AdminTaskId,
  attemptIds,
  EngineName,
  guideItems,
  JobKind,
  Light,
  modelProviders,
  NextStep,
  safeguardIds,
} from '../../main/contract.ts';
import { blanksOf } from '../../main/testing/sentences.ts';
import { wizardSteps } from '../../renderer/screen-for.ts';
import en from './en.json' with { type: 'json' };
import zh from './zh-CN.json' with { type: 'json' };

/** Every sentence by its full key. */
function sentencesOf(texts: object, path = ''): Map<string, string> {
  const found = new Map<string, string>();
  for (const [key, value] of Object.entries(texts)) {
    const at = path === '' ? key : `${path}.${key}`;
    if (typeof value === 'string') found.set(at, value);
    else for (const [inner, sentence] of sentencesOf(value, at)) found.set(inner, sentence);
  }
  return found;
}
const english = sentencesOf(en);
const chinese = sentencesOf(zh);
const all = [...english, ...chinese];

/** Chinese has one plural where English has two. */
const withoutPlural = (key: string) => key.replace(/_(one|other)$/, '');
const keys = (sentences: Map<string, string>) =>
  [...new Set([...sentences.keys()].map(withoutPlural))].sort();
/** Blanks with how they are filled in: `{{size, bytes}}`. */
const fillings = (sentence: string) =>
  [...sentence.matchAll(/\{\{[^}]*\}\}/g)].map(([blank]) => blank.replaceAll(' ', '')).sort();
const withoutBlanks = (sentence: string) => sentence.replace(/\{\{[^}]*\}\}/g, '…');

const faults = (
  sentences: Iterable<[string, string]>,
  isFault: (sentence: string, key: string) => boolean,
): string[] =>
  [...sentences].filter(([key, text]) => isFault(text, key)).map(([key, text]) => `${key}: ${text}`);

describe('both languages', () => {
  it('have exactly the same keys', () => {
    expect(keys(chinese)).toEqual(keys(english));
  });

  it('have the plurals that they need, and none that they never use', () => {
    expect([...english.keys()].filter((key) => key.endsWith('_one')).length).toBe(
      [...english.keys()].filter((key) => key.endsWith('_other')).length,
    );
    expect([...chinese.keys()].filter((key) => key.endsWith('_one'))).toEqual([]);
  });

  it('fill in the same blanks in the same way', () => {
    const different = [...chinese].filter(([key, sentence]) => {
      const other = english.get(key) ?? english.get(`${withoutPlural(key)}_other`) ?? '';
      return fillings(sentence).join() !== fillings(other).join();
    });
    expect(different).toEqual([]);
  });

  it('leave no sentence empty, and no blank at its edges or twice in a row', () => {
    const isPrompt = (key: string) => key === 'cli.question.key' || key === 'cli.question.which';
    const isBad = (text: string, key: string) =>
      text.trim() === '' || (!isPrompt(key) && text !== text.trim()) || /[^\n ] {2,}(?=[a-z])/.test(text);
    expect(faults(all, (text, key) => !key.startsWith('cli.usage') && isBad(text, key))).toEqual([]);
  });

  it('name an engine only where another one than that in use is meant, or where no other can be', () => {
    const allowed =
      /^(attempt\.engine\.tried|(reason|problem)\.engine-not-allowed(\.next)?|note\.engine-controls-computer|change\.install-machine-engine|question\.admin\.task\.install-machine-engine\.(title|why)|homes\.computer\.plain|problem\.computer-unreachable\.next)$/;
    const names = new RegExp(`\\b(${EngineName.options.join('|')})\\b`, 'i');
    expect(faults(all, (text, key) => names.test(text) && !allowed.test(key))).toEqual([]);
  });

  it('end whole sentences', () => {
    const sections =
      /^(reason|evidence|note|stopper|untried|attempt\..*\.through|proof\.verdict|light\..*\.plain|safeguard\..*\.(ok|why)|guide\..*\.(plain|yours))/;
    const isOpen = (text: string, key: string) =>
      sections.test(key) && !/([.?!。？！]|\{\{detail\}\})$/.test(text);
    expect(faults(all, isOpen)).toEqual([]);
  });
});

describe('Chinese', () => {
  const han = '\\p{Script=Han}';

  it('uses full-width punctuation next to Chinese characters', () => {
    const halfWidth = new RegExp(
      `${han}\\s?[,;:!?()"']|[,;:!?("']\\s?${han}|${han}\\.(?!\\w)|\\)${han}`,
      'u',
    );
    const isWrong = (text: string, key: string) =>
      !key.startsWith('cli.usage') && halfWidth.test(withoutBlanks(text));
    expect(faults(chinese, isWrong)).toEqual([]);
  });

  it('sets Latin words and numbers apart from Chinese characters', () => {
    const touching = new RegExp(`${han}[A-Za-z0-9]|[A-Za-z0-9]${han}`, 'u');
    expect(faults(chinese, (text) => touching.test(withoutBlanks(text)))).toEqual([]);
  });

  it('leaves open with six dots; three stand for what was cut off a blank', () => {
    const isWrong = (text: string) => /(?<![…}])…(?!…)|\.\.\./.test(text);
    expect(faults(chinese, isWrong)).toEqual([]);
  });

  it('is Chinese: what has no Chinese character in it is a name, an example or a key', () => {
    const plain =
      /^(provider\.(openai|anthropic)|work\.job-what|settings\.about\.(app|agent)|window\.(title|menu\.app)|cli\.(yes|yes-no)|work\.of|cli\.file|home\.version|question\.model-key\.base-url-example|home\.nearby\.example|homes\.computer\.host-example)$/;
    const hasHan = new RegExp(han, 'u');
    expect(faults(chinese, (text, key) => !hasHan.test(text) && !plain.test(key))).toEqual([]);
  });

  it('has no English words left over', () => {
    const names =
      /\b(OpenClaw|ClawCove|Podman|podman|QEMU|Debian|Docker|runc|nftables|Wi-Fi|AI|API|key|ro|https?|example|com|v1|JSON|Ctrl|clawcove|CNCERT|Anthropic|Claude|OpenAI|DeepSeek|Kimi|GLM|Z|ai|y|N|Linux|Windows|macOS|Ubuntu|SSH|deb|sudo|setup|remove|fix|help|custom|en|zh|CN|GB|BIOS|Intel VT-x|AMD-V|SVM|wslconfig)\b/g;
    const left = (text: string) =>
      withoutBlanks(text)
        .replace(/--[\w-]+/g, '')
        .replace(names, '')
        .match(/[A-Za-z]{2,}/g);
    expect(faults(chinese, (text, key) => !key.startsWith('cli.usage') && left(text) !== null)).toEqual([]);
  });

  it('says one thing in one way', () => {
    // Left: what it must not say; the comment says what it says instead.
    const others = /您|帐户|帐号|安全住所|登陆|账号/; // 你, 账户, 安全小屋, 登录
    expect(faults(chinese, (text) => others.test(text))).toEqual([]);
  });
});

describe('English', () => {
  it('is set with curly quotes and apostrophes, and with one character for three dots', () => {
    expect(faults(english, (text) => /['"]|\.\.\.|……/.test(text))).toEqual([]);
  });

  it('has no Chinese characters and no full-width punctuation', () => {
    expect(faults(english, (text) => /[\p{Script=Han}，。：；！？（）、]/u.test(text))).toEqual([]);
  });
});

describe('every code has its sentences', () => {
  const shape = (section: object) => Object.entries(section).map(([id, words]) => [id, Object.keys(words)]);

  it.each([en, zh])('every problem says what happened, what it means and what to do next', (texts) => {
    for (const [id, parts] of shape(texts.problem))
      expect([id, parts]).toEqual([id, ['what', 'means', 'next']]);
  });

  it.each([en, zh])('every attempt says what is tried and what it means when it gets through', (texts) => {
    expect(shape(texts.attempt)).toEqual(attemptIds.map((id) => [id, ['tried', 'through']]));
  });

  it.each([en, zh])('every safeguard, guide item, light, job and next step is named', (texts) => {
    for (const [id, parts] of shape(texts.safeguard))
      expect([id, parts]).toEqual([id, ['title', 'ok', 'fix', 'why']]);
    expect(Object.keys(texts.safeguard)).toEqual([...safeguardIds]);
    expect(texts.guide).toMatchObject(
      Object.fromEntries(
        guideItems.map((item) => [item, { title: expect.any(String), plain: expect.any(String) }]),
      ),
    );
    expect(texts.light).toMatchObject(
      Object.fromEntries(
        Light.options.map((light) => [light, { title: expect.any(String), plain: expect.any(String) }]),
      ),
    );
    expect(Object.keys(texts.tray.light)).toEqual([...Light.options]);
    expect(Object.keys(texts.work.job)).toEqual([...JobKind.options]);
    expect(Object.keys(texts.work.next)).toEqual(expect.arrayContaining([...NextStep.options]));
    expect(Object.keys(texts.provider)).toEqual([...modelProviders]);
    expect(shape(texts.question.admin.task)).toEqual(AdminTaskId.options.map((id) => [id, ['title', 'why']]));
    expect(Object.keys(texts.wizard.step)).toEqual(expect.arrayContaining([...wizardSteps]));
    expect(Object.keys(texts.change)).toEqual(expect.arrayContaining([...AdminTaskId.options]));
  });
});

/** The source of one of the app's folders, tests and doubles apart. */
function sourceOf(folder: string): string {
  const root = join(import.meta.dirname, '../..', folder);
  return (readdirSync(root, { recursive: true }) as string[])
    .filter((path) => /\.tsx?$/.test(path) && !/\.test\.tsx?$|^testing\//.test(path))
    .map((path) => readFileSync(join(root, path), 'utf8'))
    .join('\n');
}
const source = sourceOf('main');

describe('every sentence has its code', () => {
  it.each([
    'reason',
    'evidence',
    'note',
    'step',
    'change',
    'problem',
    'put-back',
    'stopper',
    'untried',
  ] as const)('in %s', (section) => {
    // Built from the answer's own word: `gateway-${answer.is}`.
    const built = ['gateway-let-in', 'gateway-turned-away', 'gateway-strange', 'gateway-silent'];
    const unused = Object.keys(en[section]).filter(
      (code) => !source.includes(`'${code}'`) && !(section === 'evidence' && built.includes(code)),
    );
    expect(unused).toEqual([]);
  });
});

describe('every problem brings along what its sentences need', () => {
  const thrown = [...source.matchAll(/new ProblemError\(\s*'([\w-]+)'(?:,\s*\{([^}]*)\})?/g)];

  it('as far as it is written in one place', () => {
    expect(thrown.length).toBeGreaterThan(15);
    const lacking = thrown.flatMap(([, code = '', facts = '']) => {
      // `...facts` carries what another place has put together.
      if (facts.includes('...')) return [];
      const given = [...facts.matchAll(/(?:^|,)\s*'?([\w-]+)'?/g)].map(([, name]) => name);
      const words = Object.values(en.problem[code as keyof typeof en.problem]);
      return words
        .flatMap(blanksOf)
        .filter((name) => !given.includes(name))
        .map((name) => `${code} lacks ${name}`);
    });
    expect(lacking).toEqual([]);
  });
});

describe('the views bring along what their sentences need', () => {
  const whole = `${source}\n${sourceOf('renderer')}`;

  it('and there is a sentence for either key where one of two is said', () => {
    const said = [
      ...whole.matchAll(/\b(?:say|t)\(\s*[^'`()]+\?\s*'([\w-]+\.[\w.-]+)'\s*:\s*'([\w.-]+)'/g),
    ].flatMap(([, one = '', other = '']) => [one, other]);
    expect(said.length).toBeGreaterThan(8);
    expect(said.filter((key) => !english.has(key))).toEqual([]);
  });

  it('as far as key and facts stand in one place', () => {
    const said = [
      ...whole.matchAll(/\b(?:say|t)\(\s*'([\w-]+(?:\.[\w-]+)+)'\s*(?:,\s*(\{[^}]*\}|\w[\w.]*)\s*,?\s*)?\)/g),
    ];
    expect(said.length).toBeGreaterThan(100);
    const lacking = said.flatMap(([, key = '', facts = '{}']) => {
      const sentence = english.get(key) ?? english.get(`${key}_other`);
      if (sentence === undefined) return [`${key} has no sentence`];
      // Facts that another place has put together, or a call within them.
      if (!facts.startsWith('{') || facts.includes('...') || facts.includes('(')) return [];
      const given = [...facts.matchAll(/(?:[{,])\s*'?([\w-]+)'?/g)].map(([, name]) => name);
      return blanksOf(sentence)
        .filter((name) => !given.includes(name))
        .map((name) => `${key} lacks ${name}`);
    });
    expect(lacking).toEqual([]);
  });
});
