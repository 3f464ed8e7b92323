import { type FileWays, linuxFiles } from '../host-openclaw/file-ways.ts';

export const macFiles: FileWays = {
  ...linuxFiles,
  ignoresCase: true,
  // Documents, Desktop, iCloud Drive and the like, for programs that the person has not let in. Source: Apple, TCC.
  hidesFolders: true,
  // A Mac finds a name however its accents are written; the home only as people write them.
  nameInside: (name) => name.normalize('NFC'),
  targetInside: (target) => target.normalize('NFC'),
};
