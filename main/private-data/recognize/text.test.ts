import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type PrivateKind, privateKinds } from '../found.ts';
import {
  apiKeys,
  bankCard,
  chineseId,
  drawFrom,
  examples,
  extendedKey,
  grouped,
  passport,
  passwordExports,
  recoveryPhrase,
  smallCard,
  walletKey,
} from '../testing/examples.ts';
import { createRecognizer } from './text.ts';

function kindsOf(...chunks: readonly string[]): readonly PrivateKind[] {
  const recognizer = createRecognizer();
  for (const chunk of chunks) recognizer.take(chunk);
  return recognizer.end();
}

const draw = drawFrom(7);
const otherDigit = (digit: string) => String((Number(digit) + 1) % 10);
const id = chineseId(draw);
const card = bankCard(draw, '622202', 19);
const visa = bankCard(draw, '4539', 16);
const phrase = recoveryPhrase(draw, 0, 12);
const [, npmToken = '', awsPair = ''] = [0, 17, 3].map((at) => apiKeys[at]?.(draw) ?? '');
const ed25519 = examples['private-key'][0]?.(draw) ?? '';

describe.each(privateKinds)('%s', (kind) => {
  const finds = examples[kind].map((make, at) => [at, make(drawFrom(100 + at))] as const);

  it.each(finds)('is found alone: %i', (_, find) => {
    expect(kindsOf(find)).toEqual([kind]);
  });

  it.each(finds)('is found wherever the text is cut: %i', (_, find) => {
    const text = `Notes\n${find}\nThe end.`;
    const step = Math.ceil(text.length / 80);
    for (let at = 0; at <= text.length; at += step) {
      expect(kindsOf(text.slice(0, at), text.slice(at)), `cut at ${at}`).toEqual([kind]);
    }
    expect(kindsOf(...text)).toEqual([kind]);
  });

  it('is found wherever in a long text it stands, once', () => {
    const strides = [0, 32_768, 65_536];
    for (const [, find] of finds) {
      for (const offset of [-4200, -530, -60, -23, -1, 0, 1, 40]) {
        const at = (strides[1 + (Math.abs(offset) % 2)] ?? 0) + offset;
        const text = `${'Nothing to see here, go on.\n'.repeat(2500).slice(0, at - 1)}\n${find}\n${'And so on it went\n'.repeat(900)}`;
        expect(kindsOf(text), `${find.slice(0, 60)} at ${at}`).toEqual([kind]);
      }
    }
  });
});

