/**
 * Every safeguard, with what it looks through taken away from it: each thing that it asks for in turn is refused,
 * breaks off or comes as garbage. What could not be looked at must be neither green nor red.
 */
import { describe, expect, it } from 'vitest';
import type { Finding, SafeguardId } from '../contract.ts';
import { ProblemError } from '../problem.ts';
import type { ExecResult } from '../sandbox/sandbox.ts';
import { movedInMachine } from '../testing/apps.ts';
import { expectWhole } from '../testing/checks.ts';
import { openDoors, type TestDoors } from '../testing/doors.ts';
import type { Machine } from '../testing/machine.ts';
import { checkOne, inspect } from '../work/inspect.ts';
import { safeguards } from './index.ts';
import type { Safeguard } from './safeguard.ts';

/** Homes that checks look at in different ways; the machine is made so after the person moved in. */
const machines: Readonly<Record<string, (machine: Machine) => void>> = {
  healthy: () => {},
  'stopped behind our back': (machine) => {
    if (machine.home) Object.assign(machine.home, { isRunning: false, startedAt: null, exitCode: 0 });
  },
  gone: (machine) => {
    machine.home = null;
  },
  old: (machine) => {
    machine.now += 200 * 24 * 3_600_000;
    machine.offered = [...(machine.offered ?? []), '2026.9.7'];
  },
  // Whoever can't look must not call that all right either.
  'taken over': (machine) => {
    machine.skills = [
      { kind: 'skill', name: 'x', path: '/x', keys: ['x'], hash: 'a'.repeat(64), isOn: true },
    ];
    machine.critical.set('2026.9.6', ['fs.config.perms_writable']);
    machine.home?.holes.add('10.0.2.2').add('192.168.1.1');
    if (machine.state?.config) machine.state.config.more = { tools: { exec: { security: 'full' } } };
    machine.openAddresses.add('192.168.1.20');
    if (machine.home) Object.assign(machine.home.seen, { uid: 0, seccomp: 0 });
    machine.powers = { ...machine.powers, node: { is: 'on', by: 'OpenClaw Node', settings: null } };
  },
};

/** How anything that is asked outside may end. */
const failures: readonly Error[] = [
  new ProblemError('engine-gone'),
  new ProblemError('engine-failed', { detail: 'container is not running' }),
  new ProblemError('engine-too-slow', { command: 'exec' }),
  Object.assign(new Error('EMFILE: too many open files'), { code: 'EMFILE' }),
  new TypeError('Cannot read properties of undefined'),
];

const done: ExecResult = { exitCode: 0, untrustedOut: '', untrustedErr: '', truncated: false };
const garbage: readonly string[] = [
  '',
  '\u0000\u0001\u001b[2J\uFFFD\uFFFD',
  '{"a":',
  'null',
  '[]',
  '{}',
  '"x"',
  '1e999',
  '{"__proto__":{"is":"ok"},"findings":"none","items":{},"leaves":7}',
  '['.repeat(100_000),
  'A'.repeat(1024 * 1024),
  '<html><script>alert(1)</script>',
];
/** What may come in place of an answer, by the name of the call. */
const answers: Readonly<Record<string, readonly unknown[]>> = {
  'sandbox.exec': [
    // As engines say that a program is not there, or can't be run; and one that was killed.
    ...[126, 127, 137].map((exitCode) => ({ ...done, exitCode, untrustedErr: 'OCI runtime exec failed' })),
    ...garbage.map((untrustedOut) => ({ ...done, untrustedOut })),
    ...garbage.map((untrustedOut) => ({ ...done, untrustedOut, truncated: true })),
  ],
  'net.get': [
    { is: 'refused' },
    { is: 'timed-out' },
    { is: 'failed', detail: 'socket hang up' },
    { is: 'answered', status: 500, untrustedBody: '' },
    ...garbage.map((untrustedBody) => ({ is: 'answered', status: 200, untrustedBody })),
  ],
  'sandbox.observe': [{ is: 'unreadable', detail: 'EACCES' }],
  'sandbox.imageDate': [null],
  'net.listen': [null],
  'powers.look': [
    {
      accessibility: { is: 'none-here' },
      screen: { is: 'none-here' },
      node: { is: 'unreadable', detail: 'x' },
    },
  ],
  'privateData.look': [{ files: [], looked: 0, unreadable: 0, isWhole: false, shut: [] }],
};

/**
 * Where the answer may be the same all the same, as what was asked for could not have changed it, or its failing is
 * itself what was looked for.
 */
