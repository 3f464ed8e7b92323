import { createHash, generateKeyPairSync } from 'node:crypto';
import { bech32, createBase58check } from '@scure/base';
import { entropyToMnemonic } from '@scure/bip39';
import type { PrivateKind } from '../found.ts';
import { tokenChecksum } from '../recognize/api-key.ts';
import { mrzCheckDigit } from '../recognize/passport.ts';
import { phraseLists } from '../recognize/phrase-words.ts';

/** Private data of nobody, made up by chance with right check digits: the same again for the same seed. */

/** Draws numbers from 0 up to, not with, `below`. */
export type Draw = (below: number) => number;

/** A source of numbers by chance that a seed settles (mulberry32). */
export function drawFrom(seed: number): Draw {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

export function pick<T>(draw: Draw, from: readonly T[]): T {
  const one = from[draw(from.length)];
  if (one === undefined) throw new Error('nothing to pick from');
  return one;
}

const digitSet = '0123456789';
const hexSet = '0123456789abcdef';
const upperSet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const base62Set = digitSet + upperSet + upperSet.toLowerCase();
const base64UrlSet = `${base62Set}-_`;

function drawText(draw: Draw, alphabet: string, length: number): string {
  let text = '';
  while (text.length < length) text += pick(draw, [...alphabet]);
  return text;
}

function drawBytes(draw: Draw, length: number): Uint8Array {
  return Uint8Array.from({ length }, () => draw(256));
}

const twoDigits = (value: number) => String(value).padStart(2, '0');

/** Somebody's number who was born between 1940 and 2009. */
export function chineseId(draw: Draw): string {
  const region = pick(
    draw,
    ['110101', '310115', '440305', '510104', '330106', '420111', '650102', '820000'].slice(0, 7),
  );
  const born = `${1940 + draw(70)}${twoDigits(1 + draw(12))}${twoDigits(1 + draw(28))}`;
  const body = `${region}${born}${String(1 + draw(998)).padStart(3, '0')}`;
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
  const sum = weights.reduce((total, weight, at) => total + weight * Number(body[at]), 0);
  return body + '10X98765432'[sum % 11];
}

function luhnDigit(body: string): string {
  let sum = 0;
  for (let at = 0; at < body.length; at++) {
    const digit = Number(body[body.length - 1 - at]);
    const weighed = at % 2 === 0 ? digit * 2 : digit;
    sum += weighed > 9 ? weighed - 9 : weighed;
  }
  return String((10 - (sum % 10)) % 10);
}

/** A card's number that begins so. */
export function bankCard(draw: Draw, issuer: string, length: number): string {
  const body = issuer + drawText(draw, digitSet, length - issuer.length - 1);
  return body + luhnDigit(body);
}

const cards: readonly (readonly [issuer: string, length: number])[] = [
  ['4539', 16],
  ['5275', 16],
  ['2345', 16],
  ['622202', 19],
  ['621700', 19],
  ['622588', 16],
  ['6011', 16],
  ['3530', 16],
];

export function anyCard(draw: Draw): string {
  const [issuer, length] = pick(draw, cards);
  return bankCard(draw, issuer, length);
}

/** In groups of four, as on the card. */
export function grouped(digits: string, joint: string): string {
  return digits.match(/\d{1,4}/g)?.join(joint) ?? '';
}

export function socialSecurity(draw: Draw): string {
  const area = 100 + draw(500);
  return `${area}-${twoDigits(10 + draw(89))}-${String(1000 + draw(8999))}`;
}

/** A recovery phrase of a list, by its place among the lists. */
export function recoveryPhrase(draw: Draw, list: number, words: number): readonly string[] {
  const entropy = drawBytes(draw, (words / 3) * 4);
  return entropyToMnemonic(entropy, [...(phraseLists[list] ?? [])]).split(/[ \u3000]/);
}

const filled = (text: string, length: number) => text.padEnd(length, '<').slice(0, length);
const dayFrom = (draw: Draw, year: number) =>
  `${twoDigits((year + draw(30)) % 100)}${twoDigits(1 + draw(12))}${twoDigits(1 + draw(28))}`;
const checked = (text: string) => text + mrzCheckDigit(text);

interface Traveller {
  readonly state: string;
  readonly name: string;
  readonly number: string;
  readonly born: string;
  readonly sex: string;
  readonly expires: string;
}

function traveller(draw: Draw): Traveller {
  return {
    state: pick(draw, ['CHN', 'USA', 'GBR', 'D<<', 'FRA', 'JPN']),
    name: pick(draw, ['ZHANG<<SAN', 'DOE<<JANE<MARY', 'MUSTERFRAU<<ERIKA', 'O<BRIEN<<SEAN']),
    number: pick(draw, [...'EGCL']) + drawText(draw, digitSet, 8),
    born: checked(dayFrom(draw, 60)),
    sex: pick(draw, ['M', 'F', '<']),
    expires: checked(dayFrom(draw, 26)),
  };
}

/** The machine-readable zone of a passport (TD3): two lines. */
export function passport(draw: Draw): readonly string[] {
  const { state, name, number, born, sex, expires } = traveller(draw);
  const personal = pick(draw, [filled('', 14), filled(drawText(draw, digitSet, 9), 14)]);
  const data = `${checked(number)}${state}${born}${sex}${expires}${checked(personal)}`;
  const composite = mrzCheckDigit(data.slice(0, 10) + data.slice(13, 20) + data.slice(21, 43));
  return [filled(`P<${state}${name}`, 44), data + composite];
}

/** Of an identity card (TD1): three lines. */
export function smallCard(draw: Draw): readonly string[] {
  const { state, name, number, born, sex, expires } = traveller(draw);
  const first = filled(`I<${state}${checked(number)}`, 30);
  const second = filled(`${born}${sex}${expires}${state}`, 29);
  const composite = mrzCheckDigit(
    first.slice(5) + second.slice(0, 7) + second.slice(8, 15) + second.slice(18, 29),
  );
  return [first, second + composite, filled(name, 30)];
}

/** Of a larger identity card (TD2): two lines. */
export function largeCard(draw: Draw): readonly string[] {
  const { state, name, number, born, sex, expires } = traveller(draw);
  const data = filled(`${checked(number)}${state}${born}${sex}${expires}`, 35);
  const composite = mrzCheckDigit(data.slice(0, 10) + data.slice(13, 20) + data.slice(21, 35));
  return [filled(`I<${state}${name}`, 36), data + composite];
}

const base58check = createBase58check((bytes: Uint8Array) => createHash('sha256').update(bytes).digest());
const inLines = (text: string) => text.match(/.{1,64}/g)?.join('\n') ?? '';
const drawBase64 = (draw: Draw, bytes: number) => Buffer.from(drawBytes(draw, bytes)).toString('base64');

/** A key for Bitcoin in Wallet Import Format. */
export function walletKey(draw: Draw): string {
  return base58check.encode(Uint8Array.from([0x80, ...drawBytes(draw, 32), 1]));
}

/** BIP-32's extended private key. */
export function extendedKey(draw: Draw): string {
  return base58check.encode(
    Uint8Array.from([
      0x04,
      0x88,
      0xad,
      0xe4,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      ...drawBytes(draw, 32),
      0,
      ...drawBytes(draw, 32),
    ]),
  );
}

export const privateKeys: readonly ((draw: Draw) => string)[] = [
  () => String(generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' })),
  () =>
    String(
      generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'sec1', format: 'pem' }),
    ),
  (draw) =>
    `-----BEGIN OPENSSH PRIVATE KEY-----\n${inLines(`b3BlbnNzaC1rZXktdjEAAAAABG5vbmU${drawBase64(draw, 200)}`)}\n-----END OPENSSH PRIVATE KEY-----\n`,
  (draw) =>
    `-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,${drawText(draw, hexSet, 32).toUpperCase()}\n\n${inLines(drawBase64(draw, 600))}\n-----END RSA PRIVATE KEY-----\n`,
  (draw) =>
    `-----BEGIN PGP PRIVATE KEY BLOCK-----\nVersion: GnuPG v2\n\n${inLines(drawBase64(draw, 600))}\n=${drawBase64(draw, 3)}\n-----END PGP PRIVATE KEY BLOCK-----\n`,
  (draw) =>
    `PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\nComment: home\nPublic-Lines: 2\n${inLines(drawBase64(draw, 60))}\nPrivate-Lines: 1\n${drawBase64(draw, 36)}\n`,
  (draw) => walletKey(draw),
  (draw) => base58check.encode(Uint8Array.from([0x80, ...drawBytes(draw, 32)])),
  (draw) => extendedKey(draw),
  (draw) => bech32.encodeFromBytes('age-secret-key-', drawBytes(draw, 32)).toUpperCase(),
  (draw) => bech32.encodeFromBytes('nsec', drawBytes(draw, 32)),
  (draw) => `ETH_PRIVATE_KEY=0x${drawText(draw, hexSet, 64)}`,
  (draw) => `我的以太坊私钥：${drawText(draw, hexSet, 64)}`,
  (draw) =>
    `[Interface]\nPrivateKey = ${Buffer.from(drawBytes(draw, 32)).toString('base64')}\nAddress = 10.0.0.2/32`,
];

