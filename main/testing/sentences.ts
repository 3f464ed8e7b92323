/** What sentences need, and whether a finding or a problem brings it along. */
import en from '../../assets/text/en.json' with { type: 'json' };
import zh from '../../assets/text/zh-CN.json' with { type: 'json' };
import type { Facts, Finding } from '../contract.ts';

/** What a sentence has a name for where nobody brings one along, see text.ts. */
const filledAnyway = ['engine'];

/** The blanks of a sentence that a fact has to fill: `{{path}}` and `{{size, bytes}}` are `path` and `size`. */
export function blanksOf(sentence: string): string[] {
  return [...sentence.matchAll(/\{\{\s*([\w-]+)\s*(?:,[^}]*)?\}\}/g)]
    .map(([, name]) => name ?? '')
    .filter((name) => !filledAnyway.includes(name));
}

function blanksAt(section: string, code: string): string[] {
  const at = (texts: object): unknown => (texts as Record<string, Record<string, unknown>>)[section]?.[code];
  const sentences = [en, zh].flatMap((texts) => {
    const found = at(texts);
    if (found === undefined) return [`{{no sentence for ${section}.${code}}}`.replaceAll(' ', '-')];
    return typeof found === 'string' ? [found] : Object.values(found as Record<string, string>);
  });
  return sentences.flatMap(blanksOf);
}

function missing(section: string, code: string, facts: Facts): string[] {
  return blanksAt(section, code)
    .filter((name) => facts[name] === undefined || facts[name] === '')
    .map((name) => `${section}.${code} lacks ${name}`);
}

/** What the sentences about a finding would have to leave blank, in any language. */
export function blankIn(finding: Finding): string[] {
  return [
    ...(finding.is === 'ok' ? [] : missing('reason', finding.why, finding.facts)),
    ...finding.evidence.flatMap(({ code, facts }) => missing('evidence', code, facts)),
    ...(finding.is === 'ok' ? finding.notes.flatMap(({ code, facts }) => missing('note', code, facts)) : []),
  ];
}
