/** A Mac's ways out of its networks. */
import { isIPv4 } from 'node:net';
import type { Run } from '../../doors.ts';
import { ownProxy } from '../proxy.ts';

const timeoutMs = 5_000;

/** The routers in `netstat -rn -f inet`, each once; pure. A default route through an interface alone has none. */
export function routersFrom(table: string): string[] {
  const found = table
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([destination]) => destination === 'default')
    .map(([, router = '']) => router)
    .filter(isIPv4);
  return [...new Set(found)];
}

/** IPv4 addresses of the routers that this Mac's networks lead out through. */
export async function routers(run: Run, signal: AbortSignal): Promise<string[]> {
  const args = ['-rn', '-f', 'inet'];
  const answer = await run({ file: '/usr/sbin/netstat', args, timeoutMs, signal });
  return answer.is === 'exited' && answer.code === 0 ? routersFrom(answer.stdout) : [];
}

/** The values of `scutil --proxy` by their names; a list is joined by commas. */
function settingsFrom(text: string): Map<string, string> {
  const found = new Map<string, string>();
  let list: { name: string; items: string[] } | null = null;
  for (const line of text.split('\n').map((each) => each.trim())) {
    if (list !== null && line === '}') {
      found.set(list.name, list.items.join(','));
      list = null;
      continue;
    }
    const [, name = '', value = ''] = /^(\w+) : (.*)$/.exec(line) ?? [];
    if (name === '') continue;
    if (list !== null) list.items.push(value);
    else if (/^<array> \{$/.test(value)) list = { name, items: [] };
    else found.set(name, value);
  }
  return found;
}

/**
 * The proxies in `scutil --proxy` as environment variables; pure. An address of a script that chooses one
 * (`ProxyAutoConfigURLString`) is none that a program could use.
 */
export function proxiesFrom(text: string): Readonly<Record<string, string>> {
  const settings = settingsFrom(text);
  const address = (kind: 'HTTP' | 'HTTPS' | 'SOCKS', scheme: string) => {
    const [host, port] = [settings.get(`${kind}Proxy`), settings.get(`${kind}Port`)];
    const isOn = settings.get(`${kind}Enable`) === '1' && host !== undefined && /^[\w.:-]+$/.test(host);
    if (!isOn || port === undefined || !/^\d{1,5}$/.test(port)) return undefined;
    return `${scheme}://${host.includes(':') ? `[${host}]` : host}:${port}`;
  };
  // `*.local` is `.local` where programs read variables.
  const exceptions = (settings.get('ExceptionsList') ?? '')
    .split(',')
    .map((entry) => entry.replace(/^\*\./, '.'));
  return ownProxy({
    http_proxy: address('HTTP', 'http'),
    https_proxy: address('HTTPS', 'http'),
    all_proxy: address('SOCKS', 'socks5h'),
    no_proxy: exceptions.filter((entry) => /^[\w.:/-]+$/.test(entry)).join(','),
  });
}

/** Asks; empty when there is none or nobody tells. */
export async function proxies(run: Run, signal: AbortSignal): Promise<Readonly<Record<string, string>>> {
  const answer = await run({ file: '/usr/sbin/scutil', args: ['--proxy'], timeoutMs, signal });
  return answer.is === 'exited' && answer.code === 0 ? proxiesFrom(answer.stdout) : {};
}
