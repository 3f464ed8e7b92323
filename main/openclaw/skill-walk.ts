/**
 * What runs inside the home to find skills and plugins: a program for its Node, as text. It prints one
 * line of JSON (see skills.ts) and starts nothing of OpenClaw's; only the parsers that OpenClaw reads the
 * same files with are borrowed from its package, so that both see the same names.
 *
 * Where to look is OpenClaw's own list (2026.8.2 and 2026.9.6: workspace-skill-sources, skill-root-discovery,
 * plugins/roots, install-paths). Where it is complicated this looks at more rather than at less. What
 * lies in OpenClaw's package came with the image, which nobody inside can write to.
 */
export const skillWalk = String.raw`
const fs = require('node:fs');
const path = require('node:path');
const { createHash } = require('node:crypto');
const { createRequire } = require('node:module');
const [home, state] = process.argv.slice(1);
const left = { files: 20000, bytes: 256 * 1024 * 1024, items: 200 };
let cut = false;

const orNull = (ask) => { try { return ask(); } catch { return null; } };
const real = (file) => orNull(() => fs.realpathSync(file));
const record = (value) => (value !== null && typeof value === 'object' && !Array.isArray(value) ? value : {});
const strings = (value) => (Array.isArray(value) ? value.filter((each) => typeof each === 'string') : []);
const own = (object, key) => (Object.hasOwn(record(object), key) ? object[key] : undefined);

const program = process.env.PATH.split(':').map((folder) => real(path.join(folder, 'openclaw'))).find(Boolean);
const shipped = path.dirname(program) + path.sep;
const need = createRequire(program);
const JSON5 = need('json5');
const YAML = need('yaml');

/** The text of a small file; throws for others. */
function read(file, most) {
  const fd = fs.openSync(file, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK);
  try {
    const stat = fs.fstatSync(fd);
    if (!stat.isFile() || stat.size > most) throw new Error('not a small file');
    return fs.readFileSync(fd, 'utf8');
  } finally {
    fs.closeSync(fd);
  }
}

/** Names in a folder, sorted; a folder that nobody can count is cut. */
function namesIn(folder) {
  let names = [];
  try {
    names = fs.readdirSync(folder).sort();
  } catch (error) {
    if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') cut = true;
  }
  left.files -= names.length;
  if (left.files >= 0) return names;
  cut = true;
  return [];
}
const isFolder = (file) => orNull(() => fs.statSync(file).isDirectory()) === true;

/** Everything in a file or a folder goes into the hash: names, kinds, whether it can be run, and contents. */
function addTo(hash, file, name, seen) {
  const stat = orNull(() => fs.statSync(file));
  const kind = stat === null ? 'gone' : stat.isDirectory() ? 'folder' : stat.isFile() ? 'file' : 'other';
  hash.update(JSON.stringify([name, kind, kind === 'file' && (stat.mode & 0o111) !== 0, kind === 'file' ? stat.size : 0]));
  const at = real(file);
  if (at === null || at.startsWith(shipped) || seen.has(at)) return;
  if (kind === 'folder') {
    seen.add(at);
    for (const each of namesIn(file)) addTo(hash, path.join(file, each), name + '/' + each, seen);
  }
  if (kind !== 'file') return;
  left.bytes -= stat.size;
  if (left.bytes < 0) {
    cut = true;
    return;
  }
  try {
    const fd = fs.openSync(file, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK);
    try {
      const piece = Buffer.alloc(65536);
      // A file that grows meanwhile is read no further than it was long.
      for (let rest = stat.size; rest > 0; ) {
        const got = fs.readSync(fd, piece, 0, Math.min(piece.length, rest));
        if (got === 0) break;
        hash.update(piece.subarray(0, got));
        rest -= got;
      }
    } finally {
      fs.closeSync(fd);
    }
  } catch {
    cut = true;
  }
}

const items = [];
const found = new Set();
function add(kind, place, name, keys, isOn) {
  const at = real(place);
  if (at === null || (at + path.sep).startsWith(shipped) || found.has(kind + at)) return;
  found.add(kind + at);
  left.items -= 1;
  if (left.items < 0) {
    cut = true;
    return;
  }
  const known = [...new Set(keys.filter((key) => typeof key === 'string' && key !== ''))];
  const usable = known.filter((key) => key.length <= 300).slice(0, 20);
  const hash = createHash('sha256');
  addTo(hash, at, '', new Set());
  items.push({
    kind,
    name: String(name).slice(0, 200),
    path: at.slice(0, 1000),
    keys: usable,
    hash: hash.digest('hex'),
    isOn: known.length === 0 || isOn(known),
  });
}

const words = read(path.join(state, 'openclaw.json'), 4 * 1024 * 1024);
const config = JSON5.parse(words);
// What other files say can't be seen here.
if (config === null || typeof config !== 'object' || words.includes('$include')) throw new Error('settings unread');
const skills = record(config.skills);
const plugins = record(config.plugins);
const agents = record(config.agents);

const at = (folder) => path.resolve(home, folder.startsWith('~') ? '.' + folder.slice(1) : folder);
const agentEntries = [agents.defaults, ...Object.values(record(agents.entries)), ...(Array.isArray(agents.list) ? agents.list : [])].map(record);
const chosen = agentEntries.flatMap(({ workspace, cwd }) => strings([workspace, cwd])).map(at);
const workspaces = [
  ...namesIn(state).filter((name) => /^workspace(-|$)/.test(name)).map((name) => path.join(state, name)),
  ...chosen,
  ...chosen.flatMap((folder) => Object.keys(record(agents.entries)).map((id) => path.join(folder, id))),
];

/** Every name that OpenClaw may know a skill by. */
function skillKeys(folder) {
  const keys = [];
  let name = path.basename(folder);
  try {
    const block = /^\uFEFF?---[^\S\n]*\r?\n([\s\S]*?)\r?\n---/.exec(read(path.join(folder, 'SKILL.md'), 1024 * 1024));
    const front = record(block && YAML.parse(block[1]));
    const metadata = typeof front.metadata === 'string' ? JSON5.parse(front.metadata) : front.metadata;
    for (const each of Object.values(record(metadata))) keys.push(record(each).skillKey);
    if (front.name !== undefined && front.name !== null) name = String(front.name).trim() || name;
  } catch {
    // Whatever OpenClaw makes of it: it is known by its folder at least.
  }
  const origin = orNull(() => JSON.parse(read(path.join(folder, '.openclaw', 'source-origin.json'), 16384)));
  keys.push(typeof record(origin).slug === 'string' ? origin.slug.trim() : undefined, name);
  return { name, keys };
}
const isSkillOn = (keys) => keys.some((key) => record(own(skills.entries, key)).enabled !== false);
function findSkills(folder, depth) {
  if (fs.existsSync(path.join(folder, 'SKILL.md'))) {
    const { name, keys } = skillKeys(folder);
    add('skill', folder, name, keys, isSkillOn);
    if (depth > 0) return;
  }
  if (depth > 6) return;
  for (const name of namesIn(folder)) {
    if (name.startsWith('.') || name === 'node_modules') continue;
    if (isFolder(path.join(folder, name))) findSkills(path.join(folder, name), depth + 1);
  }
}
for (const folder of [
  path.join(state, 'skills'),
  path.join(state, 'skill-library'),
  path.join(home, '.agents', 'skills'),
  ...namesIn(path.join(state, 'agents')).map((id) => path.join(state, 'agents', id, 'agent', 'workshop-skills')),
  ...workspaces.flatMap((folder) => [path.join(folder, 'skills'), path.join(folder, '.agents', 'skills')]),
  ...strings(record(skills.load).extraDirs).map(at),
])
  findSkills(folder, 0);

const policyOf = (list) => strings(list).map((each) => each.trim().toLowerCase());
const [denied, allowed] = [policyOf(plugins.deny), policyOf(plugins.allow)];
const entries = new Map(Object.entries(record(plugins.entries)).map(([id, entry]) => [id.trim().toLowerCase(), record(entry)]));
const slots = Object.values(record(plugins.slots));
function isPluginOn(ids, isOptIn) {
  if (plugins.enabled === false) return false;
  return ids.some((id) => {
    if (denied.includes(id) || entries.get(id)?.enabled === false) return false;
    const isChosen = allowed.includes(id) || slots.some((slot) => typeof slot === 'string' && slot.toLowerCase() === id);
    if (isChosen) return true;
    return allowed.length === 0 && (!isOptIn || entries.get(id)?.enabled === true);
  });
}
const manifests = ['openclaw.plugin.json', '.codex-plugin/plugin.json', '.cursor-plugin/plugin.json', '.claude-plugin/plugin.json', 'plugin.json'];
/** Every id that OpenClaw may know a plugin by, in the form in which it compares them. */
function pluginKeys(folder) {
  const manifestIds = manifests.flatMap((file) => {
    const { id, name } = record(orNull(() => JSON5.parse(read(path.join(folder, file), 1024 * 1024))));
    return strings([id, name]);
  });
  const { name } = record(orNull(() => JSON.parse(read(path.join(folder, 'package.json'), 1024 * 1024))));
  const ids = [...manifestIds, ...strings([name]), path.basename(folder, path.extname(folder)), path.basename(folder)];
  const bare = ids.map((id) => id.trim().toLowerCase());
  return [...bare, ...bare.map((id) => id.replace(/^@[^/]+\//, '')), ...bare.map((id) => id.replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, ''))];
}
const hasManifest = (folder) => manifests.some((file) => fs.existsSync(path.join(folder, file)));
const addPlugin = (place, keys, isOptIn) => add('plugin', place, keys[0], keys, (ids) => isPluginOn(ids, isOptIn));
function addPluginsIn(folder, isOptIn) {
  for (const name of namesIn(folder)) {
    const place = path.join(folder, name);
    if (name !== 'node_modules' && isFolder(place)) addPlugin(place, pluginKeys(place), isOptIn);
  }
}
addPluginsIn(path.join(state, 'extensions'), false);
for (const folder of workspaces) addPluginsIn(path.join(folder, '.openclaw', 'extensions'), true);
for (const place of strings(plugins.load && plugins.load.paths).map(at)) {
  if (!isFolder(place) || hasManifest(place) || fs.existsSync(path.join(place, 'package.json'))) addPlugin(place, pluginKeys(place), false);
  else {
    addPluginsIn(place, false);
    for (const name of namesIn(place)) if (/\.[cm]?[jt]s$/.test(name)) addPlugin(path.join(place, name), pluginKeys(path.join(place, name)), false);
  }
}
const projects = path.join(state, 'npm', 'projects');
for (const project of namesIn(projects)) {
  const modules = path.join(projects, project, 'node_modules');
  const packages = namesIn(modules).flatMap((name) => (name.startsWith('@') ? namesIn(path.join(modules, name)).map((inner) => name + '/' + inner) : [name]));
  const keys = packages.map((name) => path.join(modules, name)).filter((folder) => hasManifest(folder) && !((real(folder) ?? '') + path.sep).startsWith(shipped)).flatMap(pluginKeys);
  if (keys.length > 0) addPlugin(path.join(projects, project), keys, false);
}
const checkouts = (folder, depth) => {
  if (hasManifest(folder)) addPlugin(folder, pluginKeys(folder), false);
  else if (depth < 4) for (const name of namesIn(folder)) if (name !== '.git' && isFolder(path.join(folder, name))) checkouts(path.join(folder, name), depth + 1);
};
checkouts(path.join(state, 'git'), 0);

const workshop = record(skills.workshop);
const learns = !['off', 'propose'].includes(record(workshop.autonomous).mode) || workshop.approvalPolicy !== 'pending';
const updates = record(record(config.update).auto).enabled === true;
console.log(JSON.stringify({ items, isCut: cut, changesItself: learns || updates, reloads: record(record(config.gateway).reload).mode !== 'off' }));
`;
