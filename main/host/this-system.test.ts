import { expect, it } from 'vitest';
import { hasScreen, hasTray, localeOf, ownerPlace, ownFolder } from './this-system.ts';

it('puts the lock beside the data that it is for', () => {
  expect(ownerPlace('linux', '/home/ann/.config/clawcove')).toEqual({
    path: '/home/ann/.config/clawcove/owner.sock',
    isFile: true,
  });
  const [first, same, other] = ['C:\\Ann', 'c:\\ann', 'C:\\Bob'].map((folder) =>
    ownerPlace('windows', folder),
  );
  expect(first?.path).toMatch(/^\\\\\.\\pipe\\clawcove-[0-9a-f]{32}$/);
  expect(first?.isFile).toBe(false);
  expect(first).toEqual(same);
  expect(first).not.toEqual(other);
});

it('keeps what is ours where no company copies it to other computers', () => {
  const roaming = 'C:\\Users\\王小明\\AppData\\Roaming';
  const local = 'C:\\Users\\王小明\\AppData\\Local\\ClawCove';
  expect(ownFolder('windows', roaming, {})).toBe(local);
  expect(ownFolder('windows', roaming, { LOCALAPPDATA: 'D:\\Local' })).toBe('D:\\Local\\ClawCove');
  const support = '/Users/王小明/Library/Application Support';
  expect(ownFolder('macos', support, {})).toBe(`${support}/clawcove`);
  expect(ownFolder('linux', '/home/ann/.config', {})).toBe('/home/ann/.config/clawcove');
});

it.each([
  ['linux', { LC_ALL: 'zh_CN.UTF-8', LANG: 'de_DE' }, ['en'], 'zh_CN.UTF-8'],
  ['linux', {}, [], ''],
  ['windows', {}, ['zh-Hans-CN', 'en-US'], 'zh-Hans-CN'],
  // As Git's own shell sets it.
  ['windows', { LANG: 'en_US.UTF-8' }, ['zh-CN'], 'zh-CN'],
  ['macos', { LANG: 'zh_CN.UTF-8' }, [], 'zh_CN.UTF-8'],
] as const)('reads the person’s language on %s from %j and %j', (system, environment, languages, locale) => {
  expect(localeOf(system, environment, languages)).toBe(locale);
});

it('knows where there is no screen', () => {
  expect(hasScreen('linux', {})).toBe(false);
  expect(hasScreen('linux', { DISPLAY: '' })).toBe(false);
  expect(hasScreen('linux', { DISPLAY: ':0' })).toBe(true);
  expect(hasScreen('linux', { WAYLAND_DISPLAY: 'wayland-0' })).toBe(true);
  expect(hasScreen('windows', {})).toBe(true);
});

it('counts on a tray where every desktop has one', async () => {
  expect(await hasTray('macos')).toBe(true);
  expect(await hasTray('windows')).toBe(true);
});
