import { describe, expect, it } from 'vitest';
import { movedInMachine } from '../testing/apps.ts';
import { testJobs } from '../testing/jobs.ts';
import { elapsed, type Machine, testPort } from '../testing/machine.ts';
import { wakeGateway, wakeIfWanted } from './wake.ts';

/** A finished home that rests. */
async function resting(change: (machine: Machine) => void = () => {}): Promise<Machine> {
  const machine = await movedInMachine();
  if (machine.home) Object.assign(machine.home, { isRunning: false, startedAt: null, exitCode: 0 });
  change(machine);
  return machine;
}

async function wake(machine: Machine) {
  const test = testJobs(machine);
  const ending = await test.run((job) => wakeGateway(test.doors, job));
  return { ...test, ending };
}

/** What must hold after every waking that succeeded. */
function expectAwake(machine: Machine): void {
  expect(machine.home?.isRunning).toBe(true);
  expect(machine.state?.memories).toEqual(['my name is Ada']);
}

describe('waking', () => {
  it('starts what rests, and waits until it is ready', async () => {
    const machine = await resting();
    const { ending, steps, calls } = await wake(machine);
    expect(ending).toEqual({ is: 'done' });
    expect(steps()).toEqual(['looking', 'starting-home', 'waiting-until-ready']);
    expect(machine.now - (machine.home?.startedAt ?? 0)).toBeGreaterThanOrEqual(15_000);
    expect(calls).not.toContain('sandbox.create');
    expectAwake(machine);
  });

  it('leaves alone what is awake', async () => {
    const machine = await movedInMachine();
    const { calls } = await wake(machine);
    expect(calls).toEqual(['sandbox.inspect', 'net.get']);
  });

  it('makes the home where there is none', async () => {
    const machine = await movedInMachine();
    machine.home = null;
    expect((await wake(machine)).ending).toEqual({ is: 'done' });
    expectAwake(machine);
  });
});

describe('what keeps it from waking is mended:', () => {
  it.each<[string, (machine: Machine) => void]>([
    ['a missing configuration', (machine) => Object.assign(machine.state ?? {}, { config: null })],
    [
      'a damaged configuration',
      (machine) => Object.assign(machine.state?.config ?? {}, { isValid: false, isHardened: false }),
    ],
    ['a missing token', (machine) => Object.assign(machine.state?.config ?? {}, { isHardened: false })],
    ['files that belong to root', (machine) => Object.assign(machine.state ?? {}, { owner: 'root' })],
    [
      'several things at once',
      (machine) => Object.assign(machine.state ?? {}, { owner: 'root', config: null, hasLastGood: false }),
    ],
  ])('%s', async (_, spoil) => {
    const machine = await resting(spoil);
    expect((await wake(machine)).ending).toEqual({ is: 'done' });
    expectAwake(machine);
    expect(machine.state?.config).toMatchObject({ isHardened: true });
  });

  it('a lease that a killed gateway left is waited out', async () => {
    const machine = await resting((it) => {
      it.leaseUntil = elapsed(it) + 50_000;
    });
    const { ending, steps } = await wake(machine);
    expect(ending).toEqual({ is: 'done' });
    expect(steps()).toContain('waiting-for-lease');
  });

  it('a port that another program has: the home moves, inside and out', async () => {
    const machine = await resting(({ squatters }) => {
      squatters.set(testPort, 'nginx').set(testPort + 1, 'nginx');
    });
    const { ending, steps } = await wake(machine);
    expect(ending).toEqual({ is: 'done' });
    expect(steps()).toContain('changing-port');
    expect(machine.choices.port).toBe(testPort + 2);
    expect(machine.home?.spec.port).toBe(testPort + 2);
    expect(machine.state?.config?.port).toBe(testPort + 2);
    expectAwake(machine);
  });

  it('a move to another port that was broken off is finished, not waited for', async () => {
    const machine = await resting((it) => {
      it.choices = { ...it.choices, port: testPort + 1 };
    });
    const begun = machine.now;
    expect((await wake(machine)).ending).toEqual({ is: 'done' });
    expect(machine.home?.spec.port).toBe(testPort + 1);
    expect(machine.state?.config?.port).toBe(testPort + 1);
    expect(machine.now - begun).toBeLessThan(60_000);
  });
});

describe('it gives up, with a problem the person can understand,', () => {
  it('when the disk is full: nothing is thrown away for it', async () => {
    const machine = await resting((it) => {
      it.isDiskFull = true;
    });
    const config = structuredClone(machine.state?.config);
    expect((await wake(machine)).ending).toMatchObject({ problem: { code: 'disk-full' } });
    expect(machine.state?.config).toEqual(config);
  });

  it('when the state is newer than the code', async () => {
    const machine = await resting((it) => Object.assign(it.state ?? {}, { version: '2027.1.1' }));
    expect((await wake(machine)).ending).toMatchObject({
      problem: { code: 'state-is-newer', next: ['open-log'] },
    });
  });

  it('when no port near is free', async () => {
    const machine = await resting(({ squatters }) => {
      for (let port = testPort; port <= testPort + 200; port++) squatters.set(port, 'nginx');
    });
    expect((await wake(machine)).ending).toMatchObject({
      problem: { code: 'no-free-port', facts: { port: testPort } },
    });
    expect(machine.choices.port).toBe(testPort);
  });

  it('when the ports end', async () => {
    const machine = await resting((it) => {
      it.choices = { ...it.choices, port: 65_535 };
      it.squatters.set(65_535, 'nginx');
    });
    expect((await wake(machine)).ending).toMatchObject({ problem: { code: 'no-free-port' } });
  });

  it('when it ends every time for a reason nobody knows, after four tries', async () => {
    const machine = await resting(({ duds }) => duds.add('2026.9.6'));
    const { ending, calls, state } = await wake(machine);
    expect(ending).toMatchObject({ problem: { code: 'gateway-will-not-start' } });
    expect(calls.filter((name) => name === 'sandbox.start')).toHaveLength(4);
    expect(state.get().log.at(-1)).toBe('gateway did not start: ended, unknown');
    expect(machine.state?.memories).toEqual(['my name is Ada']);
  });

  it('when it runs but never gets ready', async () => {
    const machine = await resting((it) => {
      it.startTakes = Number.POSITIVE_INFINITY;
    });
    const { ending, state } = await wake(machine);
    expect(ending).toMatchObject({ problem: { code: 'gateway-will-not-start' } });
    expect(state.get().log.at(-1)).toBe('gateway did not start: too-slow, unknown');
  });
});

describe('waking after a repair', () => {
  it('leaves asleep what was stopped on purpose', async () => {
    const machine = await resting((it) => {
      it.choices = { ...it.choices, stopped: true };
    });
    const { run, doors, calls } = testJobs(machine);
    await run((job) => wakeIfWanted(doors, job));
    expect(calls).toEqual([]);
    machine.choices = { ...machine.choices, stopped: false };
    await run((job) => wakeIfWanted(doors, job));
    expectAwake(machine);
  });
});
