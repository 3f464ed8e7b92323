// Signs what electron-builder wrote about a release (dist/latest-*.yml), as docs/releasing.md describes:
// node scripts/sign-release.mjs [--key FILE] [--days N] [--staging PERCENT] [--safe-from VERSION] [FOLDER]
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

/** A number within bounds, or the default. */
function numberFrom(name, text, otherwise, most) {
  if (text === undefined) return otherwise;
  const number = Number(text);
  if (!(number > 0 && number <= most)) throw new Error(`--${name} must be more than 0 and at most ${most}.`);
  return number;
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
  const days = numberFrom('days', values.days, 90, 366);
  const staging = numberFrom('staging', values.staging, 100, 100);
  const safeFrom = values['safe-from'];
  if (safeFrom !== undefined && !/^\d+\.\d+\.\d+$/.test(safeFrom))
    throw new Error('--safe-from must be a version.');
  const names = readdirSync(folder).filter((name) => /^latest[\w-]*\.yml$/.test(name));
  if (names.length === 0) throw new Error(`There is no latest*.yml in ${folder}.`);
  const validUntil = new Date(Date.now() + days * 86_400_000).toISOString();
  for (const name of names) {
    const file = join(folder, name);
    const words = `${readFileSync(file, 'utf8').replace(ours, '').trimEnd()}\n${[
      // Words for one kind of computer are none for another.
      `signedAs: ${name}`,
      `validUntil: '${validUntil}'`,
      ...(staging < 100 ? [`stagingPercentage: ${staging}`] : []),
      ...(safeFrom ? [`safeFrom: ${safeFrom}`] : []),
    ].join('\n')}\n`;
    writeFileSync(file, words);
    writeFileSync(`${file}.sig`, `${sign(null, Buffer.from(words), key).toString('base64')}\n`);
    console.log(`${file}: signed, good until ${validUntil}`);
  }
}

try {
  main();
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
