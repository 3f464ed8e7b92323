/** Whether this Mac can carry a machine; asked of the system and of Lima, without starting anything. */
import { parse } from 'plist';
import semver from 'semver';
import type { Outcome, Run } from '../../doors.ts';
import type { EngineState } from '../sandbox.ts';

const timeoutMs = 15_000;
/** Apple's Virtualization boots ordinary Linux disks from there on. Source: Lima's driver `vz`. */
const oldestSystem = '13.0.0';
/** Our settings say so to Lima, too. */
const oldestLima = '2.0.0';
const entitlement = 'com.apple.security.virtualization';
/** The base, unpacked, and room to begin with (bytes). */
const neededBytes = 8e9;

/** What was seen; null: nobody could tell, which is no reason to say no. */
export interface Seen {
  /** `15.5`. */
  readonly system: string | null;
  /** Whether this is a Mac with a processor of Apple's. */
  readonly isAppleSilicon: boolean | null;
  readonly canVirtualize: boolean | null;
  /** null: there is no Lima in the app. */
  readonly lima: string | null;
  /** Whether Lima may make virtual machines: its signature says so. */
  readonly isEntitled: boolean | null;
  readonly freeBytes: number;
}

export interface ProbeOptions {
  readonly run: Run;
  /** `limactl` inside the app. */
  readonly program: string;
  /** LIMA_HOME. */
  readonly home: string;
  /** Which processor ClawCove itself was made for. */
  readonly arch: 'arm64' | 'x64';
  /** Free bytes where a path lies. */
  readonly freeDisk: (path: string) => Promise<number>;
}

const said = (outcome: Outcome): string | null =>
  outcome.is === 'exited' && outcome.code === 0 ? outcome.stdout.trim() : null;

/** `limactl version 2.2.0`; pure. */
export function versionFrom(text: string): string | null {
  return /^limactl version v?(\d+\.\d+\.\S*)/m.exec(text)?.[1] ?? null;
}

/** Whether a signature allows virtual machines; pure. Source: codesign(1), `--display --entitlements - --xml`. */
export function entitledBy(outcome: Outcome): boolean | null {
  if (outcome.is !== 'exited') return null;
  if (outcome.code !== 0) return /not signed at all/.test(outcome.stderr) ? false : null;
  // A signature without any says nothing at all.
  if (outcome.stdout.trim() === '') return false;
  if (!outcome.stdout.includes('<plist')) return null;
  try {
    const found = parse(outcome.stdout);
    return typeof found === 'object' && found !== null && Reflect.get(found, entitlement) === true;
  } catch {
    return null;
  }
}

/** A number that sysctl said; an unknown name means that this Mac has no such thing. */
function flagFrom(outcome: Outcome): boolean | null {
  if (outcome.is !== 'exited') return null;
  if (outcome.code === 0) return outcome.stdout.trim() === '1';
  return /unknown oid/.test(outcome.stderr) ? false : null;
}

/** Asks; changes nothing. */
export async function look(options: ProbeOptions, signal: AbortSignal): Promise<Seen> {
  const { run, program, home, freeDisk } = options;
  const ask = (file: string, ...args: string[]) =>
    run({ file, args, timeoutMs, signal, environment: { LIMA_HOME: home } });
  const [system, arm, virtual, lima, signed, freeBytes] = await Promise.all([
    ask('/usr/bin/sw_vers', '-productVersion'),
    ask('/usr/sbin/sysctl', '-n', 'hw.optional.arm64'),
    ask('/usr/sbin/sysctl', '-n', 'kern.hv_support'),
    ask(program, '--version'),
    ask('/usr/bin/codesign', '--display', '--entitlements', '-', '--xml', program),
    freeDisk(home),
  ]);
  return {
    system: said(system),
    isAppleSilicon: flagFrom(arm),
    canVirtualize: flagFrom(virtual),
    lima: versionFrom(said(lima) ?? ''),
    isEntitled: entitledBy(signed),
    freeBytes,
  };
}

/**
 * What that means for a machine; pure.
 *
 * @param isMade whether there is a machine: it has its room already
 */
export function engineStateFrom(seen: Seen, arch: 'arm64' | 'x64', isMade: boolean): EngineState {
  const { system, isAppleSilicon, canVirtualize, lima, isEntitled, freeBytes } = seen;
  const plain = semver.coerce(system);
  if (plain === null) return { is: 'broken', detail: 'macOS does not tell its version' };
  if (semver.lt(plain, oldestSystem))
    return { is: 'system-too-old', system: `macOS ${system}`, needs: 'macOS 13' };
  // An app for Intel's processors runs on Apple's in translation, and Lima refuses that.
  if (isAppleSilicon === true && arch === 'x64') return { is: 'wrong-processor' };
  if (canVirtualize === false) return { is: 'no-virtualization', why: 'missing' };
  if (lima === null) return { is: 'incomplete' };
  const version = semver.coerce(lima);
  if (version === null || semver.lt(version, oldestLima))
    return { is: 'too-old', version: lima, needs: oldestLima };
  if (isEntitled === false) return { is: 'no-virtualization', why: 'not-this-copy' };
  if (!isMade && freeBytes < neededBytes) return { is: 'no-room', freeBytes, neededBytes };
  return { is: 'ready', version: lima, limits: 'enforced' };
}
