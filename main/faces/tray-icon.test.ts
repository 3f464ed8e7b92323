import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { icoPictures } from '../../scripts/ico.ts';
import { Light } from '../contract.ts';
import { trayIcon } from './tray-icon.ts';

const tray = join(import.meta.dirname, '../../assets/icons/tray');
const at = (name: string) => join(tray, name);
/** Electron's own way to find the picture for screens with twice the dots. */
const doubled = (name: string) => name.replace('.png', '@2x.png');

const cases = Light.options.flatMap((light) => [true, false].map((contrast) => ({ light, contrast })));

describe('the picture in the tray', () => {
  it.each(cases)('is there for $light on Windows, high contrast $contrast', ({ light, contrast }) => {
    const pictures = icoPictures(readFileSync(at(trayIcon('windows', light, contrast))));
    expect(pictures.map(({ size }) => size)).toEqual([16, 20, 24, 32, 40, 48, 64]);
  });

  it.each(cases)('is there for $light on Linux, high contrast $contrast', async ({ light, contrast }) => {
    const name = trayIcon('linux', light, contrast);
    expect(await sharp(at(name)).metadata()).toMatchObject({ width: 22, height: 22, hasAlpha: true });
    expect(await sharp(at(doubled(name))).metadata()).toMatchObject({ width: 44, height: 44 });
  });

  it.each(cases)('is there for $light on macOS, high contrast $contrast', async ({ light, contrast }) => {
    const name = trayIcon('macos', light, contrast);
    // What makes macOS colour it.
    expect(name).toMatch(/Template\.png$/);
    expect(await sharp(at(name)).metadata()).toMatchObject({ width: 16, height: 16, hasAlpha: true });
    expect(await sharp(at(doubled(name))).metadata()).toMatchObject({ width: 32, height: 32 });
    for (const file of [name, doubled(name)]) {
      const [red, green, blue, alpha] = (await sharp(at(file)).stats()).channels;
      expect([red?.max, green?.max, blue?.max], 'black alone').toEqual([0, 0, 0]);
      expect([alpha?.min, alpha?.max], 'with a hole').toEqual([0, 255]);
    }
  });

  it('has more contrast only for whom asks for it', () => {
    for (const system of ['windows', 'linux'] as const)
      expect(trayIcon(system, 'danger', true)).not.toBe(trayIcon(system, 'danger', false));
  });
});
