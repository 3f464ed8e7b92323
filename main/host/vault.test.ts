import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ownByMode } from './own-only.ts';
import { testFolder } from './test-folder.ts';
import { createVault } from './vault.ts';

it('keeps secrets for this person’s eyes only', async () => {
  const folder = join(await testFolder(), 'vault');
  const vault = createVault(folder, ownByMode);
  expect(await vault.read('gateway-token')).toBeNull();
  await vault.write('gateway-token', 'a secret');
  expect(await vault.read('gateway-token')).toBe('a secret');
  expect((await stat(join(folder, 'gateway-token'))).mode & 0o777).toBe(0o600);
  await vault.forget('gateway-token');
  expect(await vault.read('gateway-token')).toBeNull();
});

it('does not call a secret that can’t be read one that isn’t there', async () => {
  const folder = await testFolder();
  await mkdir(join(folder, 'gateway-token'));
  await expect(createVault(folder, ownByMode).read('gateway-token')).rejects.toThrow(/EISDIR/);
});
