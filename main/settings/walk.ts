/**
 * What runs inside the home to read OpenClaw's settings: a program for its Node, as text. It prints one
 * line of JSON (see seen.ts) and starts nothing of OpenClaw's; only the parser that OpenClaw reads the same
 * file with is borrowed from its package.
 *
 * Of the values nothing comes out but keyed hashes, unless the whole is asked for: keys and passwords of
 * the person's may stand among them.
 */
export const settingsWalk = `
const fs = require('node:fs');
const path = require('node:path');
const { createHmac } = require('node:crypto');
const { createRequire } = require('node:module');
const [state, salt, what] = process.argv.slice(1);
const most = { leaves: 3000, depth: 12, bytes: 512 * 1024 };

const program = process.env.PATH.split(':').map((folder) => path.join(folder, 'openclaw')).find((file) => fs.existsSync(file));
const JSON5 = createRequire(fs.realpathSync(program))('json5');

const fd = fs.openSync(path.join(state, 'openclaw.json'), fs.constants.O_RDONLY | fs.constants.O_NONBLOCK);
const stat = fs.fstatSync(fd);
if (!stat.isFile() || stat.size > most.bytes) throw new Error('not a small file');
const words = fs.readFileSync(fd, 'utf8');
const settings = JSON5.parse(words);
// What other files say can't be seen here.
if (settings === null || typeof settings !== 'object' || Array.isArray(settings) || words.includes('$include')) throw new Error('settings unread');

const isBranch = (value) => value !== null && typeof value === 'object' && !Array.isArray(value) && Object.keys(value).length > 0;
const leaves = [];
let isCut = false;
function walk(value, at) {
  if (leaves.length >= most.leaves || at.length > most.depth) isCut = true;
  else if (isBranch(value)) for (const key of Object.keys(value).sort()) walk(value[key], [...at, key]);
  else leaves.push([at, createHmac('sha256', salt).update(JSON.stringify(value)).digest('hex')]);
}
walk(settings, []);
console.log(JSON.stringify({ leaves, isCut, ...(what === 'whole' && { whole: settings }) }));
`;
