/**
 * How OpenClaw calls what it keeps on a computer. Pure. Source: OpenClaw 2026.9.6, docs/install/uninstall.md and its
 * launcher; before it was called so it was Clawdbot, and Moltbot for some days, and its files with it.
 */
import { Profile } from '../../moving-in/found.ts';

/** `~/.openclaw` of who never gave it another name. */
export const unnamed: Profile = 'default';

/** The folder of a profile, in the person's home. */
export function folderName(profile: Profile): string {
  if (profile.startsWith('_')) return `.${profile.slice(1)}`;
  return profile === unnamed ? '.openclaw' : `.openclaw-${profile}`;
}

/**
 * Whose folder has this name; null: nobody's. What lies aside has a dot in its name, and is nobody's.
 *
 * @param ignoresCase whether the system finds `.openclaw` under `.OpenClaw` as well
 */
export function profileOf(folder: string, ignoresCase = false): Profile | null {
  const name = ignoresCase ? folder.replace(/^\.(?:openclaw|clawdbot|moltbot)/i, lower) : folder;
  if (name === '.openclaw') return unnamed;
  const [, former] = /^\.((?:clawdbot|moltbot).*)$/.exec(name) ?? [];
  if (former !== undefined) return Profile.safeParse(`_${former}`).data ?? null;
  const [, given = '_'] = /^\.openclaw-(.+)$/.exec(name) ?? [];
  const profile = Profile.safeParse(given).data;
  return profile === undefined || profile === unnamed || profile.startsWith('_') ? null : profile;
}

const lower = (text: string) => text.toLowerCase();

/** Its settings; the older names are still read where the first is not there. Source: OpenClaw's config paths. */
export const settingsNames = ['openclaw.json', 'clawdbot.json', 'moltbot.json'] as const;

/** What systemd starts it with; the older names are from before it was called OpenClaw. */
const unit =
  /^(?:openclaw-gateway(?:-[a-z0-9][a-z0-9_-]{0,63})?|clawdbot-gateway|moltbot-gateway)\.service$/i;
export const isItsService = (name: string): boolean => unit.test(name);

/** The name under which something is kept aside. */
export const asideName = (name: string, mark: string): string => `${name}.moved-into-clawcove-${mark}`;

/** How a gateway calls itself; Linux' kernel keeps 15 letters of it. */
const titles = /^openclaw(?:-gateway|-gatewa)?$/;
const runtime = /(?:^|\/)(?:node|nodejs|bun)$/;
const names = '(?:openclaw|clawdbot|moltbot)';
/** Its program in any of the places where package managers and people put it. */
const program = `/${names}/(?:${names}\\.mjs|dist/(?:index|entry)\\.m?js)|/bin/${names}`;
const isProgram = new RegExp(`(?:${program})$`);
const programInLine = new RegExp(`(?:${program})(?= |$)`);

/** What it is told to do: the first word that is no option, nor the name behind one. */
const commandIn = (words: readonly string[]): string | undefined =>
  words.find((word, index) => !word.startsWith('-') && words[index - 1] !== '--profile');

/**
 * Whether a process of these words is a gateway. Paths with slashes, and no `.exe` behind them.
 *
 * @param words its arguments, with its program first. One that has given itself a title has only that.
 * @param file what really runs
 */
export function isGateway(words: readonly string[], file: string): boolean {
  const [title = '', ...rest] = words.filter((word) => word !== '');
  if (titles.test(title) && rest.length === 0) return title !== 'openclaw';
  if (!runtime.test(file)) return false;
  const at = rest.findIndex((word) => isProgram.test(word));
  return at >= 0 && commandIn(rest.slice(at + 1)) === 'gateway';
}

/** The same of the one line that a system tells of it, in which nobody can say where a word with blanks ends. */
export function isGatewayLine(line: string, file: string): boolean {
  const found = runtime.test(file) ? programInLine.exec(line) : null;
  if (found === null) return isGateway([line.trim()], file);
  const behind = line.slice(found.index + found[0].length);
  return commandIn(behind.split(' ').filter((word) => word !== '')) === 'gateway';
}

/** The profile that words name; null: none. */
export function profileIn(words: readonly string[]): Profile | null {
  const at = words.indexOf('--profile');
  const given = at < 0 ? undefined : Profile.safeParse(words[at + 1]).data;
  return given === undefined || given.startsWith('_') ? null : given;
}
