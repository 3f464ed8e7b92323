import { expect, it } from 'vitest';
import { fatImage } from './fat-image.ts';

/** Reads such an image back as the specification says; knows nothing of how it was written. */
function read(image: Buffer): { label: string; files: Record<string, string> } {
  const bytesPerSector = image.readUInt16LE(11);
  const clusterBytes = bytesPerSector * image.readUInt8(13);
  const tableStart = bytesPerSector * image.readUInt16LE(14);
  const rootStart = tableStart + image.readUInt8(16) * image.readUInt16LE(22) * bytesPerSector;
  const dataStart = rootStart + image.readUInt16LE(17) * 32;
  const next = (cluster: number) => {
    const both = image.readUInt16LE(tableStart + Math.floor(cluster * 1.5));
    return cluster % 2 ? both >> 4 : both & 0xfff;
  };
  const files: Record<string, string> = {};
  let label = '';
  let name = '';
  for (let at = rootStart; at < dataStart && image[at] !== 0; at += 32) {
    const entry = image.subarray(at, at + 32);
    const kind = entry.readUInt8(11);
    if (kind === 0x0f) {
      const units = [1, 3, 5, 7, 9, 14, 16, 18, 20, 22, 24, 28, 30].map((place) => entry.readUInt16LE(place));
      const piece = units.slice(0, units.includes(0) ? units.indexOf(0) : undefined);
      name = String.fromCharCode(...piece) + name;
    } else if (kind === 0x08) label = entry.toString('latin1', 0, 11).trim();
    else {
      const pieces: Buffer[] = [];
      for (let cluster = entry.readUInt16LE(26); cluster >= 2 && cluster < 0xff8; cluster = next(cluster)) {
        const start = dataStart + (cluster - 2) * clusterBytes;
        pieces.push(image.subarray(start, start + clusterBytes));
      }
      files[name] = Buffer.concat(pieces).toString('utf8', 0, entry.readUInt32LE(28));
      name = '';
    }
  }
  return { label, files };
}

it('holds what was put in', () => {
  const files = {
    'meta-data': 'a',
    'user-data': `#cloud-config\n${'0123456789abcdef'.repeat(1_000)}`,
    'network-config': '安全小屋',
    empty: '',
    'a-name-longer-than-one-piece.txt': 'b',
  };
  expect(read(fatImage('CIDATA', files))).toEqual({ label: 'CIDATA', files });
});

it('is filled to the last cluster and no further', () => {
  const most = { full: 'x'.repeat(2_035 * 2_048) };
  expect(read(fatImage('CIDATA', most)).files).toEqual(most);
  expect(() => fatImage('CIDATA', { more: 'x'.repeat(5_000_000) })).toThrow('too large');
  const many = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`file-${index}`, 'x']));
  expect(() => fatImage('CIDATA', many)).toThrow('too many');
});
