import { readFileSync } from 'node:fs';
import type { SignOptions } from '@electron/osx-sign';
import { describe, expect, it } from 'vitest';
import { exited } from '../main/host/strict-run.ts';
import { entitledBy } from '../main/sandbox/lima/probe.ts';
import { ownSignOptions } from './sign-mac.ts';

const app = '/dist/mac-universal/ClawCove.app';
const limactl = `${app}/Contents/Resources/lima/bin/limactl`;
/** As electron-builder 26.17 makes them (MacTargetHelper.buildSignOptions). */
const builders = (identity: string | undefined): SignOptions => ({
  app,
  platform: 'darwin',
  identityValidation: false,
  ...(identity !== undefined && { identity }),
  optionsForFile: () => ({
    entitlements: 'assets/mac/app.entitlements.plist',
    hardenedRuntime: true,
    additionalArguments: [],
  }),
});
const rightsOf = (file: unknown) =>
  [...readFileSync(String(file), 'utf8').matchAll(/<key>(.*?)<\/key>\s*<true\/>/g)].map(([, key]) => key);

describe('signing for macOS', () => {
  it('gives the app and its helpers one right: to compile JavaScript', () => {
    const { optionsForFile, identity } = ownSignOptions(builders('0123ABCD'));
    expect(identity).toBe('0123ABCD');
    for (const file of [app, `${app}/Contents/Frameworks/ClawCove Helper.app`]) {
      const { entitlements, hardenedRuntime } = optionsForFile?.(file) ?? {};
      expect(hardenedRuntime).toBe(true);
      expect(rightsOf(entitlements)).toEqual(['com.apple.security.cs.allow-jit']);
    }
  });

  it('lets limactl alone run virtual machines', () => {
    const { entitlements, hardenedRuntime } =
      ownSignOptions(builders('0123ABCD')).optionsForFile?.(limactl) ?? {};
    expect(hardenedRuntime).toBe(true);
    expect(rightsOf(entitlements)).toEqual(['com.apple.security.virtualization']);
    // The one that Lima's probe looks for.
    expect(entitledBy(exited(0, readFileSync(String(entitlements), 'utf8')))).toBe(true);
  });

  it('makes an app that starts where there is no certificate', () => {
    const { optionsForFile, identity } = ownSignOptions(builders(undefined));
    expect(identity).toBe('-');
    expect(optionsForFile?.(app)).toMatchObject({ hardenedRuntime: false });
    expect(rightsOf(optionsForFile?.(limactl).entitlements)).toEqual(['com.apple.security.virtualization']);
  });
});
