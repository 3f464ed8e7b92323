import { describe, expect, it } from 'vitest';
import type { HttpAnswer, Net } from '../doors.ts';
import { fetchManifest } from './registry-manifest.ts';

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
