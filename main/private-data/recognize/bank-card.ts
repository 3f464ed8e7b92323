/** Numbers of payment cards (ISO/IEC 7812): issuers' ranges and lengths, the Luhn check, and those that are nobody's. */

/** Words that say that a card's number is near. */
export const cardLabel =
  /(?:credit|debit|bank|payment|gift)[ _-]?cards?(?![a-z])|cards?[ _-]?(?:no|num|#|holder|member)|(?<![a-z])cards?(?![a-z])|(?<![a-z])(?:visa|master ?card|amex|american express|union ?pay|discover card|jcb|diners|maestro|cvv2?|cvc2?)(?![a-z])|(?<![a-z])(?:cc|pan)[ _-]?(?:no|num|number)?["']?[ ]?[:=#]|卡号|卡號|银行|銀行|信用卡|储蓄卡|借记卡|账号|账户|帐号|帳號|银联|銀聯|有效期|安全码|(?:工|农|建|招|交)行/i;

/**
 * Test numbers that payment companies publish: Stripe, PayPal and Braintree, Adyen, Authorize.Net, Worldpay, eWAY,
 * China UnionPay's developer pages.
 */
const published = new Set(
  `4242424242424242 4000056655665556 5555555555554444 2223003122003222 5200828282828210 5105105105105100
  378282246310005 371449635398431 6011111111111117 6011000990139424 6011981111111113 3056930009020004
  36227206271667 6555900000604105 3566002020360505 6200000000000005 6200000000000047 6205500000000000004
  5555552500001001 4012888888881881 4111111111111111 30569309025904 38520000023237 3530111333300000
  378734493671000 4005519200000004 4009348888881881 4012000033330026 4012000077777777 4217651111111119
  4500600000000061 4166676667666746 4646464646464644 2222400010000008 2222400030000004 2223000048410010
  2223000048400011 5100060000000002 5100290029002909 5577000055770004 5136333333333335 5585558555855583
  5555444433331111 5500000000000004 5500005555555559 2222410740360010 5555341244441115 2222400050000009
  370000000000002 4111111145551142 4988438843884305 4400000000000008 4293189100000008 4988080000000000
  4977949494949497 4607000000000009 36006666333344 36259600000004 6011601160116611 6445644564456445
  3569990010095841 6243030000000001 6250946000000016 6250947000000014 6703444444444449 4007000000027
  6011000000000012 3088000000000017 38000000000006 5424000000000015 2223000010309703 4444333322221111
  4917610000000000 4484070000000000 5454545454545454 6759649826438453 6304000000000000 4035501000000008
  4360000001000005 4571000000000001 4155279860457 5019717010103742 6331101999990016 5610591081018250
  4508750015741019 5453010000059543 345678901234564 4539578763621486 6226388000000095 6216261000000000018
  6221558812340000`.split(/\s+/),
);

interface Issuer {
  /** Of numbers that begin with it. */
  readonly range: RegExp;
  readonly lengths: readonly number[];
}

const issuers: readonly Issuer[] = [
  { range: /^4/, lengths: [16, 19] },
  { range: /^(?:5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/, lengths: [16] },
  { range: /^3[47]/, lengths: [15] },
  { range: /^62/, lengths: [16, 17, 18, 19] },
  { range: /^95588/, lengths: [19] },
  { range: /^(?:6011|64[4-9]|65)/, lengths: [16] },
  { range: /^35(?:2[89]|[3-8])/, lengths: [16] },
  { range: /^(?:30[0-5]|36|38|39)/, lengths: [14] },
  { range: /^220[0-4]/, lengths: [16] },
];

function isLuhn(digits: string): boolean {
  let sum = 0;
  for (let at = 0; at < digits.length; at++) {
    const digit = digits.charCodeAt(digits.length - 1 - at) - 48;
    const weighed = at % 2 === 0 ? digit : digit * 2;
    sum += weighed > 9 ? weighed - 9 : weighed;
  }
  return sum % 10 === 0;
}

/** Made up by a person or for a test: one digit all over, counted up, or of a test issuer. */
function isMadeUp(digits: string): boolean {
  return (
    new Set(digits).size <= 3 ||
    /0{8}|([1-9])\1{5}/.test(digits) ||
    /12345678|23456789|87654321|98765432/.test(digits) ||
    /^(?:400000|424242|411111|555555)/.test(digits)
  );
}

/** Whether a row of digits is a payment card's number that may be somebody's; pure. */
export function isBankCard(digits: string): boolean {
  return (
    issuers.some(({ range, lengths }) => lengths.includes(digits.length) && range.test(digits)) &&
    isLuhn(digits) &&
    !isMadeUp(digits) &&
    !published.has(digits)
  );
}
