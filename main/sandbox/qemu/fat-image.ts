/**
 * A small disk with a few files on it, as cloud-init's "NoCloud" looks for one; pure. No program for making
 * one is on every computer, and no kept library makes one.
 * Source: Microsoft, FAT32 File System Specification 1.03 (FAT12 and long names).
 */

const sector = 512;
const sectorsPerCluster = 4;
const cluster = sector * sectorsPerCluster;
const reservedSectors = 1;
const copiesOfTable = 2;
const tableSectors = 6;
const rootEntries = 64;
const entryBytes = 32;
/** 4 MiB: few enough clusters for FAT12, whose table fits into {@link tableSectors}. */
const totalSectors = 8192;

const rootStart = (reservedSectors + copiesOfTable * tableSectors) * sector;
const dataStart = rootStart + rootEntries * entryBytes;
const clusters = Math.floor((totalSectors * sector - dataStart) / cluster);
const endOfFile = 0xfff;
/** Where the 13 characters of a name lie in an entry for long names. */
const charactersAt = [1, 3, 5, 7, 9, 14, 16, 18, 20, 22, 24, 28, 30];

function bootSector(label: string): Buffer {
  const boot = Buffer.alloc(sector);
  boot.set([0xeb, 0x3c, 0x90]);
  boot.write('MSDOS5.0', 3, 'latin1');
  boot.writeUInt16LE(sector, 11);
  boot.writeUInt8(sectorsPerCluster, 13);
  boot.writeUInt16LE(reservedSectors, 14);
  boot.writeUInt8(copiesOfTable, 16);
  boot.writeUInt16LE(rootEntries, 17);
  boot.writeUInt16LE(totalSectors, 19);
  // A fixed disk.
  boot.writeUInt8(0xf8, 21);
  boot.writeUInt16LE(tableSectors, 22);
  boot.writeUInt16LE(32, 24);
  boot.writeUInt16LE(2, 26);
  boot.writeUInt8(0x80, 36);
  // What follows: serial number, label, kind.
  boot.writeUInt8(0x29, 38);
  boot.writeUInt32LE(0x0c1a0c0e, 39);
  boot.write(label, 43, 'latin1');
  boot.write('FAT12   ', 54, 'latin1');
  boot.writeUInt16LE(0xaa55, 510);
  return boot;
}

function labelEntry(label: string): Buffer {
  const entry = Buffer.alloc(entryBytes);
  entry.write(label, 0, 'latin1');
  entry.writeUInt8(0x08, 11);
  return entry;
}

/** The entries of one file: its long name, last piece first, then what old systems see. */
function fileEntries(name: string, short: string, firstCluster: number, length: number): Buffer[] {
  let sum = 0;
  for (const byte of Buffer.from(short, 'latin1')) sum = (((sum & 1) << 7) + (sum >> 1) + byte) & 0xff;
  const pieces = Math.ceil(name.length / charactersAt.length);
  const longName = Array.from({ length: pieces }, (_, index) => {
    const piece = pieces - index;
    const entry = Buffer.alloc(entryBytes, 0xff);
    entry.writeUInt8(index === 0 ? piece | 0x40 : piece, 0);
    entry.writeUInt16LE(0x0f, 11);
    entry.writeUInt8(sum, 13);
    entry.writeUInt16LE(0, 26);
    charactersAt.forEach((at, place) => {
      const position = (piece - 1) * charactersAt.length + place;
      if (position <= name.length) entry.writeUInt16LE(name.charCodeAt(position) || 0, at);
    });
    return entry;
  });
  const entry = Buffer.alloc(entryBytes);
  entry.write(short, 0, 'latin1');
  entry.writeUInt8(0x20, 11);
  // 1 January 2024; cloud-init doesn't look.
  entry.writeUInt16LE(((2024 - 1980) << 9) | (1 << 5) | 1, 24);
  entry.writeUInt16LE(firstCluster, 26);
  entry.writeUInt32LE(length, 28);
  return [...longName, entry];
}

/** Twelve bits for each cluster: which one comes next. */
function allocationTable(next: readonly number[]): Buffer {
  const table = Buffer.alloc(tableSectors * sector);
  next.forEach((value, index) => {
    const at = index + (index >> 1);
    const isOdd = index % 2 === 1;
    const both = table.readUInt16LE(at);
    table.writeUInt16LE(isOdd ? (both & 0x000f) | (value << 4) : (both & 0xf000) | value, at);
  });
  return table;
}

/**
 * @param files contents by name: up to 13 characters each keep one long name's piece
 * @param label up to 11 characters, in capitals
 * @throws Error when they are too many or too large for it
 */
export function fatImage(label: string, files: Readonly<Record<string, string>>): Buffer {
  const name = label.padEnd(11).slice(0, 11);
  const image = Buffer.alloc(totalSectors * sector);
  const next: number[] = [0xff8, endOfFile];
  const entries = [labelEntry(name)];
  Object.entries(files).forEach(([file, text], index) => {
    const contents = Buffer.from(text, 'utf8');
    const first = next.length;
    const count = Math.ceil(contents.length / cluster);
    for (let i = 1; i <= count; i++) next.push(i === count ? endOfFile : first + i);
    if (next.length > clusters + 2) throw new Error('the files are too large for the small disk');
    contents.copy(image, dataStart + (first - 2) * cluster);
    const short = `F${String(index).padStart(7, '0')}   `;
    entries.push(...fileEntries(file, short, count === 0 ? 0 : first, contents.length));
  });
  if (entries.length > rootEntries) throw new Error('the files are too many for the small disk');
  bootSector(name).copy(image);
  const table = allocationTable(next);
  for (let copy = 0; copy < copiesOfTable; copy++)
    table.copy(image, (reservedSectors + copy * tableSectors) * sector);
  entries.forEach((entry, index) => {
    entry.copy(image, rootStart + index * entryBytes);
  });
  return image;
}
