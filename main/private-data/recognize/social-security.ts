/** United States social security numbers. They have no check digit: a word near by has to tell. */

/** Words that say that a social security number follows. */
export const socialSecurityLabel =
  /(?<![a-z])ssn(?![a-z])|social[ _-]{0,2}security|soc\.? ?sec\.?|社会安全|社會安全|社安|社会保障号|社會保障號/i;

/** The same right before a number: nothing but a few words of filling between. */
export const socialSecurityLabelAtEnd =
  /(?:(?<![a-z])ssn|social[ _-]{0,2}security(?:[ _-]?(?:no\.?|number|num|#))?|(?:社会安全|社會安全|社安)(?:号码?|號碼?)?)["')\]]{0,2}(?: is|是|为|為)?[ \t]*[:=#,]?[ \t]*["']?$/i;

/** Published with wallets, advertisements and forms; nobody's. Source: the Social Security Administration's history pages. */
const published = new Set([
  '078051120',
  '219099999',
  '457555462',
  '123456789',
  '123121234',
  '111223333',
  '555555555',
  '333333333',
  '222222222',
  '111111111',
  '444444444',
  '777777777',
  '888888888',
]);

/** Whether nine digits may be somebody's number (areas, groups and serials that were never given out); pure. */
export function isSocialSecurity(digits: string): boolean {
  return (
    digits.length === 9 &&
    digits[0] !== '9' &&
    !digits.startsWith('000') &&
    !digits.startsWith('666') &&
    digits.slice(3, 5) !== '00' &&
    digits.slice(5) !== '0000' &&
    !published.has(digits)
  );
}
