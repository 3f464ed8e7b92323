import { describe, expect, it } from 'vitest';
import en from '../assets/text/en.json';
import zhCN from '../assets/text/zh-CN.json';
import {
  AdminTaskId,
  guideItems,
  JobKind,
  Light,
  modelProviders,
  NextStep,
  safeguardIds,
} from '../main/contract.ts';
import { wizardSteps } from './screen-for.ts';

type Tree = { readonly [key: string]: string | Tree };

/** All keys of a language, plural forms counted once. */
function keysOf(tree: Tree, path = ''): string[] {
  return Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'string'
      ? [`${path}${key}`.replace(/_(one|other)$/, '')]
      : keysOf(value, `${path}${key}.`),
  );
}

const keys = new Set(keysOf(en));
const zhKeys = new Set(keysOf(zhCN));

/** The views' own source, tests aside. */
const files = import.meta.glob<string>(['./**/*.{ts,tsx}', '!./**/*.test.ts'], {
  query: '?raw',
  import: 'default',
  eager: true,
});
const sources = Object.values(files);

describe('the texts', () => {
  it('say the same things in both languages', () => {
    expect([...keys].filter((key) => !zhKeys.has(key))).toEqual([]);
    expect([...zhKeys].filter((key) => !keys.has(key))).toEqual([]);
  });

  it('have every sentence that a view says', () => {
    const said = sources.flatMap((source) => [
      ...[...source.matchAll(/\bt\(\s*'([a-z][\w.-]*)'/g)].map(([, key]) => key ?? ''),
      ...[...source.matchAll(/\bt\(\s*\w+ \? '([\w.-]+)' : '([\w.-]+)'/g)].flatMap(([, a, b]) => [
        a ?? '',
        b ?? '',
      ]),
    ]);
    expect(said.length).toBeGreaterThan(80);
    expect(said.filter((key) => !keys.has(key))).toEqual([]);
  });

  it('have words for everything that is named by id', () => {
    const named = [
      ...safeguardIds.flatMap((id) => ['title', 'ok', 'fix', 'why'].map((part) => `safeguard.${id}.${part}`)),
      ...guideItems.flatMap((item) => ['title', 'plain'].map((part) => `guide.${item}.${part}`)),
      ...Light.options.flatMap((light) => [
        `light.${light}.title`,
        `light.${light}.plain`,
        `tray.light.${light}`,
      ]),
      ...AdminTaskId.options.flatMap((id) =>
        ['title', 'why'].map((part) => `question.admin.task.${id}.${part}`),
      ),
      ...JobKind.options.map((job) => `work.job.${job}`),
      ...NextStep.options.map((next) => `work.next.${next}`),
      ...modelProviders.map((provider) => `provider.${provider}`),
      ...wizardSteps.map((step) => `wizard.step.${step}`),
    ];
    expect(named.filter((key) => !keys.has(key))).toEqual([]);
  });
});
