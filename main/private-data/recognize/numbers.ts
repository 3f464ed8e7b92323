import type { PrivateKind } from '../found.ts';
import { cardLabel, isBankCard } from './bank-card.ts';
import { isChineseId } from './chinese-id.ts';
import { isSocialSecurity, socialSecurityLabel, socialSecurityLabelAtEnd } from './social-security.ts';
import {
  fillsCell,
  isAmongGroups,
  isDigit,
  isLoneLine,
  isToldBefore,
  isToldByHeadings,
  standsAlone,
  type Window,
} from './window.ts';

/** How far from a number a word may stand that says what it is (characters). */
const reachBefore = 100;
const reachAfter = 40;

/** Digits: of a social security number's area, and of the longest cards. */
const shortestGroup = 3;
const longestNumber = 19;

const groupedId = /\d{6}([ -])(?:\d{8}|\d{4}\1\d{4})\1\d{3}[\dXx]/y;
const groupedSocial = /\d{3}([ -])\d{2}\1\d{4}/y;
/** Four by four, as printed on the card, with three or fewer at the end; American Express's and Diners' way; the issuer apart. */
const cardShapes = [
  /\d{4}([ -])\d{4}\1\d{4}\1\d{4}\1\d{1,3}(?!\d)/y,
  /\d{4}([ -])\d{4}\1\d{4}\1\d{4}(?!\d)/y,
  /\d{4}([ -])\d{6}\1\d{4,5}(?!\d)/y,
  /\d{6}([ -])\d{10,13}(?!\d)/y,
];

interface Grouped {
  readonly digits: string;
  readonly end: number;
}

/** What stands at `start` in groups that are joined in one way, if it is one by itself; pure but for the expression's place. */
function groupsAt(text: string, start: number, shape: RegExp): Grouped | null {
  shape.lastIndex = start;
  const match = shape.exec(text);
  if (!match) return null;
  const [all, joint = ''] = match;
  const end = start + all.length;
  if (isAmongGroups(text, start, end, joint) || !standsAlone(text, start, end)) return null;
  return { digits: all.replaceAll(joint, ''), end };
}

/** Whether other groups of four stand beside some of them, as in tables of codes; pure. */
function isInTable(text: string, start: number, end: number): boolean {
  return (
    /[0-9A-Fa-f]{4}[ \t,|-]{1,4}$/.test(text.slice(Math.max(0, start - 8), start)) ||
    /^[ \t,|-]{1,4}[0-9A-F]{4}(?![0-9A-Za-z])/.test(text.slice(end, end + 9))
  );
}

function isToldCard(window: Window, start: number, end: number): boolean {
  const { text } = window;
  return (
    isToldBefore(text, start, cardLabel, reachBefore) ||
    cardLabel.test(text.slice(end, end + reachAfter)) ||
    isToldByHeadings(window, start, end, cardLabel)
  );
}

/**
 * Whether a card's number without a word beside it may count. One in ten numbers of that length is a card's by chance:
 * alone in its line it counts, and UnionPay's, one number in a thousand, in a cell of a table.
 */
function isLoneCard(text: string, start: number, end: number): boolean {
  return (
    end - start >= 15 &&
    (isLoneLine(text, start, end) || (text.startsWith('62', start) && fillsCell(text, start, end)))
  );
}

function isToldSocial(window: Window, start: number, end: number): boolean {
  return (
    isToldBefore(window.text, start, socialSecurityLabel, reachBefore) ||
    isToldByHeadings(window, start, end, socialSecurityLabel)
  );
}

/** Adds the kinds of numbers that a window holds: `chinese-id`, `social-security`, `bank-card`. */
export function findNumbers(window: Window, now: Date, found: Set<PrivateKind>): void {
  const { text, from, to } = window;

  const considerId = (start: number, end: number) => {
    if (end - start === 6) {
      const grouped = groupsAt(text, start, groupedId);
      if (grouped && isChineseId(grouped.digits, now)) found.add('chinese-id');
      return;
    }
    const isTen = end - start === 17 && (text[end] === 'X' || text[end] === 'x');
    const whole = isTen ? end + 1 : end;
    if (whole - start !== 18) return;
    if (isChineseId(text.slice(start, whole), now) && standsAlone(text, start, whole))
      found.add('chinese-id');
  };

  const considerCard = (start: number, end: number) => {
    const length = end - start;
    if (length === 4 || length === 6) {
      const grouped = cardShapes
        .map((shape) => groupsAt(text, start, shape))
        .find((one) => one && isBankCard(one.digits));
      if (!grouped) return;
      const isOwn = length === 4 && !isInTable(text, start, grouped.end);
      if (isOwn || isToldCard(window, start, grouped.end)) found.add('bank-card');
    } else if (length >= 14) {
      if (
        isBankCard(text.slice(start, end)) &&
        standsAlone(text, start, end) &&
        (isToldCard(window, start, end) || isLoneCard(text, start, end))
      ) {
        found.add('bank-card');
      }
    }
  };

  const considerSocial = (start: number, end: number) => {
    if (end - start === 3) {
      const grouped = groupsAt(text, start, groupedSocial);
      if (grouped && isSocialSecurity(grouped.digits) && isToldSocial(window, start, grouped.end)) {
        found.add('social-security');
      }
    } else if (end - start === 9) {
      if (
        isSocialSecurity(text.slice(start, end)) &&
        standsAlone(text, start, end) &&
        (isToldBefore(text, start, socialSecurityLabelAtEnd, reachBefore) ||
          isToldByHeadings(window, start, end, socialSecurityLabel))
      ) {
        found.add('social-security');
      }
    }
  };

  let done = 0;
  // Every group that matters lies over one place in so many.
  for (let place = from; place < to + shortestGroup; place += shortestGroup) {
    if (!isDigit(text.charCodeAt(place))) continue;
    let start = place;
    while (start > done && isDigit(text.charCodeAt(start - 1))) start--;
    let end = place + 1;
    while (isDigit(text.charCodeAt(end))) end++;
    done = end;
    place = end;
    if (end - start > longestNumber || start >= to) continue;
    if (!found.has('chinese-id')) considerId(start, end);
    if (!found.has('bank-card')) considerCard(start, end);
    if (!found.has('social-security')) considerSocial(start, end);
  }
}
