import type { SettingsPage } from '../host-powers.ts';
import type { SystemName } from './this-system.ts';

/** Source: the anchors of the panes of System Settings, macOS 13 to 26. */
const onMac: Readonly<Record<SettingsPage, string>> = {
  accessibility: 'x-apple.systempreferences:com.apple.preference.security?Privacy_Accessibility',
  'screen-recording': 'x-apple.systempreferences:com.apple.preference.security?Privacy_ScreenCapture',
  'login-items': 'x-apple.systempreferences:com.apple.LoginItems-Settings.extension',
};

/** The address by which a page of this system's own settings is opened; null: it has none. */
export const settingsAddress = (system: SystemName, page: SettingsPage): string | null =>
  system === 'macos' ? onMac[page] : null;
