/** This very computer, as one that is there for OpenClaw alone: what assets/admin/dedicate.sh has made of it, and who lives with it. */
import type { Clock, Dedication, OwnDoor, Run } from '../../doors.ts';
import { factsFrom, lookQuestion } from '../../sandbox/device/look.ts';

const timeoutMs = 30_000;
/** Rules that are laid every five minutes are older than this only where nobody lays them any more (ms). */
const laidWithin = 15 * 60_000;

const doorQuestion = [
  'show',
  '--timestamp=unix',
  '--property=LoadState',
  '--property=Result',
  '--property=ExecMainExitTimestamp',
  'clawcove-computer.service',
] as const;

/** Reads what systemd says of the service that lays the rules; pure. Source: systemctl(1), seen with systemd 252. */
export function doorFrom(text: string, now: number): OwnDoor {
  const field = (name: string) => new RegExp(`^${name}=(.*)$`, 'm').exec(text)?.[1] ?? '';
  if (field('LoadState') !== 'loaded') return { is: 'open' };
  const [, seconds] = /^@(\d+)/.exec(field('ExecMainExitTimestamp')) ?? [];
  const at = Number(seconds ?? Number.NaN) * 1000;
  const isLaid = field('Result') === 'success' && Math.abs(now - at) < laidWithin;
  return isLaid ? { is: 'shut', at } : { is: 'stuck' };
}

export function createDedication(run: Run, clock: Pick<Clock, 'now'>): Dedication {
  const say = async (file: string, args: readonly string[], signal: AbortSignal) => {
    const outcome = await run({ file, args, timeoutMs, maxBytes: 64 * 1024, signal });
    return outcome.is === 'exited' && outcome.code === 0 ? outcome.stdout : null;
  };
  return {
    async look(signal) {
      const [program, ...args] = lookQuestion;
      const [answer, door] = await Promise.all([
        say(program, args, signal),
        say('systemctl', doorQuestion, signal),
      ]);
      const facts = answer === null ? null : factsFrom(answer);
      if (facts === null) return null;
      const { signs, fixes } = facts;
      return { signs, fixes, door: door === null ? { is: 'open' } : doorFrom(door, clock.now()) };
    },
  };
}
