import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { Light } from '../main/contract.ts';
import { type Drawing, drawings, iconFolder } from './draw-icons.ts';
import { icoPictures } from './ico.ts';

const drawn = await drawings();

/** Every picture in a drawing as bytes of pixels; how they are packed differs from computer to computer. */
async function pixelsOf({ name, bytes }: Drawing): Promise<Buffer[]> {
  if (name.endsWith('.ico')) return icoPictures(bytes).map(({ pixels }) => pixels);
  if (!name.endsWith('.icns')) return [await sharp(bytes).raw().toBuffer()];
  const pictures: Buffer[] = [];
  for (let at = 8; at < bytes.length; at += bytes.readUInt32BE(at + 4))
    pictures.push(
      await sharp(bytes.subarray(at + 8, at + bytes.readUInt32BE(at + 4)))
        .raw()
        .toBuffer(),
    );
  return pictures;
}

/** How much two pictures of one size differ, of 255. */
function difference(one: Buffer, other: Buffer): number {
  expect(one).toHaveLength(other.length);
  let sum = 0;
  for (const [at, byte] of one.entries()) sum += Math.abs(byte - (other[at] ?? 0));
  return sum / one.length;
}

describe('the icons', () => {
  it.each(drawn)('$name is what is drawn from its source: npm run icons', async (drawing) => {
    const now = await pixelsOf(drawing);
    const kept = await pixelsOf({ ...drawing, bytes: readFileSync(join(iconFolder, drawing.name)) });
    expect(kept).toHaveLength(now.length);
    for (const [at, picture] of kept.entries())
      expect(difference(picture, now[at] as Buffer)).toBeLessThan(2);
  });

  it('are no more than are drawn', () => {
    const kept = readdirSync(iconFolder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.name.endsWith('.svg'))
      .map(({ parentPath, name }) => join(parentPath, name));
    expect(kept.sort()).toEqual(drawn.map(({ name }) => join(iconFolder, name)).sort());
  });

  it('hold what macOS asks for', () => {
    const bytes = readFileSync(join(iconFolder, 'icon.icns'));
    expect(bytes.toString('latin1', 0, 4)).toBe('icns');
    expect(bytes.readUInt32BE(4)).toBe(bytes.length);
  });

  it('hold what Windows asks for', () => {
    const sizes = icoPictures(readFileSync(join(iconFolder, 'icon.ico'))).map(({ size }) => size);
    expect(sizes).toEqual([16, 20, 24, 32, 40, 48, 64, 128, 256]);
  });
});

/** The smallest picture of a light, 16 by 16. */
async function smallest(light: Light, look: 'colour' | 'contrast' | 'template'): Promise<Buffer> {
  const at = (name: string) => readFileSync(join(iconFolder, 'tray', name));
  if (look === 'template')
    return sharp(at(`macos/${light}Template.png`))
      .raw()
      .toBuffer();
  const [first] = icoPictures(at(`windows/${light}${look === 'contrast' ? '-contrast' : ''}.ico`));
  return first?.pixels ?? Buffer.alloc(0);
}

/** The picture on a plain ground, in grey: what is left of it for somebody who sees no colours. */
const inGrey = (pixels: Buffer, ground: string) =>
  sharp(pixels, { raw: { width: 16, height: 16, channels: 4 } })
    .flatten({ background: ground })
    .grayscale()
    .raw()
    .toBuffer();

/** What colour stands in it most, its brightness aside: red, green and blue as shares. */
function colourOf(pixels: Buffer): readonly number[] {
  const sums = [0, 0, 0];
  for (let at = 0; at < pixels.length; at += 4) {
    const rgb = [...pixels.subarray(at, at + 3)];
    const isWhite = Math.min(...rgb) > 200;
    if ((pixels[at + 3] ?? 0) > 200 && !isWhite)
      for (const [channel, value] of rgb.entries()) sums[channel] = (sums[channel] ?? 0) + value;
  }
  const all = sums.reduce((sum, value) => sum + value, 0);
  return sums.map((sum) => sum / all);
}

const pairs = Light.options.flatMap((one, index) =>
  Light.options.slice(index + 1).map((other) => ({ one, other })),
);

describe('at the smallest size', () => {
  it.each(pairs)('$one and $other differ in shape, in every look and on every ground', async (pair) => {
    // The menu bar turns templates white on a dark ground; on a light one they are as they are drawn.
    for (const look of ['colour', 'contrast', 'template'] as const)
      for (const ground of look === 'template' ? ['#fff'] : ['#fff', '#000']) {
        const [one, other] = await Promise.all([smallest(pair.one, look), smallest(pair.other, look)]);
        const apart = difference(await inGrey(one, ground), await inGrey(other, ground));
        expect(apart, `${look} on ${ground}`).toBeGreaterThan(10);
      }
  });

  it.each(pairs)('$one and $other differ in colour', async (pair) => {
    const [one, other] = await Promise.all([smallest(pair.one, 'colour'), smallest(pair.other, 'colour')]);
    const [ours, theirs] = [colourOf(one), colourOf(other)];
    const apart = Math.hypot(...ours.map((share, channel) => share - (theirs[channel] ?? 0)));
    expect(apart).toBeGreaterThan(0.08);
  });

  it.each(Light.options)('%s is seen on a light and on a dark ground, in every look', async (light) => {
    for (const look of ['colour', 'contrast'] as const)
      for (const ground of ['#fff', '#000']) {
        const picture = await inGrey(await smallest(light, look), ground);
        const plain = Buffer.alloc(picture.length, ground === '#fff' ? 255 : 0);
        expect(difference(picture, plain), `${look} on ${ground}`).toBeGreaterThan(35);
      }
  });
});
