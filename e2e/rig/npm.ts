/** What OpenClaw's makers say to npm, as homes on this computer hear it. Root only, like the images that ask it. */
import { fileURLToPath } from 'node:url';
import { startDaemon, stopDaemon } from './daemon.ts';
import { onNeighbour } from './lan.ts';
import { isRoot, lan, npmPort } from './settings.ts';

/** Where a home reaches it. */
export const npmOrigin = `http://${lan.internetServer}:${npmPort}`;

interface Version {
  name: string;
  version: string;
  dist: object;
  deprecated?: string;
}

interface Packument {
  'dist-tags': Record<string, string>;
  versions: Record<string, Version>;
}

const call = (init?: RequestInit) => fetch(`${npmOrigin}/openclaw`, init);
const reaches = async () => (await call().catch(() => undefined))?.ok === true;

/** Starts it on the made-up internet, saying that the rig's versions are out. */
export async function startNpm(): Promise<void> {
  if (!isRoot) return;
  const server = fileURLToPath(new URL('npm-server.ts', import.meta.url));
  const argv = onNeighbour([process.execPath, server, '0.0.0.0', String(npmPort)]);
  await startDaemon({ name: 'npm', argv, ready: reaches });
}

/** Takes it off the net. */
export const stopNpm = (): Promise<void> => stopDaemon('npm');

/** It says again what it said at first. */
export async function resetNpm(): Promise<void> {
  await call({ method: 'PUT' });
}

async function change(how: (packument: Packument) => void): Promise<void> {
  const packument = (await (await call()).json()) as Packument;
  how(packument);
  await call({ method: 'PUT', body: JSON.stringify(packument) });
}

/** Moves tags (`latest`, `extended-stable`, `beta`); the others stay. */
export const setDistTags = (tags: Readonly<Record<string, string>>): Promise<void> =>
  change((packument) => void Object.assign(packument['dist-tags'], tags));

/** Deprecates a version with these words; null: it is as good as any again. */
export const deprecate = (version: string, words: string | null): Promise<void> =>
  change(({ versions }) => {
    const known = versions[version];
    if (!known) throw new Error(`npm knows no ${version}.`);
    const { deprecated: _, ...others } = known;
    versions[version] = words === null ? others : { ...others, deprecated: words };
  });

/** Publishes a version; which one is newest is for the tags to say. */
export const publish = (version: string): Promise<void> =>
  change(({ versions }) => {
    const [like] = Object.values(versions);
    versions[version] = { name: 'openclaw', dist: {}, ...like, version };
  });
