import { chownSync, mkdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { cacheFolder } from './settings.ts';
import { rigUser } from './user.ts';

/** Where the engine keeps what it downloads. */
const place = () => join(rigUser().home, '.local/share/containers');
const settingsPlace = () => join(rigUser().home, '.config');
const image = join(cacheFolder, 'small-disk.img');
const MiB = 1024 ** 2;
const ballast = () => join(place(), 'ballast');

/** A disk of its own for the engine's downloads, which a test can fill for real without filling the machine. */
export interface SmallDisk {
  /** Fills it until this many bytes are free. */
  fill(leave: number): Promise<void>;
  /** Takes the filling away. */
  empty(): void;
  /** Takes the disk away, with all that is on it. */
  remove(): Promise<void>;
}

export interface SmallDiskFor {
  /** Whether programs' settings, ClawCove's among them, lie on it as well: then nobody can write anything. */
  readonly settings?: boolean;
}

/** Puts in a disk of so many bytes; the engine must not have been used yet. Root only. */
export async function insertSmallDisk(
  bytes: number,
  { settings = false }: SmallDiskFor = {},
): Promise<SmallDisk> {
  writeFileSync(image, '');
  truncateSync(image, bytes);
  // Without blocks kept for root and without a journal: what is free is free.
  await execa('mkfs.ext4', ['-q', '-m', '0', '-O', '^has_journal', image]);
  const { uid, gid } = rigUser();
  await execa('install', [
    '-d',
    '-o',
    String(uid),
    '-g',
    String(gid),
    join(rigUser().home, '.local'),
    join(rigUser().home, '.local/share'),
  ]);
  mkdirSync(place(), { recursive: true });
  await execa('mount', ['-o', 'loop', image, place()]);
  chownSync(place(), uid, gid);
  mkdirSync(ballast());
  if (settings) {
    const folder = join(place(), 'settings');
    await execa('cp', ['--archive', settingsPlace(), folder]);
    await execa('mount', ['--bind', folder, settingsPlace()]);
  }
  const tooMuch = async (leave: number): Promise<number> => {
    const { bavail, bsize } = await statfs(place());
    return bavail * bsize - leave;
  };
  return {
    async fill(leave) {
      // In ever smaller pieces: a download may be taking its part at the same time.
      for (let free = await tooMuch(leave), piece = 0; free > 16 * MiB; free = await tooMuch(leave), piece++)
        await execa('fallocate', ['--length', String(Math.ceil(free * 0.9)), `${ballast()}/${piece}`]);
      if (leave > 0) return;
      // To the last byte: nobody can write anything.
      await execa('dd', ['if=/dev/zero', `of=${ballast()}/last`, 'bs=4k', 'status=none'], { reject: false });
      const free = await tooMuch(0);
      if (free > MiB) throw new Error(`${free} bytes of the disk are still free`);
    },
    empty() {
      rmSync(ballast(), { recursive: true, force: true });
      mkdirSync(ballast());
    },
    async remove() {
      if (settings) await execa('umount', ['--lazy', settingsPlace()], { reject: false });
      // Podman's own mounts may still lie on it; it goes when the last of them does.
      await execa('umount', ['--lazy', place()], { reject: false });
      rmSync(image, { force: true });
    },
  };
}
