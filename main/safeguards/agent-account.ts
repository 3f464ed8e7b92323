import type { Finding } from '../contract.ts';
import { makeHome } from '../openclaw/make.ts';
import { wakeIfWanted } from '../openclaw/wake.ts';
import type { Observation } from '../sandbox/sandbox.ts';
import { broken, ok, type Safeguard, saw, unknown } from './safeguard.ts';

/** Whether the gateway's process is an ordinary user with no way to become more; pure. */
export function judgeAccount(seen: Observation, orderedUser: string, at: number): Finding {
  const ordered = saw(at, 'ordered-user', { user: orderedUser });
  const orderedRoot = /^(0|root)(:|$)|^$/.test(orderedUser);
  if (seen.is === 'unreadable') return unknown('process-unreadable', [ordered]);
  if (seen.is === 'not-running') {
    if (orderedRoot) return broken('danger', 'agent-is-root', [ordered]);
    return ok([ordered], [{ code: 'account-seen-at-rest', facts: {} }]);
  }
  const evidence = [
    saw(at, 'process-user', { process: seen.process, uid: seen.uid, hostUid: seen.hostUid }),
    saw(at, 'root-doors', {
      count: seen.rootDoors.length,
      names: seen.rootDoors.join(', ').slice(0, 200) || '–',
    }),
  ];
  if (seen.uid === 0 || seen.hostUid === 0) return broken('danger', 'agent-is-root', evidence);
  if (seen.groups.includes(0)) return broken('danger', 'agent-in-admin-group', evidence);
  if (seen.rootDoors.length > 0) {
    return broken('danger', 'agent-can-become-root', evidence, {
      names: seen.rootDoors.join(', ').slice(0, 200),
    });
  }
  return ok(evidence);
}

/** OpenClaw runs under an account of its own that is no administrator and can't become one. */
export const agentAccount: Safeguard = {
  id: 'agent-account',
  guide: ['least-privilege'],
  needs: ['sandbox-exists'],
  patience: 0,
  async check({ sandbox, clock }, signal) {
    const [there, seen] = await Promise.all([sandbox.inspect(signal), sandbox.observe(signal)]);
    // Nobody's account is nobody's administrator.
    if (there.is !== 'present')
      return broken('attention', 'home-missing', [saw(clock.now(), 'home-not-found')]);
    return judgeAccount(seen, there.user, clock.now());
  },
  async fix(doors, job) {
    await doors.sandbox.stop(job.signal);
    await makeHome(doors, job);
    await wakeIfWanted(doors, job);
  },
};
