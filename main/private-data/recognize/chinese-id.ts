/** Numbers of Chinese identity cards (GB 11643: GB/T 2260 region, date of birth, sequence, ISO 7064 MOD 11-2 check). */

const provinces = new Set(
  '11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83'.split(
    ' ',
  ),
);

function checkCharacter(digits: string): string {
  let sum = 0;
  for (let at = 0; at < 17; at++) sum = (sum + Number(digits[at])) * 2;
  return '10X98765432'[sum % 11] ?? '';
}

function isPastDay(text: string, now: Date): boolean {
  const year = Number(text.slice(0, 4));
  const month = Number(text.slice(4, 6));
  const day = Number(text.slice(6));
  const date = new Date(Date.UTC(year, month - 1, day));
  return year >= 1900 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day && date <= now;
}

/**
 * Whether 18 characters, without spaces, are such a number; pure.
 * @param now nobody with a number is born later
 */
export function isChineseId(text: string, now: Date): boolean {
  return (
    provinces.has(text.slice(0, 2)) &&
    text.slice(2, 4) !== '00' &&
    text.slice(4, 6) !== '00' &&
    text.slice(14, 17) !== '000' &&
    checkCharacter(text) === text.slice(17).toUpperCase() &&
    isPastDay(text.slice(6, 14), now)
  );
}
