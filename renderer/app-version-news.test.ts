import { expect, it } from 'vitest';
import type { Finding, Row } from '../main/contract.ts';
import { appVersionNews } from './app-version-news.ts';

const facts = { version: '0.1.0', newest: '0.2.0' };
const broken = (why: 'app-behind' | 'app-ready' | 'app-behind-long' | 'app-unsafe'): Finding => ({
  is: 'broken',
  why,
  gravity: 'danger',
  facts,
  evidence: [],
});

it.each<[ReturnType<typeof appVersionNews>['key'], string, Finding]>([
  ['newest', '', { is: 'ok', evidence: [], notes: [] }],
  ['restarting', '0.2.0', { is: 'ok', evidence: [], notes: [{ code: 'app-restarting', facts }] }],
  ['newer', '0.2.0', broken('app-behind')],
  ['newer', '0.2.0', broken('app-ready')],
  ['newer', '0.2.0', broken('app-behind-long')],
  ['unsafe', '0.2.0', broken('app-unsafe')],
  ['unsure', '', { is: 'unknown', why: 'app-silent', facts: {}, evidence: [] }],
  ['aside', '', { is: 'not-applicable', why: 'app-by-system', facts: {}, evidence: [] }],
])('says %s %s', (key, newest, finding) => {
  const row: Row = { id: 'app-current', guide: [], finding, blame: null, fixable: true };
  expect(appVersionNews(row)).toEqual({ key, newest });
});
