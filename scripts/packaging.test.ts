import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { getConfig, validateConfiguration } from 'app-builder-lib/out/util/config/config.js';
import { DebugLogger } from 'builder-util';
import { beforeAll, describe, expect, it } from 'vitest';
import { makeKeyPair } from '../main/app-update/example-release.ts';
import { settingsFrom } from './package-settings.ts';

const project = join(import.meta.dirname, '..');
type Config = Awaited<ReturnType<typeof getConfig>>;
const file = join(project, 'electron-builder.yml');
const validate = (config: Config) => validateConfiguration(config, new DebugLogger(false));

describe('electron-builder.yml', () => {
  let config: Config;
  beforeAll(async () => {
    config = await getConfig(project, file, null);
  });

  it('is understood by electron-builder, for every system', () =>
    expect(validate(config)).resolves.not.toThrow());

  it('is understood with the settings of a release', async () => {
    const settings = settingsFrom({
      CLAWCOVE_RELEASES: 'https://example.org/',
      CLAWCOVE_PUBLIC_KEYS: makeKeyPair().publicKey,
      CLAWCOVE_HOMEPAGE: 'https://example.org',
      CLAWCOVE_MAINTAINER: 'A <a@example.org>',
    });
    await expect(validate({ ...config, ...settings } as Config)).resolves.not.toThrow();
  });

  it('would not pass with a word that electron-builder does not know', () =>
    expect(validate({ ...config, nsis: { ...config.nsis, perMachin: true } } as Config)).rejects.toThrow(
      'configuration.nsis',
    ));

  it('names files that are there', async () => {
    const { mac, win, deb, rpm } = config;
    const named = [
      mac?.icon,
      mac?.entitlements,
      mac?.entitlementsInherit,
      mac?.sign,
      win?.icon,
      ...[deb, rpm].flatMap((it) => [it?.afterInstall, it?.afterRemove, it?.appArmorProfile]),
      ...[deb, rpm].flatMap((it) =>
        it?.fpm?.filter((word) => word.includes('=')).map((word) => word.split('=')[0]),
      ),
    ];
    expect(named.filter((name) => typeof name !== 'string' || !existsSync(join(project, name)))).toEqual([]);
    // By the name that electron-builder looks for in it.
    expect(await import(join(project, String(mac?.sign)))).toHaveProperty('sign');
  });

  it('asks nobody for administrator rights on Windows, and leaves what OpenClaw remembers', () => {
    expect(config.win?.requestedExecutionLevel).toBe('asInvoker');
    expect(config.nsis).toMatchObject({
      perMachine: false,
      allowElevation: false,
      packElevateHelper: false,
      deleteAppDataOnUninstall: false,
    });
  });

  it('lets nothing turn ClawCove into another program', () => {
    const { enableCookieEncryption, enableEmbeddedAsarIntegrityValidation, onlyLoadAppFromAsar, ...others } =
      config.electronFuses ?? {};
    expect([enableCookieEncryption, enableEmbeddedAsarIntegrityValidation, onlyLoadAppFromAsar]).toEqual([
      true,
      true,
      true,
    ]);
    expect(Object.keys(others).sort()).toEqual([
      'enableNodeCliInspectArguments',
      'enableNodeOptionsEnvironmentVariable',
      'grantFileProtocolExtraPrivileges',
      'loadBrowserProcessSpecificV8Snapshot',
      'runAsNode',
    ]);
    expect(Object.values(others)).toEqual([false, false, false, false, false]);
  });

  it('takes the sandbox away on no desktop', () => {
    // Without this, electron-builder writes --no-sandbox into the AppImage's desktop entry.
    expect(config.toolsets?.appimage).toMatch(/^1\./);
    expect(readFileSync(file, 'utf8')).not.toContain('--no-sandbox');
  });
});
