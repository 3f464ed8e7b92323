// How electron-builder signs ClawCove for macOS.
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type SignOptions, signAsync } from '@electron/osx-sign';

const limactl = fileURLToPath(new URL('../assets/mac/limactl.entitlements.plist', import.meta.url));

/**
 * What electron-builder would sign, with two differences: limactl keeps what it needs to run a virtual
 * machine and gets nothing else, and where there is no certificate the signature is one without a name.
 * Such an app can't be checked against its makers, so macOS would not let a hardened one load its own parts.
 *
 * @param options as electron-builder made them
 */
export function ownSignOptions(options: SignOptions): SignOptions {
  const { identity, optionsForFile } = options;
  return {
    ...options,
    identity: identity ?? '-',
    optionsForFile(file) {
      const usual = optionsForFile?.(file) ?? {};
      const entitlements = basename(file) === 'limactl' ? limactl : usual.entitlements;
      return {
        ...usual,
        ...(entitlements !== undefined && { entitlements }),
        ...(identity === undefined && { hardenedRuntime: false }),
      };
    },
  };
}

/** What electron-builder calls in the place of its own signing. */
export async function sign(options: SignOptions): Promise<void> {
  await signAsync(ownSignOptions(options));
}
