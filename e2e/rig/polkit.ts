import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { startDaemon, stopDaemon } from './daemon.ts';
import { answers } from './display.ts';
import { isRoot } from './settings.ts';
import { until } from './steps.ts';
import { asUser, rigUser } from './user.ts';

/** The real pkexec and what it needs, and what the dismissing agent is made of. */
export const polkitPackages = ['dbus', 'polkitd', 'pkexec', 'python3-gi', 'gir1.2-polkit-1.0'] as const;

/**
 * What happens to `pkexec` (measured with polkitd 122):
 * - `allow`: it runs at once, exit code and output are the command's own;
 * - `refuse`: exit 127, "Error executing command as another user: Not authorized";
 * - `ask`: polkit asks an agent. With `startDismisser`: exit 126, "Request dismissed". Without any agent:
 *   exit 127, "Error creating textual authentication agent: …" (or, with --disable-internal-agent, "No
 *   authentication agent found.").
 * A program that is allowed but missing is exit 127 too: only standard error tells them apart.
 */
export type AdministratorConsent = 'allow' | 'refuse' | 'ask';

const ruleFile = '/etc/polkit-1/rules.d/10-clawcove-rig.rules';
const systemBus = '/run/dbus/system_bus_socket';
const verdicts = { allow: 'YES', refuse: 'NO', ask: 'AUTH_ADMIN' } as const;
const seen = {
  allow: (exitCode: number | undefined) => exitCode === 0,
  refuse: (_: number | undefined, stderr: string) => stderr.includes('Not authorized'),
  ask: (_: number | undefined, stderr: string) => stderr.includes('No authentication agent found'),
} as const;

/** Starts a system bus, unless the machine has one, and the real polkitd on it (root only). */
export async function startPolkit(): Promise<void> {
  if (!isRoot) return;
  if (!(await answers(systemBus))) {
    mkdirSync('/run/dbus', { recursive: true });
    rmSync(systemBus, { force: true });
    await startDaemon({
      name: 'system-bus',
      argv: ['dbus-daemon', '--system', '--nofork', '--nopidfile'],
      ready: () => answers(systemBus),
    });
  }
  const owned = async () => {
    const { stdout } = await execa(
      'dbus-send',
      [
        '--system',
        '--print-reply=literal',
        '--dest=org.freedesktop.DBus',
        '/org/freedesktop/DBus',
        'org.freedesktop.DBus.NameHasOwner',
        'string:org.freedesktop.PolicyKit1',
      ],
      { reject: false },
    );
    return stdout.includes('true');
  };
  if (!(await owned()))
    await startDaemon({ name: 'polkitd', argv: ['/usr/lib/polkit-1/polkitd', '--no-debug'], ready: owned });
}

/** Ends what `startPolkit` started and takes the rule away. */
export async function stopPolkit(): Promise<void> {
  if (!isRoot) return;
  rmSync(ruleFile, { force: true });
  await stopDaemon('polkitd');
  await stopDaemon('system-bus');
}

/**
 * Decides for the person at the administrator prompt, and waits (up to 10 s) until pkexec behaves so.
 * @throws Error where the rig is not root
 */
export async function setAdministratorConsent(consent: AdministratorConsent): Promise<void> {
  if (!isRoot) throw new Error('Only root can decide about administrator consent.');
  // Debian's polkitd reads these with Duktape, which knows JavaScript of 2009.
  const rule = `polkit.addRule(function (action, subject) {
  if (action.id === 'org.freedesktop.policykit.exec' && subject.user === '${rigUser().name}')
    return polkit.Result.${verdicts[consent]};
});
`;
  writeFileSync(ruleFile, rule, { mode: 0o644 });
  const [file = '', ...args] = asUser(['pkexec', '--disable-internal-agent', 'true']);
  await until(`pkexec: ${consent}`, 10_000, async () => {
    const { exitCode, stderr } = await execa(file, args, { reject: false, stdin: 'ignore', cwd: '/' });
    return seen[consent](exitCode, stderr);
  });
}

const dismisser = fileURLToPath(new URL('polkit-dismisser.py', import.meta.url));

/**
 * A person who dismisses the administrator prompt: an authentication agent for one process, so that
 * `pkexec` called by that process ends with 126.
 * @param callerPid the process that will call pkexec (Electron's main process, say)
 * @returns how often it was asked, and the way to end it
 */
export async function startDismisser(callerPid: number): Promise<{ asked(): number; stop(): void }> {
  if (!existsSync(`/proc/${callerPid}`)) throw new Error(`There is no process ${callerPid} to answer for.`);
  // Read by us and handed over on standard input: the person may not be able to read the checkout.
  const [file = '', ...args] = asUser(['/usr/bin/python3', '-', String(callerPid)]);
  const agent = spawn(file, args, { stdio: ['pipe', 'pipe', 'inherit'], cwd: '/' });
  let said = '';
  agent.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    said += chunk;
  });
  agent.stdin.end(readFileSync(dismisser));
  await until('the dismissing agent ready', 10_000, () => {
    if (agent.exitCode !== null) throw new Error('The dismissing agent ended at once.');
    return said.includes('ready\n');
  });
  return {
    asked: () => said.split('\n').filter((line) => line === 'asked').length,
    stop: () => void agent.kill(),
  };
}
