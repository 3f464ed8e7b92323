import { request } from 'node:http';
import { describe, expect, it } from 'vitest';
import { openSecretPage, ownerOf, type Peer } from './open-page.ts';

const secret = 'http://127.0.0.1:18789/chat#bootstrap=very-secret';

/** What a browser would get for an address. */
function get(
  url: string,
  options: { method?: string; host?: string } = {},
): Promise<{ status: number; location: string | undefined; caching: string | undefined }> {
  return new Promise((resolve, reject) => {
    const asked = request(
      url,
      { method: options.method ?? 'GET', headers: options.host ? { host: options.host } : {}, agent: false },
      (answer) => {
        const { statusCode, headers } = answer.resume();
        resolve({ status: statusCode ?? 0, location: headers.location, caching: headers['cache-control'] });
      },
    );
    asked.on('error', reject);
    asked.end();
  });
}

async function open(judge?: () => Promise<Peer>): Promise<string> {
  let opened = '';
  await openSecretPage(
    secret,
    async (url) => {
      opened = url;
    },
    judge,
  );
  return opened;
}

describe('openSecretPage', () => {
  it('starts the browser with an address that says nothing', async () => {
    const url = await open();
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/[\w-]{32}$/);
    expect(url).not.toContain('secret');
    await get(url);
  });

  it('sends the first one on, and nobody after', async () => {
    const url = await open();
    expect(await get(url)).toEqual({ status: 302, location: secret, caching: 'no-store' });
    await expect(get(url)).rejects.toThrow('ECONNREFUSED');
  });

  it('answers nothing but the right question, and still answers that afterwards', async () => {
    const url = await open();
    const { origin } = new URL(url);
    for (const [asked, options] of [
      [`${origin}/`, {}],
      [`${origin}/favicon.ico`, {}],
      [`${url}x`, {}],
      [`${url}?x`, {}],
      [url, { method: 'POST' }],
      [url, { host: 'evil.example' }],
    ] as const)
      expect((await get(asked, options)).status).toBe(404);
    expect((await get(url)).location).toBe(secret);
  });

  it('does not tell somebody else, and does not let them use it up', async () => {
    const judgements: Peer[] = ['somebody-else', 'this-person'];
    const url = await open(async () => judgements.shift() ?? 'unknowable');
    expect(await get(url)).toMatchObject({ status: 404, location: undefined });
    expect((await get(url)).location).toBe(secret);
  });

  it('tells one of two that come at the same moment', async () => {
    const url = await open();
    const answers = await Promise.allSettled([get(url), get(url), get(url)]);
    const told = answers.filter(
      (answer) => answer.status === 'fulfilled' && answer.value.location === secret,
    );
    expect(told).toHaveLength(1);
  });

  it('does not stay when there is no browser', async () => {
    let url = '';
    await expect(
      openSecretPage(secret, async (harmless) => {
        url = harmless;
        throw new Error('no browser');
      }),
    ).rejects.toThrow('no browser');
    await expect(get(url)).rejects.toThrow('ECONNREFUSED');
  });
});

describe('ownerOf', () => {
  const head =
    '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode';
  const v4 =
    '   1: 0100007F:9C40 0100007F:D431 01 00000000:00000000 00:00000000 00000000  1000        0 28381 1 0 20';
  const v6 =
    '   0: 0000000000000000FFFF00000100007F:9C41 0000000000000000FFFF00000100007F:D431 01 00000000:00000000 00:00000000 00000000  1001        0 28382 1 0 20';

  it('finds whose connection it is, whichever way it was made', () => {
    expect(ownerOf([`${head}\n${v4}\n`, `${head}\n${v6}\n`], 0x9c40, 0xd431)).toBe(1000);
    expect(ownerOf([`${head}\n${v4}\n`, `${head}\n${v6}\n`], 0x9c41, 0xd431)).toBe(1001);
  });

  it('finds nothing that is not there', () => {
    expect(ownerOf([head, ''], 1, 2)).toBeNull();
    expect(ownerOf([`${head}\n${v4}\n`], 0xd431, 0x9c40)).toBeNull();
  });
});
