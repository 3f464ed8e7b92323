import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Observation } from '../sandbox/sandbox.ts';
import { movedInMachine } from '../testing/apps.ts';
import { check, expectWhole, fix } from '../testing/checks.ts';
import { goodProcess } from '../testing/sandbox.ts';
import { agentAccount, judgeAccount } from './agent-account.ts';

type Seen = Extract<Observation, { is: 'seen' }>;
const judge = (seen: Partial<Seen>) =>
  expectWhole(judgeAccount({ ...goodProcess, ...seen }, '1000:1000', 5), 5);
const atRest = (user: string) => judgeAccount({ is: 'not-running' }, user, 5);

describe('judgeAccount', () => {
  it('is ok for an ordinary user without a way to become more', () => {
    expect(judge({})).toMatchObject({ is: 'ok' });
  });

  it.each<[Partial<Seen>, string]>([
    [{ uid: 0 }, 'agent-is-root'],
    [{ hostUid: 0 }, 'agent-is-root'],
    [{ groups: [1000, 0] }, 'agent-in-admin-group'],
    [{ rootDoors: ['/usr/bin/sudo', '/bin/su'] }, 'agent-can-become-root'],
  ])('%j is a danger: %s', (seen, why) => {
    expect(judge(seen)).toMatchObject({ is: 'broken', gravity: 'danger', why });
  });

  it('names the ways to become root, bounded', () => {
    const finding = judge({ rootDoors: Array(500).fill('/usr/bin/sudo') });
    expect(finding.is === 'broken' && String(finding.facts.names).length).toBe(200);
  });

  it('is ok only for nobody’s administrator, whatever the numbers', () => {
    const id = fc.integer({ min: 0, max: 200_000 });
    fc.assert(
      fc.property(
        fc.oneof(id, fc.constant(0)),
        id,
        fc.array(id),
        fc.array(fc.string()),
        (uid, hostUid, groups, rootDoors) => {
          const isPlain = uid !== 0 && hostUid !== 0 && !groups.includes(0) && rootDoors.length === 0;
          expect(judgeAccount({ ...goodProcess, uid, hostUid, groups, rootDoors }, '0', 5).is).toBe(
            isPlain ? 'ok' : 'broken',
          );
        },
      ),
    );
  });

  it.each(['0', '0:0', '0:1000', 'root', 'root:root', ''])(
    'at rest, orders to run as %j are a danger',
    (user) => {
      expect(atRest(user)).toMatchObject({ is: 'broken', gravity: 'danger', why: 'agent-is-root' });
    },
  );

  it.each(['1000', '1000:1000', '1000:0', 'node', 'rooty', '01000'])(
    'at rest, orders to run as %j are ok',
    (user) => {
      expect(expectWhole(atRest(user))).toMatchObject({
        is: 'ok',
        notes: [{ code: 'account-seen-at-rest' }],
      });
    },
  );

  it('is neither when the process can’t be looked at', () => {
    expect(expectWhole(judgeAccount({ is: 'unreadable', detail: '' }, '1000', 5))).toMatchObject({
      is: 'unknown',
      why: 'process-unreadable',
    });
  });
});

describe('OpenClaw’s account', () => {
  it('is looked at on the running process, not in its orders', async () => {
    const machine = await movedInMachine();
    expect(await check(agentAccount, machine)).toMatchObject({ is: 'ok' });
    if (machine.home) machine.home.seen = { uid: 0 };
    expect(await check(agentAccount, machine)).toMatchObject({ why: 'agent-is-root' });
  });

  it('loses what it must not have: stopped at once, made anew, woken', async () => {
    const machine = await movedInMachine();
    if (machine.home) machine.home.seen = { rootDoors: ['/usr/bin/sudo'] };
    const { is, calls } = await fix(agentAccount, machine);
    expect(is).toBe('done');
    expect(calls[0]).toBe('sandbox.stop');
    expect(await check(agentAccount, machine)).toMatchObject({ is: 'ok' });
    expect(machine.home?.isRunning).toBe(true);
  });
});
