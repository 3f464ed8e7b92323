import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Inspection, Observation } from '../sandbox/sandbox.ts';
import { movedInMachine } from '../testing/apps.ts';
import { check, expectWhole, fix } from '../testing/checks.ts';
import { createMachine } from '../testing/machine.ts';
import { goodProcess, inspectionOf } from '../testing/sandbox.ts';
import { judgeHardening, sandboxHardened } from './sandbox-hardened.ts';

type Present = Extract<Inspection, { is: 'present' }>;
type Seen = Extract<Observation, { is: 'seen' }>;

const machine = await movedInMachine();
const there = inspectionOf(machine.home ?? (undefined as never));
const judge = (orders: Partial<Present>, seen: Partial<Seen> | Observation, canLimit = true) => {
  const observation = 'is' in seen ? (seen as Observation) : { ...goodProcess, ...seen };
  return expectWhole(judgeHardening({ ...there, ...orders }, observation, canLimit, 5), 5);
};

const badOrders: [Partial<Present>, string][] = [
  [{ privileged: true }, 'home-privileged'],
  [{ addedCapabilities: ['CAP_SYS_ADMIN'] }, 'home-has-capabilities'],
  [{ hostNamespaces: ['network'] }, 'home-shares-namespaces'],
  [{ noNewPrivileges: false }, 'home-can-gain-privileges'],
  [{ readOnlyRoot: false }, 'home-root-writable'],
];
const badProcess: [Partial<Seen>, string][] = [
  [{ effectiveCapabilities: 1n }, 'home-has-capabilities'],
  [{ boundingCapabilities: 1n << 40n }, 'home-has-capabilities'],
  [{ noNewPrivileges: false }, 'home-can-gain-privileges'],
  [{ seccomp: 0 }, 'home-unfiltered-calls'],
  [{ seccomp: 1 }, 'home-unfiltered-calls'],
  [{ rootWritable: true }, 'home-root-writable'],
  [{ engineSockets: ['/run/podman/podman.sock'] }, 'home-sees-engine'],
  [{ hostDevices: ['/dev/vda'] }, 'home-sees-devices'],
  [{ ownNamespaces: [] }, 'home-shares-namespaces'],
];

describe('judgeHardening', () => {
  it('is ok when nothing in orders and process leads out', () => {
    expect(judge({}, {})).toMatchObject({ is: 'ok', notes: [] });
  });

  it.each(badOrders)('orders with %j are a danger: %s, running or not', (orders, why) => {
    for (const seen of [goodProcess, { is: 'not-running' }, { is: 'unreadable', detail: '' }] as const)
      expect(judge(orders, seen)).toMatchObject({ is: 'broken', gravity: 'danger', why });
  });

  it.each(badProcess)('a process with %o is a danger whatever its orders say: %s', (seen, why) => {
    expect(judge({}, seen)).toMatchObject({ is: 'broken', gravity: 'danger', why });
  });

  it.each(['pid', 'net', 'mnt', 'ipc', 'uts', 'user'])('a missing wall (%s) is a danger', (kind) => {
    const ownNamespaces = goodProcess.ownNamespaces.filter((own) => own !== kind);
    expect(judge({}, { ownNamespaces })).toMatchObject({ why: 'home-shares-namespaces', gravity: 'danger' });
  });

  it('a process that can’t be looked at is neither ok nor broken', () => {
    expect(judge({}, { is: 'unreadable', detail: 'EPERM' })).toMatchObject({
      is: 'unknown',
      why: 'process-unreadable',
    });
  });

  it('a home at rest is judged by its orders, and that is said', () => {
    expect(judge({}, { is: 'not-running' })).toMatchObject({
      is: 'ok',
      notes: [{ code: 'hardening-seen-at-rest' }],
    });
  });

  it('missing limits are broken where the system can enforce them, and a remark where it can’t', () => {
    for (const seen of [{ memoryLimit: null }, { pidsLimit: null }, { memoryLimit: null, pidsLimit: null }]) {
      expect(judge({}, seen, true)).toMatchObject({ why: 'home-unlimited', gravity: 'attention' });
      expect(judge({}, seen, false).is).toBe('ok');
    }
  });

  it('the remark says what stands in for a missing limit, as far as it was seen', () => {
    const without = (processLimits: Seen['processLimits']) =>
      judge({}, { memoryLimit: null, pidsLimit: null, processLimits }, false);
    expect(without({ processes: 512, dataBytes: 19e9 })).toMatchObject({
      notes: [
        { code: 'memory-limited-each', facts: { each: 19e9 } },
        { code: 'processes-limited-each', facts: { each: 512 } },
      ],
    });
    expect(without({ processes: null, dataBytes: null })).toMatchObject({
      notes: [
        { code: 'memory-not-limited', facts: {} },
        { code: 'processes-not-limited', facts: {} },
      ],
    });
  });

  it('any one thing that is wrong is enough, whatever else is right', () => {
    const one = <T>(all: [T, string][]) => fc.constantFrom(...all.map(([what]) => what));
    fc.assert(
      fc.property(
        fc.option(one(badOrders)),
        fc.option(one(badProcess)),
        fc.boolean(),
        (orders, seen, can) => {
          const isBad = orders !== null || seen !== null;
          expect(judge(orders ?? {}, seen ?? {}, can).is).toBe(isBad ? 'broken' : 'ok');
        },
      ),
    );
  });
});

describe('the walls of the home', () => {
  it('are looked at on the running process', async () => {
    const home = await movedInMachine();
    expect(await check(sandboxHardened, home)).toMatchObject({ is: 'ok' });
    if (home.home) home.home.seen = { seccomp: 0 };
    expect(await check(sandboxHardened, home)).toMatchObject({ why: 'home-unfiltered-calls' });
  });

  it('are missing where there is no home', async () => {
    expect(await check(sandboxHardened, createMachine())).toMatchObject({
      why: 'home-missing',
      gravity: 'attention',
    });
  });

  it('are not called unlimited where the engine can’t limit', async () => {
    const home = await movedInMachine({ engine: { is: 'ready', version: '4', limits: 'not-enforced' } });
    if (home.home) home.home.seen = { memoryLimit: null };
    expect(await check(sandboxHardened, home)).toMatchObject({ is: 'ok' });
  });

  it('are strengthened at once: the home is stopped, made anew around its memories and woken', async () => {
    const home = await movedInMachine();
    if (home.home) home.home.tampered = { privileged: true };
    const { is, calls } = await fix(sandboxHardened, home);
    expect(is).toBe('done');
    expect(calls[0]).toBe('sandbox.stop');
    expect(home.home?.isRunning).toBe(true);
    expect(home.state?.memories).toEqual(['my name is Ada']);
    expect(await check(sandboxHardened, home)).toMatchObject({ is: 'ok' });
  });
});
