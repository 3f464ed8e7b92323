/** Made-up private data for tests: nobody's, but of the right form. */

/** A Chinese ID number of nobody: its check digit is right. Source: ISO 7064 MOD 11-2. */
export const chineseId = '110105194912310021'.slice(0, 17) + checkDigit('11010519491231002');

function checkDigit(digits: string): string {
  const sum = [...digits].reduce((all, digit, at) => all + Number(digit) * (2 ** (17 - at) % 11), 0);
  return '10X98765432'[sum % 11] ?? '';
}

/** A sentence that has it, in both languages. */
export const idSentence = `身份证号码：${chineseId}，ID card ${chineseId}.`;