describe('what comes near to private data', () => {
  it.each<readonly [string, string]>([
    ['an ID with a wrong check digit', id.slice(0, 17) + (id[17] === 'X' ? '0' : 'X')],
    ['an ID of somebody who is not born', '110101299001011237'],
    ['an ID of no province', `99${id.slice(2)}`],
    ['a longer number with an ID in it', `7${id}`],
    ['a number with decimals', `0.${id}`],
    ['an ID in a name', `order_${id}`],
    ['a time to the millisecond', '20240512153045123456'],
    ['a card with a wrong check digit', `卡号 ${card.slice(0, 18)}${otherDigit(card.slice(18))}`],
    ['a card of no issuer', `card ${bankCard(draw, '9999', 16)}`],
    ['a bare number that might be a card', `build ${visa} finished`],
    ['a longer number with a card in it', `card 12${visa}`],
    ['a card within hexadecimal', `card a${visa}f`],
    ['groups that are joined differently', visa.replace(/^(.{4})(.{4})(.{4})/, '$1-$2 $3-')],
    ['a row of many groups of four', `1234 ${grouped(visa, ' ')} 9876 1234`],
    ['Stripe’s test card', 'card 4242 4242 4242 4242'],
    ['a test Visa', 'Visa: 4111111111111111'],
    ['a test Mastercard', 'card number 5555555555554444'],
    ['a test American Express', 'American Express 3782 822463 10005'],
    ['a test UnionPay', '银联 6221558812340000'],
    ['nine digits without a word', 'Part 536-90-4399 is sold out'],
    ['a published social security number', 'SSN 078-05-1120'],
    ['another one', 'social security number: 219-09-9999'],
    ['one of an area that is none', 'SSN: 666-12-3456, SSN: 000-12-3456, SSN: 912-12-3456'],
    ['one with empty groups', 'SSN: 123-00-4567, SSN: 123-45-0000'],
    ['plain digits far from the word', 'The SSN form has many fields. Order 536904399 came today.'],
    [
      'a passport with a wrong check digit',
      passport(draw)
        .join('\n')
        .replace(/.$/, (digit) => otherDigit(digit)),
    ],
    ['one line of a passport', passport(draw)[0] ?? ''],
    ['a card with its second line missing', smallCard(draw).slice(0, 2).join('\n')],
    ['a phrase of zeros', `${'abandon '.repeat(11)}about`],
    ['a published phrase', 'legal winner thank year wave sausage worth useful legal winner thank yellow'],
    ['another one', 'ozone drill grab fiber curtain grace pudding thank cruise elder eight picnic'],
    ['eleven words', phrase.slice(1).join(' ')],
    ['a phrase in the wrong order', [...phrase].reverse().join(' ')],
    ['a phrase with a word that is none', phrase.with(5, 'zzyzx').join(' ')],
    ['Chinese text', '的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工'],
    ['a key’s name only', '-----BEGIN RSA PRIVATE KEY-----'],
    [
      'a key that is cut short',
      '-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEA...\n-----END RSA PRIVATE KEY-----',
    ],
    ['a placeholder for a key', '-----BEGIN PRIVATE KEY-----\n<your key here>\n-----END PRIVATE KEY-----'],
    [
      'a public key',
      '-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n-----END PUBLIC KEY-----',
    ],
    ['a certificate', ed25519.replaceAll('PRIVATE KEY', 'CERTIFICATE')],
    [
      'a wallet’s key with a letter wrong',
      walletKey(draw).replace(/.$/, (last) => (last === 'a' ? 'b' : 'a')),
    ],
    [
      'an extended key with a letter wrong',
      extendedKey(draw).replace(/.$/, (last) => (last === 'a' ? 'b' : 'a')),
    ],
    ['a hash', `sha256: ${'0f3a9c'.repeat(10)}be12`],
    [
      'the key of a test network',
      'private key: 0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80',
    ],
    ['a token with a wrong checksum', npmToken.replace(/.$/, (last) => (last === 'a' ? 'b' : 'a'))],
    ['Amazon’s example', 'AKIAIOSFODNN7EXAMPLE wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'],
    ['an access key without its secret', awsPair.split('\n')[0] ?? ''],
    ['crosses', `sk-${'x'.repeat(48)} ghp_${'x'.repeat(36)} sk_live_${'x'.repeat(24)}`],
    ['a placeholder', 'OPENAI_API_KEY=sk-your-api-key-goes-here-0123456789-abcdefghij'],
    ['counted up', 'sk-1234567890abcdef1234567890abcdef hf_abcdefghijklmnopqrstuvwxyzABCDEFGH'],
    [
      'a web token',
      'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U',
    ],
    ['a class in a style sheet', 'sk-folding-cube-animation-delay-sk-cube2-before'],
    ['headings without a password', 'name,url,username,password\n'],
    ['headings with an empty one', passwordExports.chrome?.('') ?? ''],
    ['users of a program', 'id,name,email\n1,Joe,joe@example.com\n'],
    [
      'names of input fields',
      "type: ['text', 'password', 'search', 'username', 'url', 'email'],\nrole: ['a', 'b', 'c']",
    ],
  ])('is silent: %s', (_, text) => {
    expect(kindsOf(text)).toEqual([]);
    expect(kindsOf(`See also:\n${text}\nand the rest.`)).toEqual([]);
  });

  it('is silent about the lists that phrases are made of', () => {
    const words = [...recoveryPhrase(drawFrom(3), 0, 24)].sort();
    expect(kindsOf(words.join('\n'))).toEqual([]);
    expect(kindsOf(words.join(' '))).toEqual([]);
  });
});

