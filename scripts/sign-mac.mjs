// Signs ClawCove for the Mac, in electron-builder's place (`mac.sign`): everything as it would, but Lima with
// the permission of its own that it can't work without, and nothing else with that.
import { join } from 'node:path';
import { signAsync } from '@electron/osx-sign';

const entitlements = join(import.meta.dirname, '../assets/macos/limactl.entitlements.plist');

/**
 * How each file is signed.
 * @param {((file: string) => object) | undefined} usual how electron-builder would
 */
export function optionsPerFile(usual) {
  return (file) => {
    const options = usual?.(file) ?? {};
    return file.endsWith('/Contents/Resources/lima/bin/limactl') ? { ...options, entitlements } : options;
  };
}

/** @param {import('@electron/osx-sign').SignOptions} options electron-builder's own */
export default async function signMac(options) {
  await signAsync({ ...options, optionsForFile: optionsPerFile(options.optionsForFile) });
}
