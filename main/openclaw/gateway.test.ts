import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HttpAnswer, Net } from '../doors.ts';
import { parseJson } from '../parse-json.ts';
import { movedInMachine } from '../testing/apps.ts';
import { openDoors } from '../testing/doors.ts';
import { isReady, judgeAnswer, knock, signInUrl } from './gateway.ts';
import recorded from './samples/control-ui-config.json' with { type: 'json' };

const open = () => new AbortController().signal;
const answered = (status: number, untrustedBody = ''): HttpAnswer => ({
  is: 'answered',
  status,
  untrustedBody,
});

describe('judgeAnswer', () => {
  it('is let in, and told the version, by the answer that 2026.9.6 gives', () => {
    expect(judgeAnswer(answered(200, JSON.stringify(recorded)))).toEqual({
      is: 'let-in',
      version: '2026.9.6',
    });
  });

  it.each([
    [answered(401), { is: 'turned-away' }],
    [answered(403), { is: 'turned-away' }],
    [answered(404), { is: 'strange', status: 404 }],
    [answered(302), { is: 'strange', status: 302 }],
    [answered(429), { is: 'strange', status: 429 }],
    [answered(503), { is: 'strange', status: 503 }],
    [answered(200, '<html>'), { is: 'strange', status: 200 }],
    [answered(200, '{}'), { is: 'strange', status: 200 }],
    [answered(200, '{"serverVersion":""}'), { is: 'strange', status: 200 }],
    [answered(200, '{"serverVersion":"<b>1</b>"}'), { is: 'strange', status: 200 }],
    [answered(200, `{"serverVersion":"${'1'.repeat(61)}"}`), { is: 'strange', status: 200 }],
    [answered(200, '{"serverVersion":["2026.9.6"]}'), { is: 'strange', status: 200 }],
    [{ is: 'refused' }, { is: 'silent', how: 'refused' }],
    [{ is: 'timed-out' }, { is: 'silent', how: 'timed-out' }],
    [
      { is: 'failed', detail: 'reset' },
      { is: 'silent', how: 'failed' },
    ],
  ] satisfies [HttpAnswer, object][])('%j means %j', (answer, meaning) => {
    expect(judgeAnswer(answer)).toEqual(meaning);
  });

  it('is let in by nothing but a 200 with a sane version', () => {
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 599 }), fc.oneof(fc.json(), fc.string()), (status, body) => {
        const meaning = judgeAnswer(answered(status, body));
        if (meaning.is !== 'let-in') return;
        expect(status).toBe(200);
        expect(meaning.version).toMatch(/^[\w.+-]{1,60}$/);
      }),
    );
  });
});

describe('parseJson', () => {
  it('is undefined for what is no JSON', () => {
    expect(parseJson('{"a":1}')).toEqual({ a: 1 });
    for (const text of ['', '{', 'undefined', "{'a':1}"]) expect(parseJson(text)).toBeUndefined();
  });
});

describe('knocking', () => {
  /** A net that records what it was asked. */
  function recording(answer: HttpAnswer) {
    const asked: unknown[] = [];
    const net: Net = {
      async get(url, { headers }) {
        asked.push([url, headers]);
        return answer;
      },
      connect: () => Promise.reject(new Error('unexpected')),
      resolve: () => Promise.reject(new Error('unexpected')),
      listen: () => Promise.reject(new Error('unexpected')),
    };
    return { net, asked };
  }

  it('goes to 127.0.0.1 with the token as a bearer, and without any header for a stranger', async () => {
    const { net, asked } = recording(answered(401));
    await knock(net, 18790, 't', open());
    await knock(net, 18790, null, open());
    await knock(net, 18790, '', open());
    const url = 'http://127.0.0.1:18790/__openclaw/control-ui-config.json';
    expect(asked).toEqual([
      [url, { authorization: 'Bearer t' }],
      [url, {}],
      [url, {}],
    ]);
  });

  it('is ready only on a plain 200', async () => {
    for (const [answer, expected] of [
      [answered(200, '{"ready":true}'), true],
      [answered(503), false],
      [{ is: 'refused' }, false],
      [{ is: 'timed-out' }, false],
    ] as const)
      expect(await isReady(recording(answer).net, 1, open())).toBe(expected);
  });
});

describe('signInUrl', () => {
  /** The page that results from what `openclaw dashboard --json` printed. */
  async function pageFrom(untrustedOut: string, exitCode = 0): Promise<string> {
    const { doors } = openDoors();
    const exec = async () => ({ exitCode, untrustedOut, untrustedErr: '', truncated: false });
    return signInUrl({ ...doors, sandbox: { ...doors.sandbox, exec } }, 18789, open());
  }
  const saying = (browserUrl: string) => pageFrom(JSON.stringify({ browserUrl }));

  it('keeps the way and the fragment, and puts our address before them', async () => {
    expect(await saying('http://0.0.0.0:1/chat?x=1#bootstrapToken=abc&bootstrapProfile=owner')).toBe(
      'http://127.0.0.1:18789/chat?x=1#bootstrapToken=abc&bootstrapProfile=owner',
    );
  });

  it('leads to our gateway whatever the inside says', async () => {
    const anything = fc
      .tuple(
        fc.constantFrom('http://', 'https://', 'file://', 'javascript:', 'data:', ''),
        fc.constantFrom('evil.example', 'ada:pw@evil.example:80', '[::1]', '//evil.example', ''),
        fc.string(),
      )
      .map(([scheme, host, rest]) => `${scheme}${host}/${rest}`);
    await fc.assert(
      fc.asyncProperty(anything, async (url) => {
        const page = await saying(url).catch(() => 'http://127.0.0.1:18789/');
        expect(page.startsWith('http://127.0.0.1:18789/')).toBe(true);
      }),
    );
  });

  it('finds the answer behind warnings', async () => {
    expect(await pageFrom('warning: old\n{"browserUrl":"http://x/#a"}')).toBe('http://127.0.0.1:18789/#a');
  });

  it.each([
    ['nothing', '', 0],
    ['no JSON', 'oops', 0],
    ['no address', '{"browserUrl":"not one"}', 0],
    ['a failure', '{"browserUrl":"http://x/#a"}', 1],
  ])('is a problem the person can understand when OpenClaw says %s', async (_, out, exitCode) => {
    await expect(pageFrom(out, exitCode)).rejects.toMatchObject({ problem: { code: 'no-sign-in-page' } });
  });

  it('asks OpenClaw as the agent, not as root', async () => {
    const { doors } = openDoors(await movedInMachine());
    expect(await signInUrl(doors, 18789, open())).toContain('#bootstrapToken=once');
  });
});
