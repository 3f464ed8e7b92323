/** The pieces that a text of any length is looked at in, and what stands around a find. */

/**
 * A piece of a text: finds that begin in [`from`, `to`) are this piece's; what lies around them is for context.
 * Pieces of one text follow each other without a gap, always at the same places, however the text came in.
 */
export interface Window {
  /** As written, but fullwidth forms, spaces and dashes of every kind are their ASCII ones. Positions stay. */
  readonly text: string;
  readonly from: number;
  readonly to: number;
  /** The first lines of the whole text, where tables have their headings. */
  readonly headings: string;
}

const unusual = /[\u00a0\u2000-\u200a\u202f\u205f\u3000\u2010-\u2015\u2212\uff01-\uff5e]/g;

function usual(character: string): string {
  const code = character.charCodeAt(0);
  if (code >= 0xff01) return String.fromCharCode(code - 0xfee0);
  return (code >= 0x2010 && code <= 0x2015) || code === 0x2212 ? '-' : ' ';
}

/** The text with ASCII in place of its fullwidth forms and of unusual spaces and dashes; as long as before. Pure. */
export function unified(text: string): string {
  return text.replace(unusual, usual);
}

export function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

function isLetter(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90);
}

function isWordCode(code: number): boolean {
  return isDigit(code) || isLetter(code) || code === 95;
}

/** Whether the letter at `at` belongs to an escape of a line end or tab (`\n`), as source code and JSON have them. Pure. */
export function isEscapeLetter(text: string, at: number): boolean {
  return at > 0 && text[at - 1] === '\\' && 'nrt'.includes(text[at] ?? '-');
}

function isOpenBefore(text: string, start: number): boolean {
  if (start === 0) return true;
  const code = text.charCodeAt(start - 1);
  if (isWordCode(code)) return isEscapeLetter(text, start - 1);
  const further = start > 1 ? text.charCodeAt(start - 2) : Number.NaN;
  switch (text[start - 1]) {
    case '.':
      return !isDigit(further);
    case '-':
      return !isWordCode(further);
    case '+':
    case '/':
    case '\\':
    case '$':
    case '%':
    case '&':
    case '@':
      return false;
    default:
      return true;
  }
}

function isOpenAfter(text: string, end: number): boolean {
  if (end >= text.length) return true;
  const code = text.charCodeAt(end);
  if (isWordCode(code)) return false;
  const further = text.charCodeAt(end + 1);
  switch (text[end]) {
    case '.':
      return !isDigit(further);
    case '-':
      return !isWordCode(further);
    case '+':
    case '/':
    case '%':
    case '$':
      return false;
    default:
      return true;
  }
}

/** Whether a number in [`start`, `end`) is one by itself, not part of a name, an address or a longer number. Pure. */
export function standsAlone(text: string, start: number, end: number): boolean {
  return isOpenBefore(text, start) && isOpenAfter(text, end);
}

/** Whether a group of digits goes on before or after [`start`, `end`) in the way that its own groups are joined. Pure. */
export function isAmongGroups(text: string, start: number, end: number, joint: string): boolean {
  return (
    (text[start - 1] === joint && isDigit(text.charCodeAt(start - 2))) ||
    // Fewer than four are the card's check value, or the month that it ends in.
    (text[end] === joint && /^\d{4}/.test(text.slice(end + 1, end + 5)))
  );
}

const cellEdges = new Set(['', '\n', '\r', '\t', ',', ';', '|', '"', "'", '>', '<']);

/** Whether [`start`, `end`) fills a cell of a table, a quoted text or a line. Pure. */
export function fillsCell(text: string, start: number, end: number): boolean {
  let before = start - 1;
  while (text[before] === ' ') before--;
  let after = end;
  while (text[after] === ' ') after++;
  return cellEdges.has(text[before] ?? '') && cellEdges.has(text[after] ?? '');
}

/** Whether [`start`, `end`) is a line by itself, and no other line of digits goes before or after: no list. Pure. */
export function isLoneLine(text: string, start: number, end: number): boolean {
  const before = text.slice(Math.max(0, start - 40), start);
  const after = text.slice(end, end + 40);
  return (
    /(?:^|\n)[ \t]*$/.test(before) &&
    /^[ \t]*\r?(?:\n|$)/.test(after) &&
    !/\d{12}\s*$/.test(before) &&
    !/^\s*\d{12}/.test(after)
  );
}

/** Whether such a word stands in the `reach` characters before `start`. Pure. */
export function isToldBefore(text: string, start: number, label: RegExp, reach: number): boolean {
  return label.test(text.slice(Math.max(0, start - reach), start));
}

/**
 * Whether the headings of a table that a find stands in tell what it is: the find fills a cell and the text's
 * first lines are cells, too. Pure.
 */
export function isToldByHeadings(window: Window, start: number, end: number, label: RegExp): boolean {
  return /[,;\t|]/.test(window.headings) && label.test(window.headings) && fillsCell(window.text, start, end);
}
