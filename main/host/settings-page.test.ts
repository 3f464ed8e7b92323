import { expect, it } from 'vitest';
import { settingsPages } from '../host-powers.ts';
import { settingsAddress } from './settings-page.ts';

it('opens pages of macOS’s own settings, and nothing where there are none', () => {
  for (const page of settingsPages) {
    expect(settingsAddress('macos', page)).toMatch(/^x-apple\.systempreferences:com\.apple\.[\w.?-]+$/);
    expect(settingsAddress('linux', page)).toBeNull();
    expect(settingsAddress('windows', page)).toBeNull();
  }
});
