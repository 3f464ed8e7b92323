/** The compiled list of things that an administrator may be asked for, through the system's own prompt. */
import dedicate from '../../assets/admin/dedicate.sh?raw';
import undedicate from '../../assets/admin/undedicate.sh?raw';
import type { AdminTaskId } from '../contract.ts';
import type { Admin, Consent, Run } from '../doors.ts';
import { exists, readBounded } from './files.ts';
import { sizeQuestion, sizesIn } from './package-sizes.ts';
import { type PackageManager, packageManagers } from './packages.ts';
import { freeRange } from './subordinate-ids.ts';

/** Installing downloads 60 MB and waits for other installations; the person types a password first (ms). */
const timeoutMs = 1_800_000;
/** The installer works out what would follow from it (ms). */
const askTimeout = 15_000;

export interface AdminOptions {
  readonly run: Run;
  /** The person's account name. */
  readonly user: string;
  /** Whether the runtime `runc` is needed, see mixesCgroups. */
  readonly needsRunc: () => Promise<boolean>;
  readonly packageManagers?: readonly PackageManager[];
}

/** What runs as administrator: a program and its arguments, and the same as lines for the person to read. */
interface Order {
  readonly argv: readonly string[];
  readonly lines: readonly string[];
}

/** Account names as useradd allows them. */
const accountName = /^[a-z_][a-z0-9_.-]{0,31}\$?$/i;

/** The real {@link Admin}. */
export function createAdmin(options: AdminOptions): Admin {
  const { run, user } = options;
  const managers = options.packageManagers ?? packageManagers;

  const installOrder = async (what: 'install' | 'installMachine'): Promise<Order | null> => {
    const there = await Promise.all(managers.map(({ tool }) => exists(tool)));
    const manager = managers[there.indexOf(true)];
    if (!manager) return null;
    const lines =
      what === 'install' ? manager.install({ runc: await options.needsRunc() }) : manager.installMachine();
    // One prompt for all of it; `set -e` ends at the first line that fails.
    return { argv: ['/bin/sh', '-c', ['set -e', ...lines].join('\n')], lines };
  };

  /**
   * The group counts from the next login on. Until then the device itself lets this person in, where the system
   * has the program for that; not having it is no failure.
   */
  const virtualizationOrder = (): Order | null => {
    if (!accountName.test(user)) return null;
    // Constant: the account's name comes as an argument.
    const script =
      'set -e; /usr/sbin/usermod --append --groups kvm "$1"; setfacl --modify "user:$1:rw" /dev/kvm || true';
    const lines = [
      `/usr/sbin/usermod --append --groups kvm ${user}`,
      `setfacl --modify user:${user}:rw /dev/kvm || true`,
    ];
    return { argv: ['/bin/sh', '-c', script, 'grant', user], lines };
  };

  const idsOrder = async (): Promise<Order | null> => {
    if (!accountName.test(user)) return null;
    const tables = await Promise.all(['/etc/subuid', '/etc/subgid'].map((file) => readBounded(file)));
    const range = freeRange(tables.map((table) => table ?? ''));
    const argv = ['/usr/sbin/usermod', '--add-subuids', range, '--add-subgids', range, user];
    return { argv, lines: [argv.join(' ')] };
  };

  /** A script of ours, constant, and shown as it runs. */
  const scriptOrder = (script: string): Order => ({
    argv: ['/bin/sh', '-c', script],
    lines: script.trimEnd().split('\n'),
  });

  const orders: Record<AdminTaskId, () => Promise<Order | null>> = {
    'install-engine': () => installOrder('install'),
    'install-machine-engine': () => installOrder('installMachine'),
    'grant-subordinate-ids': idsOrder,
    'grant-virtualization': async () => virtualizationOrder(),
    'dedicate-computer': async () => scriptOrder(dedicate),
    'undedicate-computer': async () => scriptOrder(undedicate),
  };
  const orderFor = (task: AdminTaskId) => orders[task]();

  return {
    async commands(task) {
      return [...((await orderFor(task))?.lines ?? [])];
    },
    async sizes(task, signal) {
      const question = sizeQuestion((await orderFor(task))?.lines ?? []);
      if (question === null) return null;
      const answer = await run({
        ...question,
        environment: { LC_ALL: 'C' },
        timeoutMs: askTimeout,
        signal,
      });
      // "No" is the answer that was given for us, and ends it with 1.
      return answer.is === 'exited' ? sizesIn(answer.stdout) : null;
    },
    async run(task, { signal, log }) {
      const order = await orderFor(task);
      if (!order) return { is: 'failed', detail: 'this system is not known' };
      const said: string[] = [];
      const outcome = await run({
        file: 'pkexec',
        // Without it pkexec asks on a terminal, where there may be none.
        args: ['--disable-internal-agent', ...order.argv],
        timeoutMs,
        signal,
        onLine(line) {
          log(line);
          said.push(line);
        },
      });
      const consent = consentFrom(outcome, said);
      if (consent.is === 'done' && task === 'grant-subordinate-ids') await refreshEngine(run, signal);
      return consent;
    },
  };
}

/**
 * A namespace that Podman keeps from before still has the old ids; seen on 4.3.1, where the
 * new ones only count after this. Without Podman there is nothing to refresh.
 */
async function refreshEngine(run: Run, signal: AbortSignal): Promise<void> {
  await run({ file: 'podman', args: ['system', 'migrate'], timeoutMs: 60_000, signal });
}

/**
 * What became of a request to pkexec; pure. Its exit code 127 is also that of a shell that
 * can't find a command, so what it says decides (measured with polkitd 122).
 */
export function consentFrom(outcome: Awaited<ReturnType<Run>>, said: readonly string[]): Consent {
  const text = said.join('\n');
  const lastLine = said.findLast((line) => line.trim() !== '')?.slice(0, 300) ?? '';
  switch (outcome.is) {
    case 'not-found':
      return { is: 'refused', detail: 'pkexec is not installed' };
    case 'timed-out':
      return { is: 'failed', detail: 'it took too long' };
    case 'killed':
      return { is: 'failed', detail: outcome.by };
    case 'exited':
      if (outcome.code === 0) return { is: 'done' };
      if (outcome.code === 126 && /Request dismissed/.test(text)) return { is: 'dismissed' };
      if (
        /Error executing command as another user|Error (?:creating|registering) .*authentication agent/.test(
          text,
        )
      )
        return { is: 'refused', detail: lastLine };
      return { is: 'failed', detail: lastLine };
  }
}
