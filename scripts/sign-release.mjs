// Signs what electron-builder wrote about a release (dist/latest-*.yml), as docs/releasing.md describes:
// node scripts/sign-release.mjs [--key FILE] [--days N] [--staging PERCENT] [--safe-from VERSION|none] [FOLDER]
import { createPrivateKey, sign } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

/** What this script writes into the files itself: put in anew at every signature. */
const ours = /^(?:signedAs|validUntil|stagingPercentage|safeFrom): .*\n/gm;

/**
 * The private key, from a file or the environment. Never from the command line, which everybody on the
 * computer can read.
 * @throws Error when there is none, or none for Ed25519; its text is in no message
 */
function privateKey(file) {
  const pem = file ? readFileSync(file, 'utf8') : process.env.CLAWCOVE_RELEASE_KEY;
  if (!pem)
    throw new Error('There is no key: name its file with --key, or put it into CLAWCOVE_RELEASE_KEY.');
  const key = createPrivateKey(pem);
  if (key.asymmetricKeyType !== 'ed25519') throw new Error('The key is not an Ed25519 key.');
  return key;
}

/** A whole number within bounds; undefined when it isn't given. */
function numberFrom(name, text, most) {
  if (text === undefined) return undefined;
  const number = Number(text);
  if (!(Number.isInteger(number) && number > 0 && number <= most))
    throw new Error(`--${name} must be a whole number from 1 to ${most}.`);
  return number;
}

/** What the signature before this one said; undefined: nothing, or there was none. */
const saidBefore = (words, name) => new RegExp(`^${name}: (.*)$`, 'm').exec(words)?.[1];

/** A file's words as they are signed: what isn't said anew stays as it was, save how long it is good. */
function wordsFor(name, words, { validUntil, staging, safeFrom }) {
  const share = staging ?? saidBefore(words, 'stagingPercentage') ?? 100;
  const holesBefore = safeFrom ?? saidBefore(words, 'safeFrom') ?? 'none';
  const lines = [
    // Words for one kind of computer are none for another.
    `signedAs: ${name}`,
    `validUntil: '${validUntil}'`,
    ...(Number(share) < 100 ? [`stagingPercentage: ${share}`] : []),
    ...(holesBefore === 'none' ? [] : [`safeFrom: ${holesBefore}`]),
  ];
  return `${words.replace(ours, '').trimEnd()}\n${lines.join('\n')}\n`;
}

function main() {
  const { values, positionals } = parseArgs({
    options: {
      key: { type: 'string' },
      days: { type: 'string' },
      staging: { type: 'string' },
      'safe-from': { type: 'string' },
    },
    allowPositionals: true,
  });
  const folder = positionals[0] ?? 'dist';
  const key = privateKey(values.key);
  const days = numberFrom('days', values.days, 366) ?? 90;
  const staging = numberFrom('staging', values.staging, 100);
  const safeFrom = values['safe-from'];
  if (safeFrom !== undefined && !/^(?:\d+\.\d+\.\d+|none)$/.test(safeFrom))
    throw new Error('--safe-from must be a version, or none.');
  const names = readdirSync(folder).filter((name) => /^latest[\w-]*\.yml$/.test(name));
  if (names.length === 0) throw new Error(`There is no latest*.yml in ${folder}.`);
  const validUntil = new Date(Date.now() + days * 86_400_000).toISOString();
  for (const name of names) {
    const file = join(folder, name);
    const words = wordsFor(name, readFileSync(file, 'utf8'), { validUntil, staging, safeFrom });
    writeFileSync(file, words);
    writeFileSync(`${file}.sig`, `${sign(null, Buffer.from(words), key).toString('base64')}\n`);
    console.log(`${file}: signed\n${words.match(ours).join('')}`);
  }
}

try {
  main();
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
