import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { execa } from 'execa';
import type { KeyPair } from '../../main/app-update/example-release.ts';
import { checkoutFolder } from './settings.ts';

const words = 'latest-linux.yml';

/** What the server does with what it has. */
export type Manner = 'honest' | 'silent' | 'damages-files';

/** The place where ClawCove's makers let releases out, on this computer. */
export interface ReleaseServer {
  readonly address: string;
  /** Paths that were asked for, in order. */
  readonly asked: string[];
  manner: Manner;
  /** Lets a file out as the newest release, signed by whoever holds the key. */
  bringOut(file: string, version: string, key: KeyPair, ...options: string[]): Promise<void>;
  close(): void;
}

/** Starts one on a free port of 127.0.0.1. */
export async function startReleaseServer(folder: string): Promise<ReleaseServer> {
  mkdirSync(folder, { recursive: true });
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const name = (request.url ?? '').replace(/^\/releases\//, '');
    asked.push(name);
    // Nothing is ever said: the connection stays open.
    if (place.manner === 'silent') return;
    try {
      const bytes = readFileSync(join(folder, name));
      if (place.manner === 'damages-files' && name.endsWith('.AppImage')) bytes.write('!', bytes.length - 2);
      response.end(bytes);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const place: ReleaseServer = {
    address: `http://127.0.0.1:${port}/releases/`,
    asked,
    manner: 'honest',
    async bringOut(file, version, { privateKey }, ...options) {
      rmSync(folder, { recursive: true, force: true });
      mkdirSync(folder, { recursive: true });
      const bytes = readFileSync(file);
      const name = `ClawCove-${version}.AppImage`;
      const sha512 = createHash('sha512').update(bytes).digest('base64');
      writeFileSync(join(folder, name), bytes);
      // As electron-builder writes it.
      writeFileSync(
        join(folder, words),
        `version: ${version}
files:
  - url: ${name}
    sha512: ${sha512}
    size: ${bytes.length}
    blockMapSize: 1
path: ${name}
sha512: ${sha512}
releaseDate: '2026-11-20T10:00:00.000Z'
`,
      );
      const key = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
      const script = join(checkoutFolder, 'scripts/sign-release.mjs');
      await execa(process.execPath, [script, ...options, folder], { env: { CLAWCOVE_RELEASE_KEY: key } });
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
  return place;
}
