import { expect, it } from 'vitest';
import { mayLoad, webPreferences } from './security.ts';

it('lets the window load its own page only', () => {
  expect(mayLoad('clawcove://app/index.html', true)).toBe(true);
  for (const url of [
    'https://example.com/',
    'http://127.0.0.1:18789/',
    'ws://127.0.0.1/',
    'file:///etc/passwd',
    'clawcove://application/index.html',
    'clawcove://app.evil/',
    'devtools://devtools/bundled/inspector.html',
  ])
    expect(mayLoad(url, true), url).toBe(false);
});

it('has developer tools only while it is made', () => {
  expect(mayLoad('devtools://devtools/bundled/inspector.html', false)).toBe(true);
  expect(webPreferences('preload.cjs', true).devTools).toBe(false);
  expect(webPreferences('preload.cjs', false).devTools).toBe(true);
});

it('shuts the page in', () => {
  expect(webPreferences('preload.cjs', true)).toMatchObject({
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    webSecurity: true,
  });
});