const suffices: readonly {
  readonly id: SafeguardId;
  readonly call: string;
  readonly is: 'ok' | 'broken';
  readonly because: string;
}[] = [
  {
    id: 'agent-version',
    call: 'sandbox.describeVersion',
    is: 'ok',
    because: 'the list was seen, and what is said of one version could only strike out newer ones',
  },
  {
    id: 'gateway-running',
    call: 'net.get',
    is: 'ok',
    because: 'being ready is told by the status alone, and the other answer proves whose it is',
  },
  {
    id: 'gateway-running',
    call: 'net.get',
    is: 'broken',
    because: 'whether it answers is the very question: silence and nonsense are no answer',
  },
];

/** The exceptions that were made use of. */
const needed = new Set<(typeof suffices)[number]>();

const idle = () => new AbortController().signal;
const look = (safeguard: Safeguard, { doors }: TestDoors) => checkOne(safeguard, doors, idle());

/** The moved-in machine of that name. */
async function machineThatIs(name: string): Promise<Machine> {
  const machine = await movedInMachine();
  machines[name]?.(machine);
  return machine;
}

/** Makes the n-th call (and with `onwards` every later one) fail, or answer something else. */
function tamper(test: TestDoors, names: readonly string[], at: number, instead: Instead): void {
  for (const name of new Set(names))
    test.instead(name, (call, usual) => {
      const isHit = instead.is === 'gone' ? call >= at && name.startsWith('sandbox.') : call === at;
      if (!isHit) return usual();
      if (instead.is === 'answer') return instead.answer;
      throw instead.error;
    });
}
type Instead =
  | { readonly is: 'failure' | 'gone'; readonly error: Error }
  | { readonly is: 'answer'; readonly answer: unknown };

/** What a look that was tampered with must not say. */
function deviation(id: SafeguardId, call: string, before: Finding, after: Finding): string | null {
  if (after.is !== 'ok' && after.is !== 'broken') return null;
  // What was wrong is still wrong by what was seen before; nothing is right by what was not seen.
  if (after.is === 'broken' && before.is === 'broken' && after.why === before.why) return null;
  const exception = suffices.find((each) => each.id === id && each.call === call && each.is === after.is);
  if (exception) {
    needed.add(exception);
    return null;
  }
  return `${id}: ${call} made it ${after.is}${after.is === 'broken' ? ` (${after.why})` : ''}`;
}

describe.each(Object.keys(machines))('a home that is %s', (name) => {
  it.each(safeguards.map((safeguard) => [safeguard.id, safeguard] as const))(
    '%s is neither good nor bad where it could not be looked at',
    async (id, safeguard) => {
      const machine = await machineThatIs(name);
      const usual = openDoors(structuredClone(machine));
      const before = await look(safeguard, usual);
      if (name === 'healthy') expect(['ok', 'not-applicable']).toContain(before.is);
      const found = new Set<string>();
      for (const [at, call] of usual.calls.entries()) {
        const ways: Instead[] = [
          ...failures.map((error): Instead => ({ is: 'failure', error })),
          { is: 'gone', error: new ProblemError('engine-gone') },
          ...(answers[call] ?? []).map((answer): Instead => ({ is: 'answer', answer })),
        ];
        for (const way of ways) {
          if (way.is === 'gone' && !call.startsWith('sandbox.')) continue;
          const test = openDoors(structuredClone(machine));
          tamper(test, usual.calls, at, way);
          const after = expectWhole(await look(safeguard, test));
          const wrong = deviation(id, call, before, after);
          if (wrong !== null) found.add(`${wrong} by ${JSON.stringify(way).slice(0, 120)}`);
        }
      }
      expect([...found]).toEqual([]);
    },
  );

  it('keeps what was seen, and adds nothing to it, when the engine goes in the middle of a look', async () => {
    const machine = await machineThatIs(name);
    const usual = openDoors(structuredClone(machine));
    const before = await inspect(safeguards, usual.doors, idle());
    for (const at of usual.calls.keys()) {
      const test = openDoors(structuredClone(machine));
      tamper(test, usual.calls, at, { is: 'gone', error: new ProblemError('engine-gone') });
      for (const [id, { finding }] of await inspect(safeguards, test.doors, idle()))
        expect([id, before.get(id)?.finding.is, 'unknown', 'not-applicable']).toContain(finding.is);
    }
  });
});

it('makes no exception that nothing needs', () => {
  expect([...needed].toSorted((a, b) => suffices.indexOf(a) - suffices.indexOf(b))).toEqual(suffices);
});
