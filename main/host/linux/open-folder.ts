/**
 * Folders by handle: from an open folder on, no link leads anywhere else. Linux looks `/proc/self/fd/N/name` up in the
 * folder that is open as N.
 */
import {
  closeSync,
  constants,
  fsyncSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  unlinkSync,
} from 'node:fs';
import { type Folders, type OpenFolder, openWay } from '../../private-data/search/folder.ts';

const { O_CREAT, O_DIRECTORY, O_EXCL, O_NOCTTY, O_NOFOLLOW, O_NONBLOCK, O_RDONLY, O_WRONLY } = constants;
const asFolder = O_RDONLY | O_DIRECTORY | O_NONBLOCK;

/** An open folder that says where what lies in it can be named. */
interface HandleFolder extends OpenFolder {
  at(name: Buffer): Buffer;
}

function folderOf(handle: number): HandleFolder {
  const at = (name: Buffer) => Buffer.concat([Buffer.from(`/proc/self/fd/${handle}/`), name]);
  // All folders here are made here.
  const elsewhere = (other: OpenFolder, name: Buffer) => (other as HandleFolder).at(name);
  return {
    at,
    names: () => readdirSync(`/proc/self/fd/${handle}`, { encoding: 'buffer' }).sort(Buffer.compare),
    look(name) {
      try {
        return lstatSync(at(name), { bigint: true });
      } catch {
        return null;
      }
    },
    openFolder: (name) => folderOf(openSync(at(name), asFolder | O_NOFOLLOW)),
    // Not waiting: a pipe that nobody writes to would be waited for without end.
    openFile: (name) => openSync(at(name), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY),
    create: (name) => openSync(at(name), O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW, 0o600),
    makeFolder: (name) => mkdirSync(at(name), 0o755),
    remove: (name) => unlinkSync(at(name)),
    moveTo: (name, other, as) => renameSync(at(name), elsewhere(other, as)),
    linkTo: (name, other, as) => linkSync(at(name), elsewhere(other, as)),
    sync: () => fsyncSync(handle),
    close: () => closeSync(handle),
  };
}

/** A running home's own files, as this computer sees them; what lies behind is the agent's. */
const insideHome = /^(\/proc\/\d+\/root)\/(.+)$/;

export const foldersByHandle: Folders = {
  openPlace(folder) {
    const home = insideHome.exec(folder);
    if (!home) return folderOf(openSync(folder, asFolder));
    const [, root = '', path = ''] = home;
    return openWay(folderOf(openSync(root, asFolder)), Buffer.from(path));
  },
  openOwn: (folder) => folderOf(openSync(folder, asFolder | O_NOFOLLOW)),
  isOwn: ({ uid }) => Number(uid) === process.getuid?.(),
};
