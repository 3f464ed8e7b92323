/** What an OpenClaw of the computer itself has to be told so that it finds itself again in the safe home. Pure. */
import { isAbsolute } from 'node:path';
import JSON5 from 'json5';
import * as z from 'zod';
import type { Setting } from '../openclaw/config.ts';
import { type Service, serviceAt } from '../openclaw/nearby.ts';
import type { Cargo } from './found.ts';

export interface Ways {
  /** Where its folder lies on the computer, and the person's home. Absolute. */
  readonly from: string;
  readonly home: string;
  /** Where it will lie inside. */
  readonly to: string;
}

/** Its settings as they are, or null where there are none that can be read. */
export type Settings = Record<string, unknown> | null;

const Plain = z.record(z.string(), z.unknown());

/** Reads settings as OpenClaw does, with comments and all; null: nobody can. */
export function settingsIn(untrusted: string | null): Settings {
  if (untrusted === null) return null;
  try {
    return Plain.safeParse(JSON5.parse(untrusted)).data ?? null;
  } catch {
    return null;
  }
}

const isPlain = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

/** The same settings with every piece of text changed. */
function mapTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((each) => mapTexts(each, change));
  if (!isPlain(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, mapTexts(each, change)]));
}

/** A path that was in its folder is in the new one; everything else stays. */
function moved(text: string, { from, home, to }: Ways): string {
  const whole = text.startsWith('~/') ? `${home}/${text.slice(2)}` : text;
  if (whole === from) return to;
  return whole.startsWith(`${from}/`) ? `${to}${whole.slice(from.length)}` : text;
}

/** Those settings under which a workspace may stand. */
function workspacesIn(settings: Record<string, unknown>): Record<string, unknown>[] {
  const agents = isPlain(settings.agents) ? settings.agents : {};
  const many = (value: unknown) =>
    isPlain(value) ? Object.values(value) : Array.isArray(value) ? value : [];
  return [agents.defaults, ...many(agents.entries), ...many(agents.list)].filter(isPlain);
}

/** Gives workspaces that lie elsewhere a place in the new folder. */
function bringWorkspaces(settings: Record<string, unknown>, { home, to }: Ways): Cargo['notes'] {
  const notes = new Map<string, string>();
  for (const place of workspacesIn(settings)) {
    const { workspace } = place;
    if (typeof workspace !== 'string' || workspace === to || workspace.startsWith(`${to}/`)) continue;
    const from = workspace.startsWith('~') ? `${home}${workspace.slice(1)}` : workspace;
    if (!isAbsolute(from)) continue;
    const name = notes.get(from) ?? `workspace-from-before-${notes.size + 1}`;
    notes.set(from, name);
    place.workspace = `${to}/${name}`;
  }
  return [...notes].map(([from, to]) => ({ from, to }));
}

function hold(settings: Record<string, unknown>, { path, ...rest }: Setting): void {
  const keys = path.split('.');
  const last = keys.pop() ?? '';
  let at = settings;
  for (const key of keys) {
    const next = at[key];
    const inner = isPlain(next) ? next : {};
    at[key] = inner;
    at = inner;
  }
  at[last] = rest.value ?? rest.ref ?? rest.provider;
}

/** What would tell it to be somewhere else, or to have another door or key, than its home says. */
const contradicts = /^\s*(?:export\s+)?OPENCLAW_(?:GATEWAY_|STATE_DIR|HOME|CONFIG_PATH|PROFILE)/;

/**
 * What goes along with its folder.
 *
 * @param untrustedEnvironment its `.env`, in which keys stand; null: there is none
 * @param held what ClawCove holds OpenClaw to: without that, it could not even be tried out in a home
 */
export function cargoFor(
  settings: Settings,
  untrustedEnvironment: string | null,
  ways: Ways,
  held: readonly Setting[],
): Cargo {
  const environment =
    untrustedEnvironment === null
      ? []
      : [
          {
            name: '.env',
            text: untrustedEnvironment
              .split('\n')
              .filter((line) => !contradicts.test(line))
              .join('\n'),
          },
        ];
  // What nobody can read comes along as it is: OpenClaw's own doctor knows best.
  if (settings === null) return { instead: environment, notes: [] };
  const adapted = mapTexts(settings, (text) => moved(text, ways)) as Record<string, unknown>;
  const notes = bringWorkspaces(adapted, ways);
  for (const setting of held) hold(adapted, setting);
  const text = `${JSON.stringify(adapted, null, 2)}\n`;
  return { instead: [{ name: 'openclaw.json', text }, ...environment], notes };
}

function providersIn(settings: Settings): Record<string, unknown>[] {
  const models = isPlain(settings?.models) ? settings.models : {};
  return Object.values(isPlain(models.providers) ? models.providers : {}).filter(isPlain);
}

/** Whether it says who answers for it. */
export function hasModel(settings: Settings): boolean {
  const agents = isPlain(settings?.agents) ? settings.agents : {};
  const defaults = isPlain(agents.defaults) ? agents.defaults : {};
  return defaults.model !== undefined || providersIn(settings).length > 0;
}

/** More services than that no OpenClaw asks. */
const mostServices = 10;

/** The servers that answer for it, wherever they are. */
export function modelServices(settings: Settings): Service[] {
  return providersIn(settings)
    .flatMap(({ baseUrl }) => (typeof baseUrl === 'string' ? [serviceAt(baseUrl)] : []))
    .filter((service) => service !== null)
    .slice(0, mostServices);
}
