import { expect, it } from 'vitest';
import { hasScreen, hasTray, ownerPath } from './this-system.ts';

it('puts the lock beside the data that it is for', () => {
  expect(ownerPath('linux', '/home/ann/.config/clawcove')).toBe('/home/ann/.config/clawcove/owner.sock');
  const [first, same, other] = ['C:\\Ann', 'C:\\Ann', 'C:\\Bob'].map((folder) =>
    ownerPath('windows', folder),
  );
  expect(first).toMatch(/^\\\\\.\\pipe\\clawcove-[0-9a-f]{32}$/);
  expect(first).toBe(same);
  expect(first).not.toBe(other);
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
