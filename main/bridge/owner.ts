import { chmod, mkdir, rename, rm } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { dirname } from 'node:path';
import type { Far } from './far.ts';

/** How long a ClawCove that is there may take to say so (ms). */
const usualPatience = 5_000;

/** Who may work here: one ClawCove at a time, be it the app or a command in a terminal. */
export type Claim =
  | {
      readonly is: 'ours';
      /** Calls back with every other ClawCove that comes. */
      answer(serve: (socket: Socket) => void): void;
      release(): Promise<void>;
    }
  | { readonly is: 'taken'; readonly by: Far }
  /** Somebody holds it and says nothing. */
  | { readonly is: 'silent' };

/** Where it can be spoken to. */
export interface OwnerPlace {
  readonly path: string;
  /** Whether it is a file, in a folder, that outlives who made it. */
  readonly isFile: boolean;
}

/** Listens on a socket; null when the name is taken, by somebody alive or by one who died. */
function listen(path: string): Promise<Server | null> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(null) : reject(error),
    );
    server.listen(path, () => resolve(server));
  });
}

/** Connects to whoever listens there; null when nobody does. */
function call(path: string): Promise<Socket | null> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    socket.once('connect', () => resolve(socket));
    socket.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'ECONNREFUSED' || error.code === 'ENOENT' ? resolve(null) : reject(error),
    );
  });
}

/** Takes the name of a dead socket away. It is moved first, in case somebody alive has just taken it. */
async function bury(path: string): Promise<void> {
  const aside = `${path}.${process.pid}`;
  const isGone = await rename(path, aside).then(
    () => false,
    () => true,
  );
  if (isGone) return;
  const alive = await call(aside);
  if (alive) {
    alive.destroy();
    await rename(aside, path);
  } else await rm(aside, { force: true });
}

/** The ClawCove that is at work here now, if there is one; claims nothing. */
export async function findOwner(
  { path }: OwnerPlace,
  patience = usualPatience,
): Promise<Exclude<Claim, { is: 'ours' }> | null> {
  const socket = await call(path);
  if (!socket) return null;
  // Only who meets another one needs the words for it: loading them takes its time.
  const { speakToFar } = await import('./far.ts');
  const by = await speakToFar(socket, patience);
  return by ? { is: 'taken', by } : { is: 'silent' };
}

/**
 * Claims this person's ClawCove. A listening socket is the lock: the system
 * takes it back when its holder dies, however it dies, and whoever comes second
 * can talk to the one who holds it. It lies in the data folder, so that the same
 * data always has the same lock.
 */
export async function claim(place: OwnerPlace, patience = usualPatience): Promise<Claim> {
  const { path, isFile } = place;
  if (isFile) await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  for (;;) {
    const server = await listen(path);
    if (server) {
      if (isFile) await chmod(path, 0o600);
      const waiting: Socket[] = [];
      let serve = (socket: Socket): void => {
        waiting.push(socket);
      };
      const open = new Set<Socket>();
      server.on('connection', (socket) => {
        open.add(socket);
        socket.on('error', () => socket.destroy());
        socket.on('close', () => open.delete(socket));
        serve(socket);
      });
      return {
        is: 'ours',
        answer(next) {
          serve = next;
          for (const socket of waiting.splice(0)) next(socket);
        },
        release: () =>
          new Promise((resolve) => {
            server.close(() => resolve());
            for (const socket of open) socket.destroy();
          }),
      };
    }
    const owner = await findOwner(place, patience);
    if (owner) return owner;
    if (isFile) await bury(path);
  }
}