const checkedToken = (draw: Draw, mark: string) => {
  const body = drawText(draw, base62Set, 30);
  return mark + body + tokenChecksum(body);
};

export const apiKeys: readonly ((draw: Draw) => string)[] = [
  (draw) => `sk-${drawText(draw, base62Set, 20)}T3BlbkFJ${drawText(draw, base62Set, 20)}`,
  (draw) => `sk-proj-${drawText(draw, base64UrlSet, 74)}T3BlbkFJ${drawText(draw, base64UrlSet, 74)}`,
  (draw) => `sk-ant-api03-${drawText(draw, base64UrlSet, 93)}AA`,
  (draw) =>
    `aws_access_key_id = AKIA${drawText(draw, `${upperSet}234567`, 16)}\naws_secret_access_key = ${drawText(draw, `${base62Set}/+`, 40)}`,
  (draw) => `AIza${drawText(draw, base64UrlSet, 35)}`,
  (draw) => checkedToken(draw, 'ghp_'),
  (draw) => checkedToken(draw, 'gho_'),
  (draw) => checkedToken(draw, 'ghs_'),
  (draw) => `github_pat_${drawText(draw, base62Set, 22)}_${drawText(draw, base62Set, 59)}`,
  (draw) => `glpat-${drawText(draw, base64UrlSet, 20)}`,
  (draw) =>
    `xoxb-${drawText(draw, digitSet, 12)}-${drawText(draw, digitSet, 13)}-${drawText(draw, base62Set, 24)}`,
  (draw) =>
    `https://hooks.slack.com/services/T${drawText(draw, upperSet + digitSet, 10)}/B${drawText(draw, upperSet + digitSet, 10)}/${drawText(draw, base62Set, 24)}`,
  (draw) => `sk_live_${drawText(draw, base62Set, 24)}`,
  (draw) => `rk_live_${drawText(draw, base62Set, 99)}`,
  (draw) => `SG.${drawText(draw, base64UrlSet, 22)}.${drawText(draw, base64UrlSet, 43)}`,
  (draw) => `TWILIO_API_KEY=SK${drawText(draw, hexSet, 32)}`,
  (draw) => `${1 + draw(9)}${drawText(draw, digitSet, 9)}:AA${drawText(draw, base64UrlSet, 33)}`,
  (draw) => checkedToken(draw, 'npm_'),
  (draw) => `pypi-AgEIcHlwaS5vcmc${drawText(draw, base64UrlSet, 150)}`,
  (draw) => `hf_${drawText(draw, upperSet + upperSet.toLowerCase(), 34)}`,
  (draw) => `LTAI5t${drawText(draw, base62Set, 18)}`,
  (draw) => `AKID${drawText(draw, base62Set, 32)}`,
  (draw) => `sk-${drawText(draw, hexSet, 32)}`,
  (draw) => `sk-${drawText(draw, base62Set, 48)}`,
  (draw) => `dop_v1_${drawText(draw, hexSet, 64)}`,
  (draw) => `shpat_${drawText(draw, hexSet, 32)}`,
];

