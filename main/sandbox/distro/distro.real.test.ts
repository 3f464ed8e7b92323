/** The contract in a whole Linux system with systemd; root alone can make one. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { registryAddress, registryRepository } from '../../../e2e/rig/registry.ts';
import { systemClock } from '../../host/clock.ts';
import { createRun } from '../../host/command.ts';
import { network } from '../../host/network.ts';
import { createPortHolder, isPortFree } from '../../host/ports.ts';
import { openStream } from '../../host/stream.ts';
import { createImageStore } from '../image/image-store.ts';
import { officialImage } from '../podman/names.ts';
import { idle, sandboxContract } from '../sandbox.contract.ts';
import { createDistroSandbox } from './home.ts';
import { homeUnit, recordFile } from './names.ts';
import { createTestMachine } from './test-machine.ts';

const GiB = 1024 ** 3;

sandboxContract('A Linux system with systemd', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'clawcove-machine-'));
  const machine = await createTestMachine(join(folder, 'machine'));
  const run = createRun({ PATH: process.env.PATH ?? '' });
  const images = createImageStore({
    folder: join(folder, 'images'),
    name: officialImage,
    sources: [{ name: `${registryAddress}/${registryRepository}`, insecure: true }],
    net: network,
    open: openStream,
    arch: 'amd64',
  });
  const sandbox = createDistroSandbox({
    machine,
    images,
    clock: systemClock,
    log: { info() {}, error: (message, error) => process.stderr.write(`${message} ${error}\n`) },
    computer: { portHolder: createPortHolder(run), isPortFree },
    dataFolder: join(folder, 'clawcove'),
    diskBytes: 20 * GiB,
    restAfterMs: 60_000,
  });
  const inside = async (...argv: string[]) => {
    const answer = await machine.guest.run(argv, { timeoutMs: 30_000, signal: idle() });
    return answer.untrustedOut.trim();
  };
  const isThere = async () => (await machine.state(idle())).is === 'running';
  return {
    sandbox,
    versions: ['2026.9.6', '2026.8.2'],
    folder,
    identity: async () => JSON.parse(await inside('cat', recordFile)).id,
    everythingSaid: async () =>
      [
        await inside('systemctl', 'show', homeUnit),
        await inside('systemctl', 'cat', homeUnit),
        await inside('cat', recordFile),
        await inside('ps', 'axww', '-o', 'args'),
        JSON.stringify(await sandbox.inspect(idle())),
      ].join('\n'),
    async killHome() {
      const main = await inside('systemctl', 'show', '--property=MainPID', '--value', homeUnit);
      await inside('systemctl', 'kill', '--signal=KILL', homeUnit);
      await inside('sh', '-c', 'while [ -d "/proc/$1" ]; do sleep 0.1; done', 'wait', main);
    },
    async letGoOfPort() {
      await machine.stop(idle());
    },
    async leftovers() {
      if (!(await isThere())) return [];
      const units = await inside('systemctl', 'list-units', '--all', '--plain', '--no-legend', 'clawcove-*');
      const files = await inside(
        'find',
        '/etc/clawcove',
        '/var/lib/clawcove',
        '/opt/clawcove',
        '/run',
        '-maxdepth',
        '1',
        '-name',
        '*clawcove*',
      );
      return [...units.split('\n').map((line) => line.split(' ')[0] ?? ''), ...files.split('\n')]
        .filter(Boolean)
        .sort();
    },
    async close() {
      await machine.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
});
