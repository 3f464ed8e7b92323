/** What Windows' registry says of the person's surroundings: their folders, clouds and proxy. One question for all of it. */
import * as z from 'zod';
import type { Run } from '../../doors.ts';
import { ask, type Script } from './powershell.ts';
import type { Programs } from './programs.ts';

const Text = z.string().max(4096);
const Answer = z.object({
  Folders: z.record(z.string(), Text.nullable()).nullish(),
  OneDrive: z.array(Text.nullable()).nullish(),
  Proxy: z
    .object({
      ProxyEnable: z.number().nullish(),
      ProxyServer: Text.nullish(),
      ProxyOverride: Text.nullish(),
    })
    .nullish(),
});
type Answer = z.infer<typeof Answer>;

export const surroundingsScript: Script<Answer[]> = {
  body: [
    "$shell = 'HKCU:\\Software\\Microsoft\\Windows\\CurrentVersion\\Explorer\\User Shell Folders'",
    '$folders = @{}',
    "foreach ($property in (Get-ItemProperty -LiteralPath $shell).PSObject.Properties) { if ($property.Name -notlike 'PS*') { $folders[$property.Name] = [string]$property.Value } }",
    "$clouds = @(Get-ChildItem -Path 'HKCU:\\Software\\Microsoft\\OneDrive\\Accounts' -ErrorAction SilentlyContinue | ForEach-Object { [string](Get-ItemProperty -LiteralPath $_.PSPath).UserFolder })",
    "$internet = Get-ItemProperty -LiteralPath 'HKCU:\\Software\\Microsoft\\Windows\\CurrentVersion\\Internet Settings' -ErrorAction SilentlyContinue",
    '[pscustomobject]@{ Folders = $folders; OneDrive = $clouds; Proxy = [pscustomobject]@{ ProxyEnable = $internet.ProxyEnable; ProxyServer = $internet.ProxyServer; ProxyOverride = $internet.ProxyOverride } }',
  ].join('; '),
  answer: z.array(Answer),
};

/** What was found; everything may be missing. */
export interface Surroundings {
  /** Desktop, Documents, Downloads and the like, wherever they were moved to. */
  readonly personal: readonly string[];
  /** Folders that OneDrive copies. */
  readonly synced: readonly string[];
  /** As environment variables, see {@link proxyVariables}. */
  readonly proxy: Readonly<Record<string, string>>;
}

/** `%USERPROFILE%\Desktop` with what stands for it; names in any case, unknown ones stay. Pure. */
export function expanded(text: string, environment: NodeJS.ProcessEnv): string {
  const known = new Map(Object.entries(environment).map(([name, value]) => [name.toLowerCase(), value]));
  return text.replace(/%([^%]+)%/g, (whole, name: string) => known.get(name.toLowerCase()) ?? whole);
}

/** Names in "User Shell Folders" that hold what is a person's own; Downloads has only a number. Source: Microsoft, KNOWNFOLDERID. */
const personalNames = [
  'Desktop',
  'Personal',
  'My Pictures',
  'My Music',
  'My Video',
  'Favorites',
  '{374DE290-123F-4565-9164-39C4925E467B}',
  '{7D83EE9B-2244-4E70-B1F5-5393042AF1E4}',
  '{0DDD015D-B06C-45D5-8C4C-F59713854639}',
  '{754AC886-DF64-4CBA-86B5-F7FBF4FBCEF5}',
];

/** Names in the environment under which OneDrive says where it is. */
const cloudNames = ['OneDrive', 'OneDriveConsumer', 'OneDriveCommercial'];

/** Makes sense of it; pure. */
export function surroundingsFrom(answer: Answer, environment: NodeJS.ProcessEnv): Surroundings {
  const folders = answer.Folders ?? {};
  const paths = (list: readonly (string | null | undefined)[]) => [
    ...new Set(
      list
        .filter((path) => path !== null && path !== undefined)
        .map((path) => expanded(path, environment))
        .filter((path) => /^(?:[A-Za-z]:\\|\\\\)/.test(path)),
    ),
  ];
  return {
    personal: paths(personalNames.map((name) => folders[name])),
    synced: paths([...(answer.OneDrive ?? []), ...cloudNames.map((name) => environment[name])]),
    proxy: proxyVariables(answer.Proxy ?? {}),
  };
}

/**
 * The person's proxy as environment variables; pure. Windows writes one for everything (`host:port`), or one for each
 * protocol (`http=host:port;https=…;socks=…`), and exceptions with `*` and `<local>`.
 */
export function proxyVariables(proxy: NonNullable<Answer['Proxy']>): Record<string, string> {
  const { ProxyEnable, ProxyServer, ProxyOverride } = proxy;
  if (ProxyEnable !== 1 || !ProxyServer) return {};
  const found: Record<string, string> = {};
  const url = (address: string, scheme: string) =>
    /^[a-z\d]+:\/\//i.test(address) ? address : `${scheme}://${address}`;
  for (const part of ProxyServer.split(';').map((each) => each.trim())) {
    const [, protocol = '', address = ''] = /^(?:(http|https|socks|ftp)=)?(\S+)$/i.exec(part) ?? [];
    if (address === '') continue;
    if (protocol === '')
      Object.assign(found, { http_proxy: url(address, 'http'), https_proxy: url(address, 'http') });
    if (/^https?$/i.test(protocol)) found[`${protocol.toLowerCase()}_proxy`] = url(address, 'http');
    if (/^socks$/i.test(protocol)) found.all_proxy = url(address, 'socks5');
  }
  const exceptions = (ProxyOverride ?? '')
    .split(';')
    .map((each) => each.trim().replace(/^\*(?=\.)/, ''))
    .filter((each) => each !== '' && !/[<>*]/.test(each));
  if (exceptions.length > 0 && Object.keys(found).length > 0) found.no_proxy = exceptions.join(',');
  return found;
}

/** Asks; null: nobody says. */
export async function lookAround(
  run: Run,
  programs: Programs,
  environment: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<Surroundings | null> {
  const [answer] = (await ask(run, programs, surroundingsScript, { signal })) ?? [];
  return answer ? surroundingsFrom(answer, environment) : null;
}
