/** The contract against the real Docker of the person who runs this; see e2e/rig/docker.ts for one who has it. */

import { isLong } from '../../../e2e/rig/settings.ts';
import { sandboxContract } from '../sandbox.contract.ts';
import { homeName, leftoversIn, openTestHome } from './test-home.ts';

const versions = ['2026.9.6', '2026.8.2'] as const;

const open = async () => {
  const home = await openTestHome();
  const { sandbox, folder, docker } = home;
  return {
    sandbox,
    versions,
    folder,
    identity: async () => (await docker('container', 'inspect', '--format={{.Id}}', homeName)).stdout.trim(),
    everythingSaid: async () =>
      `${(await docker('container', 'inspect', homeName)).stdout}${(await docker('ps', '--all', '--no-trunc', '--format={{json .}}')).stdout}`,
    async killHome() {
      await docker('kill', '--signal=KILL', homeName);
      await docker('wait', homeName);
    },
    leftovers: () => leftoversIn(home),
    close: home.close,
  };
};

// Podman, which most people get, keeps all of it in every run; minutes are scarce.
sandboxContract('Docker', open, isLong ? 'whole' : 'essential');
