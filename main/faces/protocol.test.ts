import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { pageFile, servePage } from './protocol.ts';

describe('pageFile', () => {
  it.each([
    ['clawcove://app/index.html', 'index.html'],
    ['clawcove://app/assets/index-Bk_1.js', 'assets/index-Bk_1.js'],
    ['clawcove://app/assets/a.css?x#y', 'assets/a.css'],
  ])('%s is %s', (url, file) => expect(pageFile(url)).toBe(file));

  it.each([
    'clawcove://app/',
    'clawcove://app/index',
    'clawcove://app/x.exe',
    'clawcove://app/.hidden.js',
    'clawcove://app/a/.b/c.js',
    'clawcove://app/a//b.js',
    'clawcove://app/..%2f..%2fsecret.js',
    'clawcove://app/..\\..\\secret.js',
    'clawcove://app/a%00.js',
    'clawcove://other/index.html',
    'clawcove://app:80/index.html',
    'clawcove://user@app.evil/index.html',
    'https://app/index.html',
    'file:///etc/passwd.js',
    'nonsense',
  ])('%s is nothing', (url) => expect(pageFile(url)).toBeNull());

  it('never names anything outside the folder', () => {
    const part = fc.oneof(fc.constantFrom('..', '.', '%2e%2e', '\\', '/', '//', 'a', '.js'), fc.string());
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        const file = pageFile(`clawcove://app/${parts.join('/')}`);
        expect(file === null || !`/${file}`.includes('/.')).toBe(true);
        expect(file?.startsWith('/') ?? false).toBe(false);
      }),
    );
  });
});

describe('servePage', () => {
  let page: ReturnType<typeof servePage>;
  const get = (path: string, method = 'GET') => page.answer({ url: `clawcove://app/${path}`, method });
  beforeAll(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'clawcove-page-'));
    await writeFile(join(folder, 'index.html'), '<meta nonce="__CSP_NONCE__"><style nonce="__CSP_NONCE__">');
    await writeFile(join(folder, 'index.js'), 'const n = "__CSP_NONCE__"');
    page = servePage(folder);
  });

  it('says when the page has its HTML, not when it has something else', async () => {
    let isGiven = false;
    void page.given.then(() => {
      isGiven = true;
    });
    await get('index.js');
    await setImmediate();
    expect(isGiven).toBe(false);
    await get('index.html');
    await page.given;
  });

  it('puts the nonce of the policy into the page, a fresh one each time', async () => {
    const nonces = await Promise.all(
      [1, 2].map(async () => {
        const response = await get('index.html');
        const policy = response.headers.get('content-security-policy') ?? '';
        const nonce = /'nonce-([^']+)'/.exec(policy)?.[1] ?? '';
        expect(await response.text()).toBe(`<meta nonce="${nonce}"><style nonce="${nonce}">`);
        return nonce;
      }),
    );
    expect(new Set(nonces).size).toBe(2);
    expect(nonces[0]).toHaveLength(24);
  });

  it('allows nothing that the page does not need', async () => {
    const policy = (await get('index.html')).headers.get('content-security-policy');
    expect(policy).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self' 'nonce-[^' ]+'; /);
    expect(policy).not.toMatch(/unsafe|\*|https?:/);
  });

  it('leaves scripts as they are, and says what they are', async () => {
    const response = await get('index.js');
    expect(await response.text()).toContain('__CSP_NONCE__');
    expect(response.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('says 404, with the policy, to everything else', async () => {
    for (const response of [
      await get('missing.js'),
      await get('index.html', 'POST'),
      await get('..%2fx.js'),
    ]) {
      expect(response.status).toBe(404);
      expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    }
  });
});