/** Each by the name of who writes it so; a password goes in. */
export const passwordExports: Readonly<Record<string, (password: string) => string>> = {
  chrome: (password) => `name,url,username,password,note\nexample,https://example.com/,joe,${password},\n`,
  edge: (password) => `name,url,username,password\r\nexample,https://example.com/,joe,${password}\r\n`,
  firefox: (password) =>
    `"url","username","password","httpRealm","formActionOrigin","guid","timeCreated","timeLastUsed","timePasswordChanged"\n"https://example.com","joe","${password}",,"https://example.com","{1}","1","2","3"\n`,
  safari: (password) =>
    `Title,URL,Username,Password,Notes,OTPAuth\nExample,https://example.com/,joe,${password},,\n`,
  bitwarden: (password) =>
    `folder,favorite,type,name,notes,fields,reprompt,login_uri,login_username,login_password,login_totp\n,,login,Example,,,0,https://example.com,joe,${password},\n`,
  bitwardenJson: (password) =>
    JSON.stringify(
      {
        encrypted: false,
        folders: [],
        items: [
          {
            id: '1',
            type: 1,
            name: 'Example',
            login: {
              uris: [{ match: null, uri: 'https://example.com' }],
              username: 'joe',
              password,
              totp: null,
            },
          },
        ],
      },
      null,
      2,
    ),
  lastPass: (password) =>
    `url,username,password,totp,extra,name,grouping,fav\nhttps://example.com,joe,${password},,,Example,,0\n`,
  onePassword: (password) =>
    `Title,Url,Username,Password,OTPAuth,Favorite,Archived,Tags,Notes\nExample,https://example.com,joe,${password},,false,false,,\n`,
  onePif: (password) =>
    `{"uuid":"1","title":"Example","secureContents":{"fields":[{"value":"${password}","name":"p","type":"P","designation":"password"}]}}\n***5642bee8-a5ff-11dc-8314-0800200c9a66***\n`,
  dashlane: (password) =>
    `username,username2,username3,title,password,note,url,category,otpUrl\njoe,,,Example,${password},,https://example.com,,\n`,
  keePassXml: (password) =>
    `<KeePassFile><Root><Group><Entry><String>\n\t<Key>Password</Key>\n\t<Value ProtectInMemory="True">${password}</Value></String></Entry></Group></Root></KeePassFile>`,
  keePass: (password) =>
    `"Account","Login Name","Password","Web Site","Comments"\n"Example","joe","${password}","https://example.com",""\n`,
  keePassXc: (password) =>
    `"Group","Title","Username","Password","URL","Notes","TOTP","Icon","Last Modified","Created"\n"Root","Example","joe","${password}","https://example.com","","","0","2026","2026"\n`,
  enpass: (password) =>
    JSON.stringify({
      items: [
        {
          title: 'Example',
          fields: [{ label: 'Password', order: 3, sensitive: 1, type: 'password', uid: 11, value: password }],
        },
      ],
    }),
  nordPass: (password) =>
    `name,url,additional_urls,username,password,note,cardholdername,cardnumber,cvc,expirydate\nExample,https://example.com,,joe,${password},,,,,\n`,
  protonPass: (password) =>
    `type,name,url,email,username,password,note,totp,createTime,modifyTime,vault\nlogin,Example,https://example.com,,joe,${password},,,1,2,Personal\n`,
  roboForm: (password) =>
    `Name,Url,MatchUrl,Login,Pwd,Note,Folder,RfFieldsV2\nExample,https://example.com,https://example.com,joe,${password},,,\n`,
  chinese: (password) => `名称,网址,用户名,密码\n示例,https://example.com,joe,${password}\n`,
  spreadsheet: (password) => `网站\t账号\t密码\n示例网\tjoe@example.com\t${password}\n`,
};

