import { realpathSync } from 'node:fs';

/** What an AppImage tells the program in it, and which program really runs. */
interface Start {
  /** Its own file (`APPIMAGE`). */
  readonly appImage: string | undefined;
  /** Where it is mounted, by its real path (`APPDIR`); null: nobody says, or there is nothing. */
  readonly mountedAt: string | null;
  /** The real path of the program that runs. */
  readonly program: string;
}

function realPath(path: string | undefined): string | null {
  if (!path) return null;
  try {
    return realpathSync(path);
  } catch {
    return null;
  }
}

/** The one file that this ClawCove was started from (AppImage), which stays; null where it is many. */
export function ownFile(): string | null {
  const { APPIMAGE, APPDIR } = process.env;
  return ownFileFrom({
    appImage: APPIMAGE,
    mountedAt: realPath(APPDIR),
    program: realPath(process.execPath) ?? process.execPath,
  });
}

/**
 * Which file that is. Whoever is started by a program from an AppImage, a terminal say, inherits its
 * words: they are ours only where what runs lies in what they speak of. Pure.
 */
export function ownFileFrom({ appImage, mountedAt, program }: Start): string | null {
  if (!appImage || mountedAt === null) return null;
  return program.startsWith(`${mountedAt}/`) ? appImage : null;
}
