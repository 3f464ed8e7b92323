import type { Window } from './window.ts';

/** Machine-readable zones of travel documents (ICAO 9303): two lines of 44 or 36 characters, or three of 30. */

function worth(code: number): number {
  if (code === 60) return 0;
  return code >= 65 ? code - 55 : code - 48;
}

/** The check digit of some characters by ICAO 9303 part 3; pure. */
export function mrzCheckDigit(characters: string): string {
  let sum = 0;
  for (let at = 0; at < characters.length; at++) {
    sum += worth(characters.charCodeAt(at)) * ([7, 3, 1][at % 3] ?? 0);
  }
  return String(sum % 10);
}

function isChecked(line: string, start: number, end: number): boolean {
  return mrzCheckDigit(line.slice(start, end)) === line[end];
}

/** Document number, date of birth, sex and expiry, as the second line of two has them. */
function isDataLine(line: string): boolean {
  return (
    isChecked(line, 0, 9) &&
    /^[A-Z<]{3}[\d<]{6}\d[MFX<]\d{7}/.test(line.slice(10)) &&
    isChecked(line, 13, 19) &&
    isChecked(line, 21, 27)
  );
}

function isBooklet(first: string, second: string): boolean {
  if (!/^P[A-Z<][A-Z<]{3}[A-Z]/.test(first) || !isDataLine(second)) return false;
  const personal = second.slice(28, 42);
  const isEmpty = /^<+$/.test(personal) && second[42] === '<';
  const composite = second.slice(0, 10) + second.slice(13, 20) + second.slice(21, 43);
  return (isEmpty || isChecked(second, 28, 42)) && mrzCheckDigit(composite) === second[43];
}

function isLargeCard(first: string, second: string): boolean {
  if (!/^[ACIP][A-Z<][A-Z<]{3}[A-Z]/.test(first) || !isDataLine(second)) return false;
  const composite = second.slice(0, 10) + second.slice(13, 20) + second.slice(21, 35);
  return mrzCheckDigit(composite) === second[35];
}

function isSmallCard(first: string, second: string, third: string): boolean {
  if (!/^[ACIP][A-Z<][A-Z<]{3}[A-Z0-9]/.test(first) || !/^[A-Z]/.test(third)) return false;
  if (!/^[\d<]{6}\d[MFX<]\d{7}[A-Z<]{3}/.test(second)) return false;
  const composite = first.slice(5) + second.slice(0, 7) + second.slice(8, 15) + second.slice(18, 29);
  return (
    isChecked(first, 5, 14) &&
    isChecked(second, 0, 6) &&
    isChecked(second, 8, 14) &&
    mrzCheckDigit(composite) === second[29]
  );
}

const zone =
  /(?<![A-Z0-9<])(?:([A-Z0-9<]{44})#([A-Z0-9<]{44})|([A-Z0-9<]{36})#([A-Z0-9<]{36})|([A-Z0-9<]{30})#([A-Z0-9<]{30})#([A-Z0-9<]{30}))(?![A-Z0-9<])/
    .source;
/** What may lie between two lines: a line end, written out or escaped, with what quotes and indents lines. */
const between = /(?:\\[nr]|[\s"',|>;+]){1,24}/.source;
const zoneLines = new RegExp(zone.replaceAll('#', between));
/** As far as the other lines of a zone may begin before one of them and end after it (characters). */
const zoneReach = 120;

function isZoneCode(code: number): boolean {
  return (code >= 65 && code <= 90) || (code >= 48 && code <= 57) || code === 60;
}

function isZone(text: string): boolean {
  const match = zoneLines.exec(text);
  if (!match) return false;
  const [, wide1, wide2, middle1, middle2, small1, small2, small3] = match;
  if (wide1 && wide2) return isBooklet(wide1, wide2);
  if (middle1 && middle2) return isLargeCard(middle1, middle2);
  return small1 && small2 && small3 ? isSmallCard(small1, small2, small3) : false;
}

/** Whether a window holds the machine-readable zone of a passport or identity card, all check digits right; pure. */
export function hasPassport({ text, from, to }: Window): boolean {
  let hit = text.indexOf('<<', from);
  while (hit !== -1 && hit < to) {
    let start = hit;
    while (start > 0 && hit - start < 45 && isZoneCode(text.charCodeAt(start - 1))) start--;
    let end = hit;
    while (isZoneCode(text.charCodeAt(end))) end++;
    if ([30, 36, 44].includes(end - start)) {
      if (isZone(text.slice(Math.max(0, start - zoneReach), end + zoneReach))) return true;
    }
    hit = text.indexOf('<<', end);
  }
  return false;
}
