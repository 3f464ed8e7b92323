import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { exited } from '../main/host/strict-run.ts';
import { entitledBy } from '../main/sandbox/lima/probe.ts';

type PerFile = (file: string) => object;
const { optionsPerFile }: { optionsPerFile: (usual: PerFile | undefined) => PerFile } = await import(
  join(import.meta.dirname, 'sign-mac.mjs')
);
const root = join(import.meta.dirname, '..');
const app = '/dist/mac-arm64/ClawCove.app';
const perFile = optionsPerFile((file: string) => ({ entitlements: 'usual', hardenedRuntime: true, file }));

describe('signing for the Mac', () => {
  it('gives Lima the permission that its probe looks for', () => {
    const options = perFile(`${app}/Contents/Resources/lima/bin/limactl`) as { entitlements: string };
    expect(options).toMatchObject({ hardenedRuntime: true });
    expect(entitledBy(exited(0, readFileSync(options.entitlements, 'utf8')))).toBe(true);
  });

  it.each(['Contents/MacOS/ClawCove', 'Contents/Resources/lima/bin/lima', 'Contents/Resources/limactl', ''])(
    'and nothing else: %s',
    (path) => expect(perFile(`${app}/${path}`)).toMatchObject({ entitlements: 'usual' }),
  );

  it('leaves the rest to electron-builder', () => {
    expect(optionsPerFile(undefined)('/x')).toEqual({});
    const { mac } = parse(readFileSync(join(root, 'electron-builder.yml'), 'utf8'));
    expect(mac).toMatchObject({
      sign: 'scripts/sign-mac.mjs',
      hardenedRuntime: true,
      minimumSystemVersion: '13.0',
      extraResources: [{ from: expect.stringMatching(/^vendor\/lima\//), to: 'lima' }],
    });
  });
});
