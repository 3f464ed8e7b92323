/** Whether Windows' own Linux can carry a home: what the answers mean; pure. The asking is done in look.ts. */
import semver from 'semver';
import type { EngineState } from '../sandbox.ts';
import { failureIn, noKernel, notInstalled, wslFailed } from './failure.ts';

/**
 * Before this, WSL lacks parts that a home stands on (disks in a place and of a size that we choose); the same that
 * OpenClaw's own companion asks for. Source: openclaw-windows-node.
 */
export const oldestVersion = '2.4.4';

/** An answer that may be neither: "could not look". */
export type Answer<T> = T | 'unknown';

/** What wsl.exe answered. */
export interface Said {
  readonly code: number;
  readonly text: string;
}

/** What the processor and the firmware give, by Windows' own word. Every part may be silent. */
export interface Virtualization {
  readonly hypervisorRuns: boolean | null;
  readonly firmwareAllows: boolean | null;
  readonly processorCan: boolean | null;
}

/** Everything that was asked, in the order in which it was; what an earlier answer made needless is null. */
export interface WslFacts {
  /** Version of the WSL that is installed as a program of its own; null: only Windows' own, or none. */
  readonly installed: Answer<string | null>;
  /** Whether Windows' part for virtual machines is there. */
  readonly platform: Answer<boolean>;
  /** Whether something that was installed waits for a restart. */
  readonly restartPending: boolean;
  readonly forbidden: boolean;
  readonly virtualization: Virtualization | null;
  readonly status: Said | 'timed-out' | 'not-started' | null;
  readonly version: Said | null;
}

/** The address that the message about virtualization ends with, in every language. */
const virtualizationHint = 'aka.ms/enablevirtualization';
const kernelHint = 'aka.ms/wsl2kernel';

/** First and second number of `wsl --version`: WSL's own and the kernel's. Its words are translated, its order is not. */
export function versionsIn(text: string): { readonly wsl: string; readonly kernel: string } | null {
  const [wsl, kernel] = text
    .split('\n')
    .map((line) => /\d+[.,]\d+[.,]\d+(?:[.,]\d+)?/.exec(line)?.[0]?.replaceAll(',', '.'))
    .filter((version) => version !== undefined);
  return wsl === undefined || kernel === undefined ? null : { wsl, kernel };
}

/** Whether the status can wait for anything: then PowerShell is asked, which takes a second. */
export function asksForVirtualization({ platform, status }: Pick<WslFacts, 'platform' | 'status'>): boolean {
  return platform === false || (status !== null && typeof status === 'object' && isVirtualizationOff(status));
}

function isVirtualizationOff({ text }: Said): boolean {
  return text.includes(virtualizationHint) || failureIn(text) === 'no-virtual-machines';
}

/** What it all means. */
export function engineStateFrom(facts: WslFacts): EngineState {
  const { installed, platform, status, version } = facts;
  if (facts.forbidden) return { is: 'blocked', by: 'policy' };
  // Before anything is said to be missing: what is missing would not work either way.
  const without = facts.virtualization && withoutVirtualization(facts.virtualization);
  if (without) return without;
  if (platform === false) return facts.restartPending ? { is: 'restart-needed' } : missing(installed);
  if (status === 'timed-out') return { is: 'broken', detail: 'wsl --status: timed-out' };
  if (status === 'not-started') return installed === null ? { is: 'absent' } : { is: 'blocked', by: 'guard' };
  if (status !== null) {
    const bad = badStatus(status, facts);
    if (bad) return bad;
  }
  const found = (version && versionsIn(version.text)?.wsl) ?? (installed === 'unknown' ? null : installed);
  // Without a number it is the one that Windows brought along before there was another.
  if (found === null) return installed === 'unknown' ? unreadable(version) : tooOld('1');
  if (semver.lt(semver.coerce(found) ?? '0.0.0', oldestVersion)) return tooOld(found);
  return { is: 'ready', version: found, limits: 'enforced' };
}

function missing(installed: WslFacts['installed']): EngineState {
  return installed === null ? { is: 'absent' } : { is: 'feature-missing' };
}

const tooOld = (version: string): EngineState => ({ is: 'too-old', version, needs: oldestVersion });

function unreadable(version: Said | null): EngineState {
  return { is: 'broken', detail: `wsl --version: ${(version?.text ?? 'no answer').trim().slice(0, 200)}` };
}

/** A hypervisor that runs proves the processor and the firmware; only where none does, what they say of themselves counts. */
function withoutVirtualization({
  hypervisorRuns,
  firmwareAllows,
  processorCan,
}: Virtualization): EngineState | null {
  if (hypervisorRuns !== false) return null;
  if (processorCan === false) return { is: 'no-virtualization', why: 'missing' };
  return firmwareAllows === false ? { is: 'no-virtualization', why: 'switched-off' } : null;
}

/** null: nothing in it speaks against a home. */
function badStatus(status: Said, facts: WslFacts): EngineState | null {
  const { code, text } = status;
  if (code === notInstalled) return { is: 'absent' };
  if (code === noKernel || text.includes(kernelHint)) return tooOld('1');
  if (isVirtualizationOff(status)) {
    if (facts.restartPending) return { is: 'restart-needed' };
    // The part for virtual machines is there, and the processor isn't the reason.
    if (facts.virtualization?.hypervisorRuns === false)
      return { is: 'no-virtualization', why: 'not-started' };
    // A hypervisor runs, and it isn't Windows' own: this computer is itself a virtual machine.
    if (facts.virtualization?.hypervisorRuns === true && facts.platform === true)
      return { is: 'no-virtualization', why: 'missing' };
    return { is: 'feature-missing' };
  }
  const failure = failureIn(text);
  if (failure === 'policy' || failure === 'guard') return { is: 'blocked', by: failure };
  if (code === 0) return null;
  // Windows' own stub knows no `--status`, and prints how it is used.
  if (facts.installed === null && code !== wslFailed) return { is: 'absent' };
  return { is: 'broken', detail: `wsl --status: ${text.trim().slice(0, 200)}` };
}
