import { describe, expect, it } from 'vitest';
import { createFetch } from './fetch.ts';
import type { OpenStream, Stream } from './stream.ts';

const signal = new AbortController().signal;
const answer = (status: number, location: string | null = null): Stream => ({
  status,
  untrustedLocation: location,
  untrustedLength: 4,
  untrustedPieces: (async function* () {
    yield Buffer.from('data');
  })(),
  drop() {},
});

/** Whoever is asked for in turn; fails for what it isn't told of. */
const opening = (answers: Readonly<Record<string, Stream>>) => {
  const asked: string[] = [];
  const open: OpenStream = async (url) => {
    asked.push(url);
    return answers[url] ?? Promise.reject(new Error(`unexpected ${url}`));
  };
  return { asked, get: () => createFetch(open)('https://a.example/x', { signal, redirect: 'follow' }) };
};

describe('a fetch by our own way', () => {
  it('follows to encrypted places, and says how long it is', async () => {
    const { asked, get } = opening({
      'https://a.example/x': answer(302, '/y'),
      'https://a.example/y': answer(307, 'https://b.example/z'),
      'https://b.example/z': answer(200),
    });
    const response = await get();
    expect(asked).toHaveLength(3);
    expect(response.headers.get('content-length')).toBe('4');
    expect(await response.text()).toBe('data');
  });

  it.each(['http://b.example/z', 'file:///etc/passwd', 'https://a.example/x'])(
    'does not go to %s from there, or round and round',
    async (location) => {
      const { get } = opening({ 'https://a.example/x': answer(302, location) });
      await expect(get()).rejects.toThrow('somebody-in-between');
    },
  );

  it('hands a refusal on', async () => {
    const { get } = opening({ 'https://a.example/x': answer(404) });
    expect(await get()).toMatchObject({ ok: false, status: 404 });
  });
});
