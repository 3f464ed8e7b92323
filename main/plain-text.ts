/**
 * Text that somebody else had a hand in, made fit to be shown: on a page, in a terminal, in a log. Whatever has a power
 * of its own there (moves the cursor, turns the direction around, ends a line) becomes a sign that something was there.
 */
import type { Facts } from './contract.ts';

/** What nobody sees, half characters too. Source: Unicode, General_Category. */
const unseen = /[\p{C}\p{Zl}\p{Zp}]/gu;
/** The same, save for what ends a line. */
const unseenInLine = /[^\P{C}\n]|[\p{Zl}\p{Zp}]/gu;
const instead = '\ufffd';

/** One line. Pure. */
export const plainLine = (untrusted: string, longest: number): string =>
  // What was cut through is a half character, and seen as that.
  untrusted.slice(0, longest).replace(unseen, instead);

/** Lines. Pure. */
export const plainLines = (untrusted: string): string => untrusted.replace(unseenInLine, instead);

const mapped = (facts: Facts, change: (text: string) => string): Facts =>
  Object.fromEntries(
    Object.entries(facts).map(([name, fact]) => [name, typeof fact === 'string' ? change(fact) : fact]),
  );

/** No fact of a finding is longer than that; whoever tells more has to choose. */
const longestFact = 1000;
/** The facts of a problem hold commands, one a line. */
const longestInProblem = 8000;

/** What a finding's sentences are filled with. Pure. */
export const plainFacts = (facts: Facts): Facts => mapped(facts, (text) => plainLine(text, longestFact));

/** What a problem's sentences are filled with. Pure. */
export const plainProblemFacts = (facts: Facts): Facts =>
  mapped(facts, (text) => plainLines(text.slice(0, longestInProblem)));

const lookAlikes: Readonly<Record<string, string>> = { '<': '‹', '>': '›', '&': '＆' };

/**
 * For where the system may read marks in a text (links, pictures) without saying whether it does: notices and hints of
 * icons on Linux. Source: Desktop Notifications Specification, "Markup". Pure.
 */
export const withoutMarkup = (text: string): string =>
  text.replace(/[<>&]/g, (mark) => lookAlikes[mark] ?? instead);

/** JSON, indented, in which nothing has such a power either; it means the same. Pure. */
export function plainJson(value: unknown): string {
  const escaped = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return JSON.stringify(value, null, 2).replace(unseenInLine, (found) =>
    found.split('').map(escaped).join(''),
  );
}
