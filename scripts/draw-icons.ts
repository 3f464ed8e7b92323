// npm run icons: draws every icon that ClawCove is shown by, from the SVGs in assets/icons.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pngToIco from 'png-to-ico';
import sharp from 'sharp';

/** A file in assets/icons and what belongs into it. */
export interface Drawing {
  readonly name: string;
  readonly bytes: Buffer;
}

/** Where the icons lie, those that are drawn and those they are drawn from. */
export const iconFolder = fileURLToPath(new URL('../assets/icons', import.meta.url));

/** Sizes that Windows asks for at 100 to 400 %. */
const windowsSizes = [16, 20, 24, 32, 40, 48, 64];
const linuxSizes = [16, 32, 48, 64, 128, 256, 512, 1024];

/**
 * Draws an SVG at once in the size it is wanted in.
 *
 * @param ofSize how wide the SVG says it is
 */
function draw(svg: string, size: number, ofSize: number): Promise<Buffer> {
  // SVGs are 72 dots an inch.
  const density = (72 * size) / ofSize;
  return sharp(Buffer.from(svg), { density }).resize(size, size).png({ compressionLevel: 9 }).toBuffer();
}

/** The parts of a tray picture: what it stands on, and the white sign on that. */
function partsOf(svg: string): { head: string; shape: string; sign: string } {
  const [, head, shape, sign = ''] =
    /^(<svg [^>]*>)\s*<g id="shape">(.*?)<\/g>\s*(?:<g id="sign" stroke="#fff">(.*?)<\/g>\s*)?<\/svg>\s*$/s.exec(
      svg,
    ) ?? [];
  if (head === undefined || shape === undefined)
    throw new Error('A tray picture is a group "shape" and a group "sign", no more.');
  return { head, shape, sign };
}

/** Black where there is something and see-through where not: the sign is cut out. */
function asTemplate(svg: string): string {
  const { head, shape, sign } = partsOf(svg);
  return `${head}<mask id="cut"><path fill="#fff" d="M0 0h22v22H0Z"/><g stroke="#000">${sign}</g></mask>
<g color="#000" mask="url(#cut)">${shape}</g></svg>`;
}

/** Black with a white sign and a white edge: nothing but black and white, and to be seen on both. */
function asContrast(svg: string): string {
  const { head, shape, sign } = partsOf(svg);
  const clear = shape.replace(/<[^>]* class="faint"[^>]*>/g, '');
  return `${head}<filter id="wide" x="0" y="0" width="22" height="22" filterUnits="userSpaceOnUse"><feMorphology operator="dilate" radius="1.2"/></filter>
<g filter="url(#wide)"><g color="#fff" transform="translate(1.2 1.2) scale(.89)">${clear}</g></g>
<g transform="translate(1.2 1.2) scale(.89)"><g color="#000">${clear}</g><g stroke="#fff">${sign}</g></g></svg>`;
}

const traySize = 22;

async function ico(name: string, svg: string, sizes: readonly number[], ofSize: number): Promise<Drawing> {
  return { name, bytes: await pngToIco(await Promise.all(sizes.map((size) => draw(svg, size, ofSize)))) };
}

async function png(name: string, svg: string, size: number, ofSize: number): Promise<Drawing> {
  return { name, bytes: await draw(svg, size, ofSize) };
}

function trayDrawings(light: string, svg: string): Promise<Drawing>[] {
  const template = asTemplate(svg);
  const looks = [
    { name: light, look: svg },
    { name: `${light}-contrast`, look: asContrast(svg) },
  ];
  return [
    png(`tray/macos/${light}Template.png`, template, 16, traySize),
    png(`tray/macos/${light}Template@2x.png`, template, 32, traySize),
    ...looks.flatMap(({ name, look }) => [
      ico(`tray/windows/${name}.ico`, look, windowsSizes, traySize),
      png(`tray/linux/${name}.png`, look, 22, traySize),
      png(`tray/linux/${name}@2x.png`, look, 44, traySize),
    ]),
  ];
}

/**
 * The kinds of picture in an .icns that are plain PNGs. Those for 16 and 32 points on old screens have a
 * coding of their own; macOS makes them from the others.
 */
const icnsKinds = [
  ['ic11', 32],
  ['ic12', 64],
  ['ic07', 128],
  ['ic13', 256],
  ['ic08', 256],
  ['ic14', 512],
  ['ic09', 512],
  ['ic10', 1024],
] as const;

function icnsPart(kind: string, bytes: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.write(kind, 'latin1');
  head.writeUInt32BE(head.length + bytes.length, 4);
  return Buffer.concat([head, bytes]);
}

/** There is no library for this any more that anybody looks after; it is a list of PNGs. */
async function icns(name: string, svg: string, ofSize: number): Promise<Drawing> {
  const parts = await Promise.all(
    icnsKinds.map(async ([kind, size]) => icnsPart(kind, await draw(svg, size, ofSize))),
  );
  return { name, bytes: icnsPart('icns', Buffer.concat(parts)) };
}

const appSize = 512;
/** Apple's own icons leave a tenth free on each side, for the shadow: so much more than ours does. */
const macSize = 576;

/** Draws all of them; nothing is written. */
export function drawings(): Promise<Drawing[]> {
  const read = (name: string) => readFileSync(join(iconFolder, name), 'utf8');
  const app = read('icon.svg');
  const margin = (macSize - appSize) / 2;
  const onMac = app.replace(
    `viewBox="0 0 ${appSize} ${appSize}" width="${appSize}" height="${appSize}"`,
    `viewBox="${-margin} ${-margin} ${macSize} ${macSize}" width="${macSize}" height="${macSize}"`,
  );
  const lights = readdirSync(join(iconFolder, 'tray')).filter((name) => name.endsWith('.svg'));
  return Promise.all([
    ...linuxSizes.map((size) => png(`${size}x${size}.png`, app, size, appSize)),
    ico('icon.ico', app, [...windowsSizes, 128, 256], appSize),
    icns('icon.icns', onMac, macSize),
    ...lights.flatMap((name) => trayDrawings(name.replace('.svg', ''), read(`tray/${name}`))),
  ]);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const { name, bytes } of await drawings()) {
    const file = join(iconFolder, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, bytes);
  }
}