describe('a card without a word beside it', () => {
  it('counts in a table whose headings tell', () => {
    const rows = (headings: string) => `${headings}\n7,Joe,${visa},2026\n`;
    expect(kindsOf(rows('id,name,card number,year'))).toEqual(['bank-card']);
    expect(kindsOf(rows('编号,姓名,卡号,年份'))).toEqual(['bank-card']);
    expect(kindsOf(rows('id,name,order,year'))).toEqual([]);
  });

  it('counts alone in its line, not in a list of numbers', () => {
    expect(kindsOf(`Mine:\n\n${visa}\n\nDon’t lose.`)).toEqual(['bank-card']);
    expect(kindsOf(`4539000011112222\n${visa}\n4539000011113333\n`)).toEqual([]);
  });

  it('counts in a cell if it is UnionPay’s', () => {
    expect(kindsOf(`7,Joe,${card},2026\n`)).toEqual(['bank-card']);
  });
});

describe('nine digits', () => {
  it('count in a table whose headings tell', () => {
    expect(kindsOf('name,ssn\nJoe,536904399\n')).toEqual(['social-security']);
    expect(kindsOf('name,part\nJoe,536904399\n')).toEqual([]);
  });
});

describe('a recovery phrase', () => {
  it('is read in the order of its numbers', () => {
    const words = recoveryPhrase(drawFrom(11), 0, 12);
    const columns = Array.from(
      { length: 6 },
      (_, at) => `${at + 1}. ${words[at]}   ${at + 7}. ${words[at + 6]}`,
    );
    expect(kindsOf(columns.join('\n'))).toEqual(['recovery-phrase']);
  });

  it('is found after words that say what it is', () => {
    expect(kindsOf(`My wallet seed phrase ${phrase.join(' ')}`)).toEqual(['recovery-phrase']);
    expect(kindsOf(`助记词：${phrase.join(' ')}`)).toEqual(['recovery-phrase']);
    expect(kindsOf(phrase.join(' ').toUpperCase())).toEqual(['recovery-phrase']);
  });
});

describe('several kinds', () => {
  it('are told in their order, however the text comes', () => {
    const text = `${npmToken}\n${'go on '.repeat(20_000)}\n${passport(draw).join('\n')}\n${'x'.repeat(70_000)}\n${id}\n`;
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 65_536 }), { minLength: 1, maxLength: 20 }), (sizes) => {
        const chunks: string[] = [];
        for (let at = 0, turn = 0; at < text.length; turn++) {
          const size = sizes[turn % sizes.length] ?? 1;
          // Tiny chunks all through would only take long.
          chunks.push(text.slice(at, at + Math.max(size, 64)));
          at += Math.max(size, 64);
        }
        expect(kindsOf(...chunks)).toEqual(['chinese-id', 'passport', 'api-key']);
      }),
      { numRuns: 30 },
    );
  });
});

describe('any text', () => {
  it('is read without an error, cut anywhere with the same answer', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        id,
        visa,
        card,
        phrase.join(' '),
        npmToken,
        ed25519,
        '<<',
        '-----BEGIN ',
        'password,',
        '\n',
      ),
    );
    fc.assert(
      fc.property(fc.array(piece), fc.nat(), (pieces, cut) => {
        const text = pieces.join('');
        const at = cut % (text.length + 1);
        expect(kindsOf(text.slice(0, at), text.slice(at))).toEqual(kindsOf(text));
      }),
    );
  });

  it.each([
    ['digits', '7'],
    ['one word', 'abandon '],
    ['beginnings of zones', '<<'],
    ['beginnings of keys', '-----BEGIN PRIVATE KEY-----\n'],
    ['headings', 'password,url,username\n'],
    ['headings in one line', 'password,'],
    ['items', '"login": {"password":'],
    ['labels', 'SSN card private key '],
    ['numbers', 'SSN 123-45-6789 4539-1488-0343-6460 '],
    ['one letter', 'x'],
  ])('of nothing but %s takes time in proportion', (_, part) => {
    const time = (length: number) => {
      const text = part.repeat(Math.ceil(length / part.length));
      const before = process.cpuUsage();
      const recognizer = createRecognizer();
      for (let at = 0; at < text.length; at += 65_536) recognizer.take(text.slice(at, at + 65_536));
      recognizer.end();
      return process.cpuUsage(before).user / 1000;
    };
    time(500_000);
    const short = time(500_000);
    expect(time(2_000_000)).toBeLessThan(4 * short * 4 + 200);
  });
});
