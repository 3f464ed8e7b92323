import { generateKeyPairSync, randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { expect, type Locator } from '@playwright/test';
import { entropyToMnemonic } from '@scure/bip39';
import { wordlist } from '@scure/bip39/wordlists/english.js';
import { zip } from '../main/private-data/testing/archives.ts';
import { readState, writeState } from './break.ts';
import { clawcove, savedChoices, test } from './fixtures.ts';
import { rigUser } from './rig/user.ts';

/** Private data of nobody, with true check digits, in files of many kinds, where OpenClaw reaches it. */
test.describe.configure({ mode: 'serial' });

/** ISO 7064 MOD 11-2, as GB 11643 has it. */
function chineseId(digits: string): string {
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
  const sum = weights.reduce((total, weight, index) => total + weight * Number(digits[index]), 0);
  return digits + ('10X98765432'[sum % 11] ?? '');
}

/** Luhn. */
function cardNumber(digits: string): string {
  const sum = [...digits].toReversed().reduce((total, digit, index) => {
    const twice = Number(digit) * (index % 2 === 0 ? 2 : 1);
    return total + (twice > 9 ? twice - 9 : twice);
  }, 0);
  return digits + String((10 - (sum % 10)) % 10);
}

/** ICAO 9303, part 3, 4.9. */
function withCheckDigit(field: string): string {
  const values = [...field].map((letter) => (letter === '<' ? 0 : Number.parseInt(letter, 36)));
  const sum = values.reduce((total, value, index) => total + value * ([7, 3, 1][index % 3] ?? 0), 0);
  return field + String(sum % 10);
}

function passportLines(): string {
  const number = withCheckDigit('E12938475');
  const birth = withCheckDigit('870412');
  const expiry = withCheckDigit('311108');
  const personal = withCheckDigit('<'.repeat(14));
  const whole = withCheckDigit(number + birth + expiry + personal).slice(-1);
  const name = 'P<UTOBERGSTROEM<<MAJA<LINNEA'.padEnd(44, '<');
  return `${name}\n${number}UTO${birth}F${expiry}${personal}${whole}\n`;
}

const id = chineseId('11010519870412302');
const card = cardNumber('622202380012345');
const pem = String(generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }));
const apiKey = `AIza${'SyB3xK9vQ7mTz2LwN8cRj4YhF6dPu1EgA0o'}`;
const docx = await zip({
  '[Content_Types].xml':
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
  'word/document.xml': `<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>身份证号 ${id.slice(0, 9)}</w:t></w:r><w:r><w:t>${id.slice(9)}</w:t></w:r></w:p></w:body></w:document>`,
});

/** What lies in the shared folder, and which words the list has for it. */
const files: Readonly<Record<string, { readonly contents: string | Buffer; readonly kind: string }>> = {
  'id.txt': { contents: `我的身份证号码是 ${id}。\n`, kind: 'Identity card' },
  'id in another script.txt': {
    contents: Buffer.from(`\ufeff身份证 ${id}\n`, 'utf16le'),
    kind: 'Identity card',
  },
  'bank/cards.csv': { contents: `bank,card number,expires\nICBC,${card},09/29\n`, kind: 'Bank card' },
  'passport scan.txt': { contents: passportLines(), kind: 'Passport' },
  'tax.md': {
    contents: '# Tax\n\nSocial security number (SSN): 219-09-9998\n',
    kind: 'Social security number',
  },
  'server.pem': { contents: pem, kind: 'Private key' },
  'settings.env': { contents: `GOOGLE_API_KEY=${apiKey}\n`, kind: 'Access key' },
  'wallet.txt': { contents: `${entropyToMnemonic(randomBytes(16), wordlist)}\n`, kind: 'Recovery phrase' },
  'passwords.csv': {
    contents: 'name,url,username,password,note\nmail,https://mail.example/,maja,Tr0ub4dor&3-kiln,\n',
    kind: 'Passwords',
  },
  'letter.docx': { contents: docx, kind: 'Identity card' },
  'old computer.zip': {
    contents: await zip({
      'more.zip': await zip({ 'deep/id.txt': `身份证 ${id}\n` }),
      'readme.txt': 'hello\n',
    }),
    kind: 'Identity card',
  },
};
const names = Object.keys(files);
const inWorkspace = 'workspace/notes of the test.md';
const note = `the key is ${apiKey}\n`;

const shared = () => String(savedChoices().sharedFolder);
const kept = () => `${shared()} – private files`;
const outside = () => join(rigUser().home, 'Documents of the test');

/** Writes a file of the person's. */
function put(path: string, contents: string | Buffer): void {
  const { uid, gid } = rigUser();
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, contents);
  for (const each of [dirname(path), path]) chownSync(each, uid, gid);
}

test.beforeAll(async ({ movedIn }) => {
  await movedIn();
});

test.afterAll(() => {
  chmodSync(shared(), 0o700);
  for (const folder of [kept(), outside()]) rmSync(folder, { recursive: true, force: true });
});

