// npm run smoke -- PROGRAM: whether a packaged ClawCove is sealed and starts on the system that it is for.
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { wrongFuses } from './fuses.ts';

const [given] = process.argv.slice(2);
if (given === undefined) throw new Error('Name the program.');
const program = resolve(given);
const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '../package.json'), 'utf8'));

const wrong = await wrongFuses(program);
if (wrong.length > 0) throw new Error(`Not as electron-builder.yml says: ${wrong.join(', ')}`);
const { stdout } = await execa(program, ['--version'], { stdin: 'ignore', timeout: 60_000 });
if (!stdout.includes(version)) throw new Error(`It says “${stdout}” instead of ${version}.`);
console.log(`ClawCove ${version} is sealed, and starts.`);
