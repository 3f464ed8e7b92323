/** A person's own folders on a Mac. On the disk they have English names, whatever the Finder shows. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { KnownFolders } from '../../doors.ts';
import { exists } from '../files.ts';
import { gatherFolders } from '../folders.ts';

/** In ~/Library: iCloud Drive, and the clouds of others since macOS 12.3 (Dropbox, OneDrive, Google Drive, Box). */
const cloudFolders = ['Mobile Documents', 'CloudStorage'];
/** What else is personal on a Mac; the others are the same as elsewhere. */
const personal = ['Movies', 'Sites'];

/** Looks at a home folder. */
export async function knownMacFolders(home: string): Promise<KnownFolders> {
  const library = join(home, 'Library');
  // Keychains, mails, messages, browsers and password managers all keep what is theirs there.
  const inLibrary = (await readdir(library).catch(() => [])).filter((name) => !cloudFolders.includes(name));
  return gatherFolders(home, {
    personal: personal.map((name) => join(home, name)),
    synced: [...cloudFolders.map((name) => join(library, name)), ...(await inICloud(home))],
    secrets: [...inLibrary.map((name) => join(library, name)), join(home, '.clawcove')],
  });
}

/** Desktop and Documents, where the person lets iCloud keep them: then each has its other half in iCloud Drive. */
async function inICloud(home: string): Promise<string[]> {
  const drive = join(home, 'Library', 'Mobile Documents', 'com~apple~CloudDocs');
  const there = await Promise.all(
    ['Desktop', 'Documents'].map(async (name) => ((await exists(join(drive, name))) ? name : '')),
  );
  return there.filter((name) => name !== '').map((name) => join(home, name));
}
