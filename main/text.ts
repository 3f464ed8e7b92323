import i18next from 'i18next';
import en from '../assets/text/en.json';
import { formatBytes, formatDuration } from '../assets/text/format.ts';
import zhCN from '../assets/text/zh-CN.json';
import type { EngineName, Facts, Language } from './contract.ts';

/** Says a sentence of assets/text in one language. */
export type Say = (key: string, facts?: Facts) => string;

const texts = i18next.createInstance();
void texts.init({
  resources: { en: { translation: en }, 'zh-CN': { translation: zhCN } },
  lng: 'en',
  fallbackLng: 'en',
  supportedLngs: ['en', 'zh-CN'],
  initAsync: false,
  returnNull: false,
  // Nothing of what main says is ever put into HTML.
  interpolation: { escapeValue: false },
});
texts.services.formatter?.add('bytes', (value, language = 'en') => formatBytes(Number(value), language));
texts.services.formatter?.add('duration', (value, language = 'en') =>
  formatDuration(Number(value), language),
);

/**
 * The sentences of one language. A key without a sentence is said as it is, so that it shows in a test.
 *
 * @param engine the Snapshot's: what sentences mean by it; without one, nothing can be said that names it
 */
export function translator(language: Language, engine?: EngineName): Say {
  const t = texts.getFixedT(language);
  // Facts only fill in blanks: none of them can become an option of i18next's, save the count for plurals.
  return (key, facts = {}) => {
    const { count } = facts;
    const replace = engine === undefined ? facts : { engine, ...facts };
    return t(key, typeof count === 'number' ? { replace, count } : { replace });
  };
}

/** Whether there is a sentence for this key. */
export function hasText(key: string): boolean {
  return texts.exists(key);
}

/** The language that fits a locale such as `zh_CN.UTF-8` or `en-GB`. */
export function languageOf(locale: string): Language {
  return /^zh\b|^zh[_-]/i.test(locale) ? 'zh-CN' : 'en';
}
