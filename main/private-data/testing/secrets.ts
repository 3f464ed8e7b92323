/** Made-up private data for tests: nobody's, but of the right form. */

const number = '11010519491231002';
const weighed = [...number].reduce((sum, digit, at) => sum + Number(digit) * (2 ** (17 - at) % 11), 0);

/** An ID number of nobody, with its check digit. Source: ISO 7064 MOD 11-2. */
export const chineseId: string = number + '10X98765432'[weighed % 11];

/** A line that has it. */
export const idLine: string = `身份证号码：${chineseId}。`;
/** The same in Latin letters. */
export const latinIdLine: string = `His ID card has the number ${chineseId}, he said.`;
