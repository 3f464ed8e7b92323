/** One picture in an .ico: its width and height, and its pixels from the upper left on, four bytes each (RGBA). */
export interface IcoPicture {
  readonly size: number;
  readonly pixels: Buffer;
}

const folderLength = 6;
const entryLength = 16;
const bitmapHeadLength = 40;

/**
 * Reads the pictures of an .ico whose pictures are bitmaps of 32 bits, as png-to-ico writes them:
 * the last row first, blue before red.
 */
export function icoPictures(bytes: Buffer): IcoPicture[] {
  return Array.from({ length: bytes.readUInt16LE(4) }, (_, index) => {
    const entry = folderLength + entryLength * index;
    // A byte has no room for 256.
    const size = bytes.readUInt8(entry) || 256;
    const start = bytes.readUInt32LE(entry + 12) + bitmapHeadLength;
    const pixels = Buffer.alloc(size * size * 4);
    for (let row = 0; row < size; row += 1)
      bytes.copy(
        pixels,
        row * size * 4,
        start + (size - 1 - row) * size * 4,
        start + (size - row) * size * 4,
      );
    for (let at = 0; at < pixels.length; at += 4) pixels.subarray(at, at + 3).reverse();
    return { size, pixels };
  });
}
