/** A Docker of the usual kind, which runs for administrators, and the person among those who may use it. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { ensurePackages } from './apt.ts';
import { startDaemon, stopDaemon } from './daemon.ts';
import { isRoot } from './settings.ts';
import { asUser, rigUser } from './user.ts';

/** Debian's engine, and what sets access lists on folders. */
const dockerPackages = ['docker.io', 'iptables', 'acl'] as const;

const daemon = 'docker';
const socket = '/var/run/docker.sock';

const answers = async () =>
  existsSync(socket) && (await execa('docker', ['info'], { reject: false, stdio: 'ignore' })).exitCode === 0;

/**
 * Installs and starts it, unless this machine has one that runs, and lets the rig's person use it. The product never does
 * that for anybody: it is as good as making them an administrator. Nothing to do without root.
 */
export async function startDocker(): Promise<void> {
  if (!isRoot) return;
  await ensurePackages(dockerPackages);
  // Its own disk layers don't go on top of others, as /var may be in a container.
  const dataRoot = join(dirname(rigUser().home), '.clawcove-rig-docker');
  if (!(await answers())) {
    const argv = ['dockerd', '--data-root', dataRoot];
    await startDaemon({ name: daemon, argv, ready: answers, patienceMs: 120_000 });
  }
  await execa('usermod', ['--append', '--groups', 'docker', rigUser().name]);
  const [file = '', ...args] = asUser(['docker', 'info']);
  await execa(file, args, { cwd: '/', stdio: 'ignore' });
}

/** Ends the one that {@link startDocker} started; its images stay. */
export const stopDocker = (): Promise<void> => stopDaemon(daemon);
