/** Looks for the engines that somebody may have installed already. */
import type { Run } from '../../doors.ts';
import { lookForAppleContainer } from './apple-container.ts';
import { askAt } from './asking.ts';
import { lookForDocker } from './docker.ts';
import { lookForMultipass } from './multipass.ts';
import { lookForPodmanMachine } from './podman-machine.ts';
import { type Found, type PresentEngine, presentEngines } from './presence.ts';
import { lookForVirtualBox } from './virtualbox.ts';

/** Where the engines' programs may be on this system; one without any place is not looked for. */
export type Places = Readonly<Record<PresentEngine, readonly string[]>>;

/** Where they are on a Mac; pure. */
export function placesOnMac(home: string): Places {
  const usual = (name: string) => [name, `/opt/homebrew/bin/${name}`, `/usr/local/bin/${name}`];
  return {
    docker: [
      ...usual('docker'),
      `${home}/.docker/bin/docker`,
      '/Applications/Docker.app/Contents/Resources/bin/docker',
    ],
    'podman-machine': [...usual('podman'), '/opt/podman/bin/podman'],
    'apple-container': usual('container'),
    multipass: [...usual('multipass'), '/Library/Application Support/com.canonical.multipass/bin/multipass'],
    virtualbox: [...usual('VBoxManage'), '/Applications/VirtualBox.app/Contents/MacOS/VBoxManage'],
  };
}

/** Asks every engine that has a place, each for itself: one that hangs keeps nobody waiting but itself. */
export async function lookForEngines(places: Places, run: Run, signal: AbortSignal): Promise<Found[]> {
  const sought = presentEngines.filter((engine) => places[engine].length > 0);
  return Promise.all(sought.map((engine) => lookFor(engine, places[engine], run, signal)));
}

async function lookFor(
  engine: PresentEngine,
  places: readonly string[],
  run: Run,
  signal: AbortSignal,
): Promise<Found> {
  const asking = askAt(places, run, signal);
  switch (engine) {
    case 'docker': {
      const { presence, isDesktop } = await lookForDocker(asking);
      return { engine, name: isDesktop === true ? 'Docker Desktop' : 'Docker', presence };
    }
    case 'podman-machine':
      return { engine, name: 'Podman', presence: await lookForPodmanMachine(asking) };
    case 'apple-container':
      return { engine, name: 'Apple container', presence: await lookForAppleContainer(asking) };
    case 'multipass':
      return { engine, name: 'Multipass', presence: await lookForMultipass(asking) };
    case 'virtualbox':
      return { engine, name: 'VirtualBox', presence: await lookForVirtualBox(asking) };
  }
}
