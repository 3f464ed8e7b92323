import { mkdir, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ownFile, ownFileFrom } from './own-file.ts';
import { testFolder } from './test-folder.ts';

const appImage = '/home/ada/Applications/ClawCove.AppImage';
const mountedAt = '/tmp/.mount_ClawCoAb12';
const program = `${mountedAt}/clawcove`;

describe('the file that ClawCove was started from', () => {
  it.each<[string, Partial<Parameters<typeof ownFileFrom>[0]>, string | null]>([
    ['runs from its AppImage', {}, appImage],
    ['was installed, and nobody says anything', { appImage: undefined, mountedAt: null }, null],
    [
      'was installed, and started by a program from another AppImage',
      { appImage: '/home/ada/Terminal.AppImage', program: '/opt/ClawCove/clawcove' },
      null,
    ],
    ['lies in a folder that is only called alike', { program: `${mountedAt}3/clawcove` }, null],
    ['is told no place', { mountedAt: null }, null],
    ['is told no file', { appImage: '' }, null],
  ])('when it %s', (_, change, file) => {
    expect(ownFileFrom({ appImage, mountedAt, program, ...change })).toBe(file);
  });

  describe('as this process sees it', () => {
    afterEach(() => {
      vi.unstubAllEnvs();
    });

    it('is believed by real paths', async () => {
      const folder = await testFolder();
      await mkdir(join(folder, 'elsewhere'));
      await symlink(dirname(process.execPath), join(folder, 'here'));
      vi.stubEnv('APPIMAGE', appImage);
      for (const [name, file] of [
        ['here', appImage],
        ['elsewhere', null],
        ['nowhere', null],
      ] as const) {
        vi.stubEnv('APPDIR', join(folder, name));
        expect(ownFile()).toBe(file);
      }
    });
  });
});
