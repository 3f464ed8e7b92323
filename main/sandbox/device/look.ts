/** What another computer is like: asked over SSH, told by numbers and names, and judged here. */
import look from '../../../assets/guest/computer-look.sh?raw';
import { type LifeSign, lifeSigns } from '../../contract.ts';
import type { EngineState, Unsuited } from '../sandbox.ts';

const MiB = 1024 ** 2;
const GiB = 1024 ** 3;

/** Constant. */
export const lookQuestion = ['/bin/sh', '-c', look, 'look'] as const;

export interface ComputerFacts {
  /** The kernel's word for its processor. */
  readonly machine: string;
  /** Its version, `252.39`; empty: it isn't there. */
  readonly systemd: string;
  readonly isSystemdRunning: boolean;
  readonly memoryBytes: number;
  readonly freeDiskBytes: number;
  readonly keepsLimits: boolean;
  readonly hasNft: boolean;
  readonly installer: string;
  readonly fixes: 'on' | 'off' | 'unknown';
  readonly signs: readonly { readonly sign: LifeSign; readonly count: number }[];
}

/** Reads the answer to {@link lookQuestion}; null: it isn't one. */
export function factsFrom(untrustedAnswer: string): ComputerFacts | null {
  const lines = untrustedAnswer.split('\n').slice(0, 100);
  const fields = new Map(
    lines.flatMap((line) => {
      const [, name = '', value = ''] = /^([a-z]+)=(.*)$/.exec(line) ?? [];
      return name === '' ? [] : [[name, value] as const];
    }),
  );
  const word = (name: string) => fields.get(name) ?? '';
  const number = (name: string) => (/^\d{1,15}$/.test(word(name)) ? Number(word(name)) : 0);
  if (!fields.has('packages')) return null;
  return {
    machine: word('machine')
      .replace(/[^\w.-]/g, '')
      .slice(0, 20),
    systemd: /^\d{1,4}(?:\.\d{1,4})*$/.test(word('systemd')) ? word('systemd') : '',
    isSystemdRunning: word('runs') === 'yes',
    memoryBytes: number('memory') * 1024,
    freeDiskBytes: number('disk') * 1024,
    keepsLimits: word('groups') === 'yes',
    hasNft: word('fence') === 'yes',
    installer: word('packages'),
    fixes: word('fixes') === 'on' ? 'on' : word('fixes') === 'off' ? 'off' : 'unknown',
    signs: lines.flatMap((line) => {
      const [, name, count = ''] = /^sign ([a-z]+) (\d{1,6})$/.exec(line) ?? [];
      const sign = lifeSigns.find((each) => each === name);
      return sign === undefined ? [] : [{ sign, count: Number(count) }];
    }),
  };
}

/** `ProtectProc=`, `PrivateIPC=` and mounts in units' own root came by then. Source: systemd's NEWS, 247 and 248. */
const oldestSystemd = 248;
/** OpenClaw crash-loops with 1 GiB. Computers call a little less than what they were sold with their own. */
const leastMemory = 2 * GiB - 300 * MiB;
/** An image unpacked, a newer one beside it, and the state with its copies. */
const leastDisk = 4 * GiB;

const machines: Readonly<Record<string, string>> = { x64: 'x86_64', arm64: 'aarch64' };

/** What keeps it from carrying a home; null: nothing does. @param arch Node's word for this computer's processor */
export function unsuitedFor(facts: ComputerFacts, arch: string): Unsuited | null {
  if (!facts.isSystemdRunning || Number.parseInt(facts.systemd, 10) < oldestSystemd || facts.systemd === '')
    return 'system';
  if (!facts.hasNft && facts.installer === 'none') return 'system';
  if (facts.machine !== machines[arch]) return 'processor';
  if (facts.memoryBytes < leastMemory) return 'memory';
  return null;
}

/**
 * @param arch Node's word for this computer's processor
 * @param isMade whether a home is there already, which has its room
 */
export function stateFrom(facts: ComputerFacts, arch: string, isMade: boolean): EngineState {
  const why = unsuitedFor(facts, arch);
  if (why !== null) return { is: 'unsuited', why };
  if (!isMade && facts.freeDiskBytes < leastDisk)
    return { is: 'no-room', freeBytes: facts.freeDiskBytes, neededBytes: leastDisk };
  return {
    is: 'ready',
    version: facts.systemd.includes('.') ? facts.systemd : `${facts.systemd}.0`,
    limits: facts.keepsLimits ? 'enforced' : 'not-enforced',
    ...(facts.signs.length > 0 && { notes: ['computer-lived-in'] as const }),
  };
}
