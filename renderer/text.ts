import i18next, { type i18n } from 'i18next';
import { createContext, useContext } from 'react';
import { initReactI18next, useTranslation } from 'react-i18next';
import en from '../assets/text/en.json';
import {
  formatAgo,
  formatAhead,
  formatBytes,
  formatDate,
  formatDuration,
  formatHour,
  formatList,
  formatMoment,
  formatShare,
} from '../assets/text/format.ts';
import zhCN from '../assets/text/zh-CN.json';
import type { EngineName, Facts, Finding, Language } from '../main/contract.ts';

/** Both languages are in the bundle, so a sentence is never waited for. */
export const texts: i18n = i18next.createInstance();
void texts.use(initReactI18next).init({
  resources: { en: { translation: en }, 'zh-CN': { translation: zhCN } },
  lng: 'en',
  fallbackLng: 'en',
  supportedLngs: ['en', 'zh-CN'],
  initAsync: false,
  returnNull: false,
  interpolation: { escapeValue: false },
});

/** `{{size, bytes}}` and `{{wait, duration}}` in any sentence. */
texts.services.formatter?.add('bytes', (value, language = 'en') => formatBytes(Number(value), language));
texts.services.formatter?.add('duration', (value, language = 'en') =>
  formatDuration(Number(value), language),
);

/** The sections whose keys main names by code. */
export type CodeSection =
  | 'reason'
  | 'evidence'
  | 'note'
  | 'step'
  | 'change'
  | 'put-back'
  | 'stopper'
  | 'untried'
  | 'offer'
  | 'need';

/** A finding that says why something does not hold, or can't be told. */
type Trouble = Exclude<Finding, { is: 'ok' }>;

/** Switches every sentence, and tells the system which language it is for fonts and screen readers. */
export function speak(language: Language): void {
  document.documentElement.lang = language;
  if (texts.language !== language) void texts.changeLanguage(language);
}

/** What sentences mean by the engine: the Snapshot's. */
export const EngineInUse = createContext<EngineName | null>(null);

/** Everything that a component says, in the person's language. */
export function useSay() {
  const { t, i18n: current } = useTranslation(undefined, { i18n: texts });
  const engine = useContext(EngineInUse);
  const language = current.language;
  /** The sentence for a code of main's; a code without one says so instead of crashing. */
  const code = (section: CodeSection, name: string, facts: Facts = {}): string =>
    t([`${section}.${name}`, 'common.no-words'], optionsFor({ ...facts, code: name }, engine));
  return {
    language,
    /** A sentence of the views' own. */
    t: (key: string, facts: Facts = {}): string => t(key, optionsFor(facts, engine)),
    code,
    /** Why a row is not ok. */
    reason: ({ why, facts }: Trouble): string => code('reason', why, facts),
    /** Whether there is a sentence for this key. */
    has: (key: string): boolean => current.exists(key),
    bytes: (bytes: number) => formatBytes(bytes, language),
    duration: (seconds: number) => formatDuration(seconds, language),
    ago: (at: number, now: number) => formatAgo(at, now, language) ?? t('common.just-now'),
    moment: (at: number, now: number) => formatMoment(at, now, language),
    date: (at: number) => formatDate(at, language),
    /** The time of day, to the second: what belongs to it has a date already. */
    clock: (at: number) => formatMoment(at, at, language),
    ahead: (at: number, now: number) => formatAhead(at, now, language),
    hour: (hour: number) => formatHour(hour, language),
    list: (words: readonly string[]) => formatList(words, language),
    /** Two sentences after each other. */
    join: (first: string, second: string) =>
      language.startsWith('zh') ? first + second : `${first} ${second}`,
    share: (share: number) => formatShare(share, language),
  };
}

/** Facts only fill in blanks: none of them can become an option of i18next's, save the count for plurals. */
function optionsFor(facts: Facts, engine: EngineName | null): { replace: Facts; count?: number } {
  const { count } = facts;
  const replace = engine === null ? facts : { engine, ...facts };
  return typeof count === 'number' ? { replace, count } : { replace };
}