/** A password as a manager makes them. */
export function password(draw: Draw): string {
  return drawText(draw, `${base62Set}!#%+`, 14);
}

/** One find of a kind by itself, with the words that it needs around it. */
export const examples: Readonly<Record<PrivateKind, readonly ((draw: Draw) => string)[]>> = {
  'chinese-id': [
    chineseId,
    (draw) => chineseId(draw).toLowerCase(),
    (draw) => chineseId(draw).replace(/^(.{6})(.{8})/, '$1 $2 '),
    (draw) => chineseId(draw).replaceAll(/\d/g, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0)),
  ],
  passport: [passport, largeCard, smallCard].map((lines) => (draw: Draw) => lines(draw).join('\n')),
  'social-security': [
    (draw) => `SSN: ${socialSecurity(draw)}`,
    (draw) => `Her social security number is ${socialSecurity(draw)}`,
    (draw) => `ssn=${socialSecurity(draw).replaceAll('-', '')}`,
    (draw) => `社会安全号码：${socialSecurity(draw)}`,
    (draw) => `Social Security No. ${socialSecurity(draw).replaceAll('-', ' ')}`,
  ],
  'bank-card': [
    (draw) => grouped(anyCard(draw), ' '),
    (draw) => grouped(bankCard(draw, '4716', 16), '-'),
    (draw) => bankCard(draw, '3782', 15).replace(/^(.{4})(.{6})/, '$1 $2 '),
    (draw) => `卡号${bankCard(draw, '622848', 19)}`,
    (draw) => `工商银行 ${bankCard(draw, '622202', 19)}`,
    (draw) => `Visa ${bankCard(draw, '4556', 16)} exp 04/29 cvv 123`,
    (draw) => `card_number=${anyCard(draw)}`,
    (draw) => `${grouped(bankCard(draw, '5412', 16), ' ')} 09/28`,
  ],
  'recovery-phrase': [
    (draw) => recoveryPhrase(draw, 0, 12).join(' '),
    (draw) => recoveryPhrase(draw, 0, 24).join(' '),
    (draw) =>
      recoveryPhrase(draw, 0, 12)
        .map((word, at) => `${at + 1}. ${word}`)
        .join('\n'),
    (draw) =>
      recoveryPhrase(draw, 0, 18)
        .map((word, at) => `${at + 1}) ${word}`)
        .join(' '),
    (draw) => recoveryPhrase(draw, 0, 15).join(', '),
    (draw) => recoveryPhrase(draw, 0, 21).join('\n'),
    (draw) => JSON.stringify(recoveryPhrase(draw, 0, 12)),
    (draw) =>
      recoveryPhrase(draw, 0, 24)
        .join(' ')
        .replace(/((?:\S+ ){5}\S+) /g, '$1\n'),
    (draw) => recoveryPhrase(draw, 1, 12).join(' '),
    (draw) => recoveryPhrase(draw, 1, 24).join('\u3000'),
    (draw) =>
      recoveryPhrase(draw, 2, 12)
        .map((word, at) => `${at + 1}、${word}`)
        .join('\n'),
    (draw) => recoveryPhrase(draw, 3, 12).join('\u3000'),
    ...[4, 5, 6, 7, 8, 9].flatMap((list) => [
      (draw: Draw) => recoveryPhrase(draw, list, 12).join(' '),
      (draw: Draw) => recoveryPhrase(draw, list, 24).join(' ').normalize('NFC'),
    ]),
  ],
  'private-key': privateKeys,
  'api-key': apiKeys,
  'password-export': Object.values(passwordExports).map((written) => (draw: Draw) => written(password(draw))),
};
