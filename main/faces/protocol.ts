import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';

/** The scheme that the window's page is served under, and where it starts. */
export const scheme = 'clawcove';
export const origin = `${scheme}://app`;
export const startPage = `${origin}/index.html`;
export const reportPage = `${origin}/report.html`;

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

/** What the page may do: show itself, and nothing else. */
export function policy(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/**
 * The file of the page that a URL names; null for everything else. Only plain
 * names go through, none of which can start with a dot: no `..`, no `%2e`, no
 * backslash, no other host or scheme can name a file outside the folder.
 */
export function pageFile(url: string): string | null {
  if (!URL.canParse(url)) return null;
  const { protocol, host, pathname } = new URL(url);
  if (`${protocol}//${host}` !== origin) return null;
  return /^(?:\/[\w-][\w.-]*)+$/.test(pathname) && extname(pathname) in types ? pathname.slice(1) : null;
}

function headers(type: string, nonce: string): Record<string, string> {
  return {
    'Content-Type': type,
    'Content-Security-Policy': policy(nonce),
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Cache-Control': 'no-store',
  };
}

/** What serves the window. */
export interface Page {
  /** Answers its requests. Every answer carries the policy; the HTML gets a nonce that no other answer has. */
  answer(request: Pick<Request, 'url' | 'method'>): Promise<Response>;
  /** When the page has its HTML: what shows it is still starting then, and asks for more only in a while. */
  readonly given: Promise<void>;
}

/** Serves the window's page from the folder that it was built into. */
export function servePage(folder: string): Page {
  let give = () => {};
  const given = new Promise<void>((resolve) => {
    give = resolve;
  });
  return {
    given,
    async answer({ url, method }) {
      const nonce = randomBytes(16).toString('base64');
      const nothing = () => new Response(null, { status: 404, headers: headers('text/plain', nonce) });
      const file = method === 'GET' ? pageFile(url) : null;
      if (file === null) return nothing();
      const content = await readFile(join(folder, file)).catch(() => null);
      if (content === null) return nothing();
      const type = types[extname(file)] ?? 'application/octet-stream';
      if (extname(file) !== '.html') return new Response(content, { headers: headers(type, nonce) });
      // Not before this answer is on its way.
      setImmediate(give);
      return new Response(content.toString().replaceAll('__CSP_NONCE__', nonce), {
        headers: headers(type, nonce),
      });
    },
  };
}
