import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { HttpAnswer, Net } from '../../doors.ts';
import { fetchManifest, fetchSmallBlob, fetchTags } from './registry-manifest.ts';

const idle = new AbortController().signal;
const answered = (status: number, untrustedBody = ''): HttpAnswer => ({
  is: 'answered',
  status,
  untrustedBody,
});

/** A network with these answers, by URL, or by URL and sign-in. */
function netWith(answers: Record<string, HttpAnswer>) {
  const asked: string[] = [];
  const net: Net = {
    async get(url, { headers }) {
      const key = [url, headers?.Authorization].filter(Boolean).join(' ');
      asked.push(key);
      return answers[key] ?? { is: 'refused' };
    },
    connect: async () => 'refused',
    resolve: async () => [],
    listen: async () => null,
  };
  return { net, asked };
}

const official = { name: 'ghcr.io/openclaw/openclaw', insecure: false };
const url = 'https://ghcr.io/v2/openclaw/openclaw/manifests/2026.9.6';

describe('asking a source for a manifest', () => {
  it("takes a mirror's answer first", async () => {
    const mirror = { name: '127.0.0.1:5055/openclaw/openclaw', insecure: true };
    const { net, asked } = netWith({
      'http://127.0.0.1:5055/v2/openclaw/openclaw/manifests/2026.9.6': answered(200, '{"a":1}'),
    });
    expect(await fetchManifest(net, [mirror, official], '2026.9.6', idle)).toBe('{"a":1}');
    expect(asked).toHaveLength(1);
  });

  it('fetches a token where everybody gets one', async () => {
    const { net } = netWith({
      [url]: answered(401),
      'https://ghcr.io/token?service=ghcr.io&scope=repository:openclaw/openclaw:pull': answered(
        200,
        '{"token":"dG9rZW4="}',
      ),
      [`${url} Bearer dG9rZW4=`]: answered(200, '{"b":2}'),
    });
    expect(await fetchManifest(net, [official], '2026.9.6', idle)).toBe('{"b":2}');
  });

  it('says nothing when nobody does', async () => {
    for (const answers of [{}, { [url]: answered(404) }, { [url]: answered(401) }])
      expect(await fetchManifest(netWith(answers).net, [official], '2026.9.6', idle)).toBe('');
  });
});

describe('asking a source for a small blob', () => {
  const blob = '{"created":"2026-11-01T00:00:00Z"}';
  const digest = `sha256:${createHash('sha256').update(blob).digest('hex')}`;
  const at = `https://ghcr.io/v2/openclaw/openclaw/blobs/${digest}`;
  const sendsTo = (untrustedLocation: string): HttpAnswer =>
    ({ ...answered(307), untrustedLocation }) as HttpAnswer;
  const ask = (answers: Record<string, HttpAnswer>) => {
    const test = netWith(answers);
    return fetchSmallBlob(test.net, [official], digest, idle).then((text) => ({ text, asked: test.asked }));
  };

  it('verifies what comes', async () => {
    expect(await ask({ [at]: answered(200, blob) })).toMatchObject({ text: blob });
    expect(await ask({ [at]: answered(200, `${blob} `) })).toMatchObject({ text: '' });
    expect(await ask({})).toMatchObject({ text: '' });
  });

  it('goes where the source sends it, once, safely, and without the token', async () => {
    const elsewhere = 'https://blobs.example.com/1?signed';
    const { text, asked } = await ask({
      [at]: answered(401),
      'https://ghcr.io/token?service=ghcr.io&scope=repository:openclaw/openclaw:pull': answered(
        200,
        '{"token":"dG9rZW4="}',
      ),
      [`${at} Bearer dG9rZW4=`]: sendsTo(elsewhere),
      [elsewhere]: answered(200, blob),
    });
    expect(text).toBe(blob);
    expect(asked.at(-1)).toBe(elsewhere);
    for (const where of ['http://127.0.0.1:1/', 'file:///etc/passwd', 'nonsense', ''])
      expect((await ask({ [at]: sendsTo(where), [where]: answered(200, blob) })).asked).toEqual([at]);
    const round = await ask({ [at]: sendsTo(elsewhere), [elsewhere]: sendsTo(elsewhere) });
    expect(round).toMatchObject({ text: '', asked: [at, elsewhere] });
  });
});

describe('asking a source for its tags', () => {
  const list = 'https://ghcr.io/v2/openclaw/openclaw/tags/list?n=450';
  const page = (tags: readonly string[]) => answered(200, JSON.stringify({ tags }));
  const many = Array.from({ length: 450 }, (_, index) => `1.0.${index}`);
  const ask = (answers: Record<string, HttpAnswer>) => fetchTags(netWith(answers).net, [official], idle);

  it('asks for page after page, and leaves out what is no name', async () => {
    const tags = await ask({ [list]: page(many), [`${list}&last=1.0.449`]: page(['2.0.0', '../x', '']) });
    expect(tags).toEqual([...many, '2.0.0']);
  });

  it('ends with one that knows no pages', async () => {
    expect(await ask({ [list]: page(many), [`${list}&last=1.0.449`]: page(many) })).toEqual(many);
  });

  it.each<[HttpAnswer, string]>([
    [answered(200, '<html>Welcome to our hotel</html>'), 'somebody-in-between'],
    [answered(404), 'version-not-offered'],
    [answered(503), 'source-out-of-order'],
    [{ is: 'refused' }, 'source-silent'],
  ])('takes %j for no source', async (answer, code) => {
    await expect(ask({ [list]: answer })).rejects.toMatchObject({ problem: { code } });
  });
});
