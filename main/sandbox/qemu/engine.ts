/** Whether this computer can carry a virtual machine: what is there, and whether it works; only looks. */
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import semver from 'semver';
import type { Run } from '../../doors.ts';
import { exists, readBounded } from '../../host/files.ts';
import { pathWithSbin } from '../launch.ts';
import type { EngineState } from '../sandbox.ts';
import { longestSocketPath } from '../ssh/arguments.ts';
import { jailed } from './jail.ts';
import { type Places, qemuProgram } from './names.ts';

/** `-action` and `pvpanic-pci` came with it. Source: QEMU change logs. */
const oldestVersion = '6.0.0';
const timeoutMs = 20_000;

/** What decides about it. */
export interface Gathered {
  /** As the program says it; null: it isn't there. */
  readonly versionText: string | null;
  /** Other programs that a machine needs and that aren't there. */
  readonly missing: readonly string[];
  readonly kvm: 'usable' | 'absent' | 'refused';
  /** Whether a machine showed since this computer was started that its virtualization doesn't work. */
  readonly hasFailed: boolean;
  /** What the jail said when it was tried around nothing; null: it stood. */
  readonly jailSaid: string | null;
  readonly isPathTooLong: boolean;
}

/** Pure. */
export function engineStateFrom(seen: Gathered): EngineState {
  const { versionText, missing, kvm, hasFailed, jailSaid, isPathTooLong } = seen;
  const version = /version (\d+\.\d+\.\d+)/.exec(versionText ?? '')?.[1];
  if (versionText === null || missing.length > 0) return { is: 'absent' };
  if (version === undefined) return { is: 'broken', detail: versionText.slice(0, 100) };
  if (semver.lt(version, oldestVersion)) return { is: 'too-old', version, needs: oldestVersion };
  if (kvm === 'absent') return { is: 'no-virtualization', why: 'off-or-missing' };
  if (kvm === 'refused') return { is: 'no-virtualization', why: 'not-allowed' };
  if (hasFailed) return { is: 'no-virtualization', why: 'does-not-work' };
  if (isPathTooLong) return { is: 'broken', detail: 'the path of ClawCove’s own folder is too long' };
  if (jailSaid !== null) return { is: 'no-fence', version };
  // QEMU can't take more memory or processors than it was given.
  return { is: 'ready', version, limits: 'enforced' };
}

/** What this start of the computer is called; a verdict about its virtualization holds until the next. */
const thisStart = () => readBounded('/proc/sys/kernel/random/boot_id');

export interface EngineOptions {
  readonly run: Run;
  readonly places: Places;
  readonly uid: number;
  readonly gid: number;
  readonly kvmDevice?: string;
}

export async function gather(options: EngineOptions, signal: AbortSignal): Promise<Gathered> {
  const { run, places, uid, gid, kvmDevice = '/dev/kvm' } = options;
  const say = async (file: string, args: readonly string[]) =>
    run({ file, args, timeoutMs, signal, environment: { PATH: pathWithSbin } });
  const isThere = async (file: string, args: readonly string[]) => (await say(file, args)).is !== 'not-found';
  const versionOf = async () => {
    const outcome = await say(qemuProgram, ['--version']);
    if (outcome.is === 'not-found') return null;
    return outcome.is === 'exited' ? `${outcome.stdout}${outcome.stderr}` : outcome.is;
  };
  const kvmOf = async (): Promise<Gathered['kvm']> => {
    if (!(await exists(kvmDevice))) return 'absent';
    return access(kvmDevice, constants.R_OK | constants.W_OK).then(
      () => 'usable' as const,
      () => 'refused' as const,
    );
  };
  const others = [
    ['qemu-img', ['--version']],
    ['ssh', ['-V']],
    // Asked for nothing it says how it is used; it must not make a key.
    ['ssh-keygen', ['-?']],
    ['gpgv', ['--version']],
  ] as const;
  const [versionText, kvm, verdict, boot, ...there] = await Promise.all([
    versionOf(),
    kvmOf(),
    readBounded(places.verdict),
    thisStart(),
    ...others.map(([file, args]) => isThere(file, args)),
  ]);
  return {
    versionText,
    missing: others.map(([file]) => file).filter((_, index) => !there[index]),
    kvm,
    hasFailed: verdict !== null && verdict === boot,
    jailSaid: await tryJail(say, uid, gid),
    isPathTooLong: Buffer.byteLength(places.ssh) > longestSocketPath,
  };
}

/** The whole jail around a program that does nothing. */
async function tryJail(
  say: (file: string, args: readonly string[]) => ReturnType<Run>,
  uid: number,
  gid: number,
): Promise<string | null> {
  const [file = '', ...args] = jailed({ fence: { refused: [], allowed: [] }, uid, gid, ports: [] }, ['true']);
  const outcome = await say(file, args);
  if (outcome.is !== 'exited') return outcome.is;
  return outcome.code === 0 ? null : outcome.stderr.trim().slice(-300);
}

/** What is written down when virtualization was promised and doesn't work. */
export async function verdictNow(): Promise<string> {
  return (await thisStart()) ?? '';
}