const line = (list: Locator, name: string) => list.locator('li', { hasText: name }).first();

test('what is private is red, file by file and kind by kind; what is not stays out of it', async ({
  home,
}) => {
  for (const [name, { contents }] of Object.entries(files)) put(join(shared(), name), contents);
  put(join(shared(), 'recipe.md'), '# Bread\n\n500 g flour, 7 g yeast, 320 ml water.\n');
  put(join(outside(), 'id.txt'), `身份证 ${id}\n`);
  symlinkSync(join(outside(), 'id.txt'), join(shared(), 'a link to a file.txt'));
  symlinkSync(outside(), join(shared(), 'a link to a folder'));
  await writeState(inWorkspace, note);
  await home.expectEventually(
    'private-data',
    new RegExp(`${names.length + 1} files that OpenClaw can reach`),
  );
  await home.expectLight('danger');
  const list = home.row('private-data').locator('[data-files=found]');
  for (const [name, { kind }] of Object.entries(files)) await expect(line(list, name)).toContainText(kind);
  await expect(line(list, 'notes of the test.md')).toContainText('OpenClaw’s own folder');
  await expect(list).not.toContainText('recipe.md');
  await expect(list).not.toContainText('a link');
});

test('the command line names the files, and says so with its exit code', async ({ rig }) => {
  const { exitCode, stdout } = await clawcove(rig, 'check');
  expect(exitCode).toBe(1);
  for (const name of names) expect(stdout).toContain(name);
});

test('one click moves every one out of reach: whole, and for this person alone', async ({ home, page }) => {
  await home.row('private-data').getByRole('button', { name: 'Move out of reach' }).click();
  await expect(home.row('private-data')).toHaveAttribute('data-is', 'ok', { timeout: 120_000 });
  await home.expectLight('good');
  for (const [name, { contents }] of Object.entries(files)) {
    expect(() => lstatSync(join(shared(), name))).toThrow(/ENOENT/);
    const path = [join(kept(), basename(name)), join(kept(), '(2)', basename(name))].find((each) => {
      return statSync(each, { throwIfNoEntry: false }) !== undefined;
    });
    expect(path, name).toBeDefined();
    expect(readFileSync(String(path)), name).toEqual(Buffer.from(contents));
    expect(statSync(String(path)).mode & 0o777, name).toBe(0o600);
    expect(statSync(String(path)).uid, name).toBe(rigUser().uid);
  }
  expect(statSync(kept()).mode & 0o777).toBe(0o700);
  expect(readFileSync(join(outside(), 'id.txt'), 'utf8')).toContain(id);
  expect(readdirSync(shared())).toEqual(expect.arrayContaining(['recipe.md', 'a link to a file.txt']));
  await expect(page.getByRole('button', { name: `${names.length + 1} files were moved` })).toBeVisible();
});

test('put back, they are where they were, and red again', async ({ home, page }) => {
  await page.getByRole('button', { name: `${names.length + 1} files were moved` }).click();
  await home.row('private-data').getByRole('button', { name: 'Put all back' }).click();
  await home.expectBroken('private-data', new RegExp(`${names.length + 1} files`));
  for (const [name, { contents }] of Object.entries(files))
    expect(readFileSync(join(shared(), name)), name).toEqual(Buffer.from(contents));
  expect(await readState(inWorkspace)).toBe(note.trimEnd());
});

test('what may stay is green until it has changed', async ({ home }) => {
  const row = home.row('private-data');
  for (const name of names.slice(1)) rmSync(join(shared(), name));
  await writeState(inWorkspace, 'nothing\n');
  await home.expectEventually('private-data', /A file that OpenClaw can reach/);
  await row.getByRole('button', { name: 'It may stay: id.txt' }).click();
  await expect(row).toHaveAttribute('data-is', 'ok', { timeout: 60_000 });
  await expect(row).toContainText('because you said that they may stay: 1');
  put(join(shared(), 'id.txt'), `my number, once more: 身份证 ${id}\n`);
  await home.expectEventually('private-data', /A file that OpenClaw can reach/);
  rmSync(join(shared(), 'id.txt'));
  await home.checkNow();
  await home.expectLight('good');
});

test('a file that can’t be read is said; a folder that can’t be read is neither good nor bad', async ({
  home,
}) => {
  const row = home.row('private-data');
  put(join(shared(), 'locked.txt'), 'nothing');
  chmodSync(join(shared(), 'locked.txt'), 0o000);
  await home.checkNow();
  await expect(row).toContainText('Couldn’t be looked into', { timeout: 60_000 });
  await expect(row).toHaveAttribute('data-is', 'ok');
  chmodSync(shared(), 0o000);
  await home.checkNow();
  await expect(row).toHaveAttribute('data-is', 'unknown', { timeout: 60_000 });
  await expect(row).toContainText('can’t be opened');
  chmodSync(shared(), 0o700);
  rmSync(join(shared(), 'locked.txt'));
  await home.checkNow();
  await home.expectLight('good');
});
