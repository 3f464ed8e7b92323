/** The contract against the real Podman of the person who runs this; see e2e/rig for one who has everything. */

import { sandboxContract } from '../sandbox.contract.ts';
import { homeName, leftoversIn, openTestHome } from './test-home.ts';

const versions = ['2026.9.6', '2026.8.2'] as const;

sandboxContract('Podman', async () => {
  const home = await openTestHome();
  const { sandbox, folder, podman } = home;
  return {
    sandbox,
    versions,
    folder,
    identity: async () => (await podman('container', 'inspect', '--format={{.Id}}', homeName)).stdout.trim(),
    everythingSaid: async () =>
      `${(await podman('container', 'inspect', homeName)).stdout}${(await podman('ps', '--all', '--format=json')).stdout}`,
    async killHome() {
      await podman('kill', '--signal=KILL', homeName);
      await podman('wait', homeName);
    },
    leftovers: () => leftoversIn(home),
    close: home.close,
  };
});
