import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { recognizeFile } from './file.ts';

const bytesOf = (text: string) => Buffer.from(text, 'latin1');
const look = (name: string, head: Uint8Array, bytes = head.length) =>
  recognizeFile(name, head.subarray(0, 4096), bytes);
const rsa = generateKeyPairSync('rsa', { modulusLength: 1024 });
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const edwards = generateKeyPairSync('ed25519');
const locked = { type: 'pkcs8', format: 'der', cipher: 'aes-256-cbc', passphrase: 'x' } as const;
const bundle =
  '\x30\x82\x09\x51\x02\x01\x03\x30\x82\x09\x17\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01\xa0\x82';
const berkeley = `${'\0'.repeat(12)}\x62\x31\x05\x00${'\0'.repeat(100)}`;
const sqlite = `SQLite format 3\0${'\0'.repeat(100)}`;
const keystore = JSON.stringify({
  version: 3,
  crypto: { ciphertext: '5318b4d5bcd28de64ee5559e671353e1', kdf: 'scrypt', kdfparams: {}, mac: '' },
});

describe('a file of keys', () => {
  it.each<readonly [string, string, Uint8Array]>([
    ['PKCS#8, RSA', 'a.der', rsa.privateKey.export({ type: 'pkcs8', format: 'der' })],
    ['PKCS#1', 'a.bin', rsa.privateKey.export({ type: 'pkcs1', format: 'der' })],
    ['PKCS#8, EC', 'a.key', ec.privateKey.export({ type: 'pkcs8', format: 'der' })],
    ['SEC 1', 'a', ec.privateKey.export({ type: 'sec1', format: 'der' })],
    ['PKCS#8, Ed25519', 'a.der', edwards.privateKey.export({ type: 'pkcs8', format: 'der' })],
    ['PKCS#8, locked', 'a.der', rsa.privateKey.export(locked)],
    ['PKCS#12', 'Me.P12', bytesOf(bundle)],
    ['PKCS#12 under another name', 'backup.dat', bytesOf(bundle)],
    ['a Java keystore', 'release.keystore', bytesOf(`\xfe\xed\xfe\xed\0\0\0\x02${'\0'.repeat(60)}`)],
    ['another one', 'a.jceks', bytesOf(`\xce\xce\xce\xce\0\0\0\x02${'\0'.repeat(60)}`)],
    ['a Bitcoin wallet', 'wallet.dat', bytesOf(berkeley)],
    ['a newer one', 'C:\\Users\\joe\\wallet.dat', bytesOf(sqlite)],
    ['an Ethereum keystore', 'UTC--2026-01-02T03-04-05Z--abc', bytesOf(keystore)],
    [
      'an Electrum wallet',
      'default_wallet',
      bytesOf('{"keystore": {"seed": "x"}, "wallet_type": "standard"}'),
    ],
    [
      'GnuPG’s own',
      'private-keys-v1.d/AB.key',
      bytesOf('Created: 20260101T000000\nKey: (protected-private-key (rsa (n #00#'),
    ],
    ['an older one', 'AB.key', bytesOf('(21:protected-private-key(3:rsa')],
    ['a secret keyring', 'secring.gpg', bytesOf('\x95\x03\xbe\x04\x5f\x00\x00\x00\x01\x08\x00')],
  ])('%s is one', (_, name, head) => {
    expect(look(name, head)).toEqual(['private-key']);
  });

  it.each<readonly [string, string, Uint8Array]>([
    ['a public key', 'a.der', rsa.publicKey.export({ type: 'spki', format: 'der' })],
    ['an RSA public key', 'a.der', rsa.publicKey.export({ type: 'pkcs1', format: 'der' })],
    [
      'a key with more behind',
      'a.der',
      Buffer.concat([edwards.privateKey.export({ type: 'pkcs8', format: 'der' }), bytesOf('x')]),
    ],
    ['a database of another name', 'mail.db', bytesOf(berkeley)],
    ['a text called wallet.dat', 'wallet.dat', bytesOf('nothing')],
    ['settings', 'settings.json', bytesOf('{"crypto": "on", "ciphertext": "none"}')],
    ['a public keyring', 'pubring.gpg', bytesOf('\x99\x01\x0d\x04\x5f\x00\x00\x00\x01\x08\x00')],
    ['an empty file', 'wallet.dat', bytesOf('')],
    ['a Java class', 'A.class', bytesOf('\xca\xfe\xba\xbe\0\0\0\x37')],
  ])('%s is none', (_, name, head) => {
    expect(look(name, head)).toEqual([]);
  });
});

describe('a store of passwords', () => {
  it.each<[name: string, file: string, head: string, bytes?: number]>([
    ['KeePass 2', 'Mine.kdbx', '\x03\xd9\xa2\x9a\x67\xfb\x4b\xb5\x01\x00\x04\x00'],
    ['KeePass 1 under another name', 'holiday.jpg', '\x03\xd9\xa2\x9a\x65\xfb\x4b\xb5\x02\x00\x00\x00'],
    ['Password Safe', 'pwsafe.psafe3', 'PWS3abcdef'],
    ['KDE’s', 'kdewallet.kwl', 'KWALLET\n\r\0\r\n\0\x01'],
    ['GNOME’s', 'login.keyring', 'GnomeKeyring\n\r\0\n\0\0'],
    ['macOS’s', 'login.keychain-db', 'kych\0\x01\0\0'],
    ['1Password’s export', 'me.1pux', 'PK\x03\x04'],
    ['1Password’s vault', 'Mine.opvault/default/band_A.js', 'ld({"AB":{}});'],
    ['Chrome’s', 'Default/Login Data', sqlite],
    ['Firefox’s', 'key4.db', sqlite],
    ['Firefox’s other', 'logins.json', '{"nextId":2,"logins":[{"id":1,"encryptedPassword":"MDo="}]}'],
    ['Enpass’s', 'vault.enpassdb', '\x01\x02\x03', 4096],
    ['Bitwarden’s, locked', 'b.json', '{"encrypted": true, "passwordProtected": true, "salt": "x"}'],
    ['netrc', '.netrc', 'machine example.com\n  login joe\n  password s3cret\n'],
    ['netrc on Windows', '_netrc', 'machine example.com login joe password s3cret'],
    ['PostgreSQL’s', '.pgpass', '# mine\nlocalhost:5432:*:joe:s3cret\n'],
    ['git’s', '.git-credentials', 'https://joe:s3cret@example.com\n'],
  ])('%s is one', (_, name, head, bytes) => {
    expect(look(name, bytesOf(head), bytes)).toEqual(['password-export']);
  });

  it.each<readonly [string, string, string]>([
    ['a zip file', 'a.zip', 'PK\x03\x04'],
    ['a netrc without a password', '.netrc', 'machine example.com login joe\n# password x\n'],
    ['a note about netrc', 'notes.txt', 'machine example.com login joe password s3cret'],
    ['an empty pgpass', '.pgpass', '# host:port:db:user:password\n'],
    ['a database', 'data.db', sqlite],
    ['logins of another kind', 'logins.json', '{"logins": 7}'],
  ])('%s is none', (_, name, head) => {
    expect(look(name, bytesOf(head))).toEqual([]);
  });
});
