import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runFolder } from './settings.ts';
import { until } from './steps.ts';

interface Receipt {
  pid: number;
  /** Field 22 of /proc/PID/stat: with the pid it names one process for ever, so no stranger is ever ended. */
  born: string;
}

export interface Daemon {
  /** Names its receipt and its log in the run folder. */
  name: string;
  argv: readonly string[];
  env?: NodeJS.ProcessEnv;
  cwd?: string;
  /** Says whether it serves; asked until it does. */
  ready: () => boolean | Promise<boolean>;
  /** Milliseconds until it has to be ready. */
  patienceMs?: number;
}

const receiptFile = (name: string) => join(runFolder, `${name}.json`);

/** Where a daemon's output goes. */
const daemonLog = (name: string): string => join(runFolder, `${name}.log`);

/** When a process began, as its {@link Receipt} notes it; undefined when it has ended, fetched by its parent or not. */
export function birth(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the name in brackets and may hold anything; the rest has no brackets.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

/** The pid of a daemon that this rig started and that still lives. */
function daemonPid(name: string): number | undefined {
  if (!existsSync(receiptFile(name))) return undefined;
  const { pid, born } = JSON.parse(readFileSync(receiptFile(name), 'utf8')) as Receipt;
  return birth(pid) === born ? pid : undefined;
}

/**
 * Starts a background process that outlives this one, unless it lives already.
 * @throws Error with the end of its log when it dies or isn't ready in time (15 s if not said otherwise)
 */
export async function startDaemon(daemon: Daemon): Promise<void> {
  if (daemonPid(daemon.name) !== undefined) return;
  mkdirSync(runFolder, { recursive: true });
  const log = openSync(daemonLog(daemon.name), 'w');
  const [file, ...args] = daemon.argv;
  if (file === undefined) throw new Error(`${daemon.name} has no command`);
  const child = spawn(file, args, {
    detached: true,
    stdio: ['ignore', log, log],
    cwd: daemon.cwd ?? '/',
    ...(daemon.env && { env: daemon.env }),
  });
  closeSync(log);
  const pid = await new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('spawn', () => resolve(child.pid as number));
  });
  const born = birth(pid);
  if (born !== undefined) writeFileSync(receiptFile(daemon.name), JSON.stringify({ pid, born }));
  child.unref();
  try {
    await until(`${daemon.name} ready`, daemon.patienceMs ?? 15_000, async () => {
      if (birth(pid) === undefined) throw new Error(`${daemon.name} ended at once`);
      return daemon.ready();
    });
  } catch (error) {
    const end = readFileSync(daemonLog(daemon.name), 'utf8').slice(-2000);
    await stopDaemon(daemon.name);
    throw new Error(`${(error as Error).message}\n${end}`);
  }
}

/** Ends a daemon that this rig started (politely, after 3 s by force) and waits until it is gone. */
export async function stopDaemon(name: string): Promise<void> {
  const pid = daemonPid(name);
  if (pid !== undefined) {
    process.kill(pid, 'SIGTERM');
    try {
      await until(`${name} ended`, 3000, () => daemonPid(name) === undefined);
    } catch {
      process.kill(pid, 'SIGKILL');
      await until(`${name} killed`, 3000, () => daemonPid(name) === undefined);
    }
  }
  rmSync(receiptFile(name), { force: true });
}
