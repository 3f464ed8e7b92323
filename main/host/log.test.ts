import { mkdtemp, readFile, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { createLog, redact } from './log.ts';

const hex = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';

it.each([
  ['opening http://127.0.0.1:18789/#token=abc123', 'abc123'],
  ['opening http://127.0.0.1:18789/chat?x=1#bootstrap-abc', 'bootstrap-abc'],
  ['{"token":"short1"}', 'short1'],
  ['OPENAI_API_KEY=sk-proj-abcdef123456', 'sk-proj'],
  ['apiKey: "plainsecret"', 'plainsecret'],
  ['Authorization: Bearer abc.def-ghi', 'abc.def-ghi'],
  ['password = hunter2', 'hunter2'],
  ['http://user:pass@proxy.example:3128/', 'user:pass'],
  [`the token is ${hex}`, hex],
  ['eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl', 'eyJzdWIi'],
  ['secret ghp_abcdefghijklmnop1234', 'ghp_'],
])('takes the secret out of %s', (text, secret) => expect(redact(text)).not.toContain(secret));

it.each([
  'podman run exited with 125',
  `ghcr.io/openclaw/openclaw@sha256:${hex}`,
  '/home/ann/.local/share/containers/storage/overlay/volumes/openclaw-state-2026/_data',
  'OpenClaw 2026.9.6 answers at http://127.0.0.1:18789/',
  'could not look at gateway-local-only: AbortError',
])('leaves %s as it is', (text) => expect(redact(text)).toBe(text));

it('writes to a file that is this person’s alone, and nothing to the console', async () => {
  const consoles = [vi.spyOn(console, 'log'), vi.spyOn(console, 'error'), vi.spyOn(console, 'info')];
  const folder = join(await mkdtemp(join(tmpdir(), 'clawcove-log-')), 'data');
  const log = createLog(join(folder, 'clawcove.log'));
  await expect(stat(folder)).rejects.toThrow();
  log.info('hello');
  log.error('failed', new Error('token=abc123', { cause: new Error('deeper') }));
  const text = await readFile(join(folder, 'clawcove.log'), 'utf8');
  expect(text).toMatch(/ info hello\n/);
  expect(text).toMatch(/ error failed: Error: token=…\n/);
  expect(text).toContain('because: Error: deeper');
  expect((await stat(folder)).mode & 0o777).toBe(0o700);
  expect((await stat(join(folder, 'clawcove.log'))).mode & 0o777).toBe(0o600);
  for (const spy of consoles) expect(spy).not.toHaveBeenCalled();
});
