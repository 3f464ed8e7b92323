import { execa } from 'execa';
import { isRoot, lan } from './settings.ts';

const hostEnd = 'clawcove-host';
const farEnd = 'clawcove-far';
const ip = (...args: string[]) => execa('ip', args);

/** Packages that the made-up network needs. */
export const lanPackages = ['iproute2'] as const;

/** Whether the made-up network stands. */
async function hasLan(): Promise<boolean> {
  const { exitCode } = await execa('ip', ['link', 'show', hostEnd], { reject: false });
  return exitCode === 0;
}

/**
 * Makes a network of our own: a namespace with a neighbour on the LAN (10.77.0.2) and a server on the
 * internet (198.51.100.2), tied to this computer by one cable. No packet of it ever leaves the machine.
 * Root only; quiet when it stands already.
 */
export async function createLan(): Promise<void> {
  if (!isRoot || (await hasLan())) return;
  const { namespace } = lan;
  const { exitCode } = await execa('ip', ['netns', 'exec', namespace, 'true'], { reject: false });
  if (exitCode !== 0) await ip('netns', 'add', namespace);
  await ip('link', 'add', hostEnd, 'type', 'veth', 'peer', 'name', farEnd, 'netns', namespace);
  await ip('address', 'add', `${lan.hostAddress}/24`, 'dev', hostEnd);
  await ip('address', 'add', `${lan.internetSideOfHost}/24`, 'dev', hostEnd);
  await ip('link', 'set', hostEnd, 'up');
  const far = (...args: string[]) => ip('-n', namespace, ...args);
  await far('address', 'add', `${lan.neighbour}/24`, 'dev', farEnd);
  await far('address', 'add', `${lan.internetServer}/24`, 'dev', farEnd);
  await far('link', 'set', farEnd, 'up');
  await far('link', 'set', 'lo', 'up');
}

/** Pulls the cable and forgets the namespace. */
export async function destroyLan(): Promise<void> {
  if (!isRoot) return;
  await execa('ip', ['link', 'delete', hostEnd], { reject: false });
  await execa('ip', ['netns', 'delete', lan.namespace], { reject: false });
}

/** argv that runs `argv` on the other computer, the neighbour's (as root there). */
export const onNeighbour = (argv: readonly string[]): string[] => [
  'ip',
  'netns',
  'exec',
  lan.namespace,
  ...argv,
];
