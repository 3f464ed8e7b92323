/** Builds archives for tests, whole ones and hostile ones. Source: APPNOTE.TXT, ustar in pax(1). */
import { constants, crc32, deflateRawSync } from 'node:zlib';

/** Files by their path; a text is written as UTF-8. */
export type Files = Readonly<Record<string, string | Uint8Array>>;

/** A file as it stands in a zip archive; what it says of itself need not be true. */
export interface Packed {
  readonly path: string | Uint8Array;
  readonly data: Uint8Array;
  /** 0: stored, 8: deflated. */
  readonly method: number;
  /** How long it says that it is, unpacked. */
  readonly bytes: number;
  readonly crc?: number;
  /** 1: encrypted, 0x800: the name is UTF-8. */
  readonly flags?: number;
}

/** Packs a file as it should be. */
export function pack(path: string, content: string | Uint8Array): Packed {
  const bytes = Buffer.from(content as string);
  return {
    path,
    data: deflateRawSync(bytes, { level: 1 }),
    method: 8,
    bytes: bytes.length,
    crc: crc32(bytes),
    flags: 0x800,
  };
}

/** What both of a file's headers say. */
function described({ path, data, method, bytes, crc = 0, flags = 0 }: Packed): Buffer {
  const header = Buffer.alloc(26);
  header.writeUInt16LE(20, 0);
  header.writeUInt16LE(flags, 2);
  header.writeUInt16LE(method, 4);
  header.writeUInt32LE(crc, 10);
  header.writeUInt32LE(data.length, 14);
  header.writeUInt32LE(bytes, 18);
  header.writeUInt16LE(Buffer.from(path as string).length, 22);
  return header;
}

/** An archive of files as they are given. */
export function zipOf(files: readonly Packed[]): Buffer {
  const bodies: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let at = 0;
  for (const file of files) {
    const name = Buffer.from(file.path as string);
    const about = described(file);
    const body = Buffer.concat([Buffer.from('PK\x03\x04'), about, name, file.data]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(at, 10);
    // The directory's headers begin with the version of who wrote it.
    directory.push(Buffer.from('PK\x01\x02\x14\x00', 'latin1'), about, rest, name);
    bodies.push(body);
    at += body.length;
  }
  const listed = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(files.length % 65_536, 8);
  end.writeUInt16LE(files.length % 65_536, 10);
  end.writeUInt32LE(listed.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...bodies, listed, end]);
}

/** A zip archive of these files. */
export const zip = (files: Files): Buffer =>
  zipOf(Object.entries(files).map(([path, content]) => pack(path, content)));

const MiB = 1024 ** 2;

/** A text of so many MiB; each is packed apart from the others, so that this takes no time. */
export function packedWords(mebibytes: number, words: string): Packed {
  const one = deflateRawSync(Buffer.alloc(MiB, words), { finishFlush: constants.Z_FULL_FLUSH });
  const end = deflateRawSync(Buffer.alloc(0));
  return {
    path: 'words.txt',
    data: Buffer.concat([...Array<Buffer>(mebibytes).fill(one), end]),
    method: 8,
    bytes: mebibytes * MiB,
  };
}

function tarHeader(path: string, bytes: number, type: string): Buffer {
  const header = Buffer.alloc(512);
  header.write(path, 0, 100);
  header.write('0000644\0', 100);
  header.write(`${bytes.toString(8).padStart(11, '0')}\0`, 124);
  header.write(type, 156);
  header.write('ustar\x0000', 257, 'latin1');
  const sum = header.reduce((all, byte, at) => all + (at >= 148 && at < 156 ? 32 : byte), 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return header;
}

function tarred(path: string, content: string | Uint8Array, type: string): Buffer {
  const bytes = Buffer.from(content as string);
  const padding = Buffer.alloc((512 - (bytes.length % 512)) % 512);
  return Buffer.concat([tarHeader(path, bytes.length, type), bytes, padding]);
}

/** A tar archive; longer names than it has room for as GNU tar writes them. */
export const tar = (files: Files): Buffer =>
  Buffer.concat([
    ...Object.entries(files).flatMap(([path, content]) => [
      ...(path.length > 100 ? [tarred('././@LongLink', `${path}\0`, 'L')] : []),
      tarred(path, content, '0'),
    ]),
    Buffer.alloc(1024),
  ]);
