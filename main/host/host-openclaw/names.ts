/** How OpenClaw calls what it keeps on a computer. Pure. Source: OpenClaw 2026.9.6, docs/install/uninstall.md and its launcher. */
import { Profile } from '../../moving-in/found.ts';

/** `~/.openclaw` of who never gave it another name. */
export const unnamed: Profile = 'default';

/** The folder of a profile, in the person's home. */
export const folderName = (profile: Profile): string =>
  profile === unnamed ? '.openclaw' : `.openclaw-${profile}`;

/** Whose folder has this name; null: nobody's. What lies aside has a dot in its name, and is nobody's. */
export function profileOf(folder: string): Profile | null {
  if (folder === '.openclaw') return unnamed;
  const [, name = ''] = /^\.openclaw-(.+)$/.exec(folder) ?? [];
  const profile = Profile.safeParse(name);
  return profile.success && profile.data !== unnamed ? profile.data : null;
}

/** What systemd starts it with; the older name is from before it was called OpenClaw. */
const unit =
  /^(?:openclaw-gateway(?:-[a-z0-9][a-z0-9_-]{0,63})?|clawdbot-gateway|moltbot-gateway)\.service$/i;
export const isItsService = (name: string): boolean => unit.test(name);

/** The name under which something is kept aside. */
export const asideName = (name: string, mark: string): string => `${name}.moved-into-clawcove-${mark}`;

/** How a gateway calls itself; the kernel keeps 15 letters of it. */
const titles = /^openclaw(?:-gateway|-gatewa)?$/;
/** Its program in any of the places where package managers and people put it. */
const program =
  /\/(?:openclaw|clawdbot|moltbot)\/(?:openclaw\.mjs|dist\/(?:index|entry)\.m?js)$|\/bin\/(?:openclaw|clawdbot|moltbot)$/;

/** What it is told to do: the first word that is no option, nor the name behind one. */
const commandIn = (words: readonly string[]): string | undefined =>
  words.find((word, index) => !word.startsWith('-') && words[index - 1] !== '--profile');

/**
 * Whether a process of these words is a gateway.
 *
 * @param words its arguments, with its program first. One that has given itself a title has only that.
 * @param file what really runs
 */
export function isGateway(words: readonly string[], file: string): boolean {
  const [title = '', ...rest] = words.filter((word) => word !== '');
  if (titles.test(title) && rest.length === 0) return title !== 'openclaw';
  if (!/\/(?:node|nodejs|bun)$/.test(file)) return false;
  const at = rest.findIndex((word) => program.test(word));
  return at >= 0 && commandIn(rest.slice(at + 1)) === 'gateway';
}
