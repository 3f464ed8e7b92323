import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Net } from '../../doors.ts';
import { describeImage, wordsOf } from './describe-image.ts';

const idle = new AbortController().signal;
const made = '2026-11-01T00:00:00Z';
const later = '2026-11-03T10:11:12.123456789Z';
const label = (created: string) => ({ Labels: { 'org.opencontainers.image.created': created } });
const digestOf = (text: string) => `sha256:${createHash('sha256').update(text).digest('hex')}`;

/** A source that has these, by the end of their address. */
function netWith(things: Record<string, unknown>): Net {
  return {
    async get(url) {
      const found = Object.keys(things).find((name) => url.endsWith(name));
      if (found === undefined) return { is: 'answered', status: 404, untrustedBody: '' };
      const thing = things[found];
      return {
        is: 'answered',
        status: 200,
        untrustedBody: typeof thing === 'string' ? thing : JSON.stringify(thing),
      };
    },
    connect: async () => 'refused',
    resolve: async () => [],
    listen: async () => null,
  };
}
const ask = (things: Record<string, unknown>) =>
  describeImage(
    netWith(things),
    [{ name: 'example.org/openclaw/openclaw', insecure: false }],
    '2026.9.6',
    'amd64',
    idle,
  );
const dateFrom = async (things: Record<string, unknown>) => (await ask(things)).createdAt;
const dateInConfig = (config: string) => wordsOf(null, config, 'amd64').createdAt;

const config = JSON.stringify({ created: made, config: label(later) });
const manifest = { config: { digest: digestOf(config), size: config.length }, layers: [] };

describe('when an image was made', () => {
  it('is in the configuration that its manifest names', async () => {
    expect(await dateFrom({ '/manifests/2026.9.6': manifest, [`/blobs/${digestOf(config)}`]: config })).toBe(
      Date.parse(later),
    );
  });

  it('is in the manifest itself where its makers wrote it there', async () => {
    const annotated = { ...manifest, annotations: { 'org.opencontainers.image.created': made } };
    expect(await dateFrom({ '/manifests/2026.9.6': annotated })).toBe(Date.parse(made));
  });

  it('is found for this kind of computer among several', async () => {
    const digest = digestOf('here');
    const index = { manifests: [{ digest, platform: { os: 'linux', architecture: 'amd64' } }] };
    const things = { '/manifests/2026.9.6': index, [`/manifests/${digest}`]: manifest };
    expect(await dateFrom({ ...things, [`/blobs/${digestOf(config)}`]: config })).toBe(Date.parse(later));
    expect(await dateFrom(things)).toBeNull();
  });

  it.each<[string, unknown]>([
    ['nothing', ''],
    ['a page', '<html>'],
    ['null', null],
    ['a configuration that is too large to read', { config: { digest: digestOf(config), size: 65_537 } }],
    ['an odd digest', { config: { digest: '../../../etc/passwd', size: 1 } }],
    ['an odd date', { annotations: { 'org.opencontainers.image.created': 'yesterday' } }],
  ])('is not known from %s', async (_, thing) => {
    expect(await dateFrom({ '/manifests/2026.9.6': thing, '/blobs/': config })).toBeNull();
  });
});

describe('the date in a configuration', () => {
  it.each<[unknown, string | null]>([
    [{ created: made }, made],
    [{ created: made, config: label(later) }, later],
    [{ created: made, config: label('soon') }, made],
    [{ created: made, config: { Labels: null } }, made],
    [{ created: '2026-11-01T01:00:00+01:00' }, made],
    [{ created: '1970-01-01T00:00:00Z' }, null],
    [{ created: '1980-01-01T00:00:01Z' }, null],
    [{ created: 1_795_000_000_000 }, null],
    [{ created: '9'.repeat(1000) }, null],
    [[], null],
  ])('of %j is %s', (thing, date) => {
    expect(dateInConfig(JSON.stringify(thing))).toBe(date === null ? null : Date.parse(date));
  });

  it('of no JSON at all is none', () => {
    expect(dateInConfig('')).toBeNull();
  });
});

describe('what an image is', () => {
  const version = { 'org.opencontainers.image.version': '2026.9.6' };
  const there = (words: object) => {
    const text = JSON.stringify(words);
    const named = { config: { digest: digestOf(text), size: text.length } };
    return ask({ '/manifests/2026.9.6': named, [`/blobs/${digestOf(text)}`]: text });
  };

  it.each<[object, string | null, string]>([
    [{ architecture: 'amd64', config: { Labels: version } }, '2026.9.6', 'this-one'],
    [{ architecture: 'arm64', config: { Labels: version } }, '2026.9.6', 'others'],
    [{ config: { Labels: {} } }, null, 'unknown'],
    [{ architecture: 5, config: { Labels: version } }, '2026.9.6', 'unknown'],
    [{ config: { Labels: { 'org.opencontainers.image.version': '9'.repeat(129) } } }, null, 'unknown'],
  ])('is said by %j', async (words, called, processor) => {
    expect(await there(words)).toEqual({ createdAt: null, version: called, processor });
  });

  it('is for others where none of several is for this processor', async () => {
    const index = {
      manifests: [{ digest: digestOf('x'), platform: { os: 'linux', architecture: 'arm64' } }],
    };
    expect(await ask({ '/manifests/2026.9.6': index })).toMatchObject({ processor: 'others' });
  });

  it('is in the manifest, too, where its makers wrote it there', () => {
    expect(wordsOf(version, '', 'amd64')).toEqual({
      createdAt: null,
      version: '2026.9.6',
      processor: 'unknown',
    });
  });

  it('is not known where nobody answers', async () => {
    expect(await ask({})).toEqual({ createdAt: null, version: null, processor: 'unknown' });
  });
});
