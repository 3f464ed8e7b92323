/** The whole app on a computer in memory: what holds from the first start to the last. */
import { describe, expect, it, vi } from 'vitest';
import { type Intent, modelProviders, type Snapshot } from './contract.ts';
import { onboardingFor } from './openclaw/models.ts';
import { ProblemError } from './problem.ts';
import { keyFor, movedInMachine, startApp, type TestApp } from './testing/apps.ts';
import { settle } from './testing/doors.ts';
import { killEverywhere } from './testing/kill-everywhere.ts';
import { createMachine, freshChoices, imageOf, type Machine } from './testing/machine.ts';

const setUp: Intent = { do: 'set-up', consent: [] };
const ready = { is: 'ready', version: '5.4.2', limits: 'enforced' } as const;
const bareMachine = (change: Partial<Machine> = {}) =>
  createMachine({ engine: { is: 'absent' }, afterTask: { 'install-engine': ready }, ...change });
const deepseek = { ...freshChoices, model: { provider: 'deepseek' } } as const;

describe('set-up', () => {
  it('goes from a bare computer to all green, and leaves receipts for everything it made', async () => {
    const { machine, app, notOk, ...test } = startApp(bareMachine());
    expect(await test.do(setUp)).toEqual({ is: 'done' });
    expect(notOk()).toEqual([]);
    expect(app.state.get()).toMatchObject({ light: 'good', openClawVersion: '2026.9.6' });
    expect(machine.receipts).toMatchObject({
      engineInstalled: true,
      folderMade: '/home/ada/OpenClaw',
      sandbox: { version: '2026.9.6', image: imageOf('2026.9.6').reference },
    });
    expect(machine.autostart).toBe(true);
  });

  it('done again on a finished home changes nothing: every check is ok, so no fix runs', async () => {
    const machine = await movedInMachine();
    const test = startApp(machine);
    await test.do(setUp);
    expect(test.calls.filter((name) => /create|once|keepSecret|start$|stop$|fetch|run$/.test(name))).toEqual(
      [],
    );
  });

  it('is not broken off by a view that fails to show it', async () => {
    const test = startApp(bareMachine());
    const stop = test.app.state.subscribe(({ work }) => {
      if (work.is === 'running') throw new Error('the tray is gone');
    });
    expect(await test.do(setUp)).toEqual({ is: 'done' });
    stop();
    expect(test.logged).toContainEqual({ message: expect.any(String), error: new Error('the tray is gone') });
  });

  it('needs no further word where the person has consented in the review', async () => {
    const test = startApp(bareMachine());
    const asked = vi.fn(() => ({ is: 'no' }) as const);
    expect(await test.do({ do: 'set-up', consent: ['install-engine'] }, asked)).toEqual({ is: 'done' });
    expect(asked).not.toHaveBeenCalled();
  });

  it('goes on after a refusal from where it stopped', async () => {
    const test = startApp(bareMachine());
    expect(await test.do(setUp, () => ({ is: 'no' }))).toMatchObject({
      is: 'failed',
      problem: { code: 'admin-declined' },
    });
    expect(test.app.state.get().work).toMatchObject({ is: 'failed', safeguard: 'engine-ready' });
    expect(await test.do(setUp)).toEqual({ is: 'done' });
    expect(test.notOk()).toEqual([]);
  });

  it('goes on by itself at the next start once the person has agreed', async () => {
    const machine = createMachine({ choices: { ...freshChoices, agreed: true } });
    const { app, notOk } = startApp(machine, { sleepsThrough: (ms) => ms < 1000 });
    await app.start();
    expect(await app.settled()).toEqual({ is: 'done' });
    expect(notOk()).toEqual([]);
    await app.close();
  });

  it('does nothing at all as administrator', async () => {
    const test = startApp(bareMachine({ isAdministrator: true }));
    expect(await test.do(setUp)).toMatchObject({ problem: { code: 'is-administrator' } });
    expect(test.calls).not.toContain('admin.run');
    expect(test.app.state.get().light).toBe('danger');
  });
});

async function expectAllGreen(test: TestApp, at: string): Promise<void> {
  expect(test.notOk(), at).toEqual([]);
  expect(test.app.state.get().light, at).toBe('good');
}

describe('killed at any moment', () => {
  it('set-up ends all green when it is started again', async () => {
    await killEverywhere(bareMachine({ choices: deepseek }), setUp, async (machine, at) => {
      const again = startApp(machine);
      expect(await again.do(setUp), at).toEqual({ is: 'done' });
      await expectAllGreen(again, at);
      expect(machine.home?.spec.secrets, at).toHaveLength(2);
    });
  });

  it('an update ends old or new, never neither: "Fix everything" is green and keeps the memories', async () => {
    const machine = await movedInMachine();
    machine.offered?.push('2026.9.7');
    await killEverywhere(machine, { do: 'fix', id: 'agent-version' }, async (left, at) => {
      const again = startApp(left);
      expect(await again.do({ do: 'fix-all' }), at).toEqual({ is: 'done' });
      await expectAllGreen(again, at);
      expect(left.home?.spec.version, at).toBe('2026.9.7');
      expect(left.state?.memories, at).toEqual(['my name is Ada']);
    });
  });

  it('a stop can be repeated: nothing runs, nothing starts by itself, the old key opens nothing', async () => {
    const machine = await movedInMachine();
    const oldToken = machine.vault;
    await killEverywhere(machine, { do: 'stop' }, async (left, at) => {
      const again = startApp(left);
      expect(await again.do({ do: 'stop' }), at).toEqual({ is: 'done' });
      expect(again.app.state.get().light, at).toBe('stopped');
      expect(left.home?.isRunning, at).toBe(false);
      expect(left.autostart, at).toBe(false);
      expect([...(left.home?.secrets.values() ?? [])].join(), at).not.toContain(oldToken);
    });
  });

  it.each([
    [
      'another lock',
      { do: 'fix', id: 'gateway-locked' },
      (machine: Machine) => {
        machine.vault = 'too-short';
        machine.home = machine.home && {
          ...machine.home,
          secrets: new Map([['gateway', '{"token":"too-short"}']]),
        };
      },
    ],
    ['another model', { do: 'save-choices', choices: { model: { provider: 'qwen' } } }, () => {}],
    [
      'another port',
      { do: 'start' },
      (machine: Machine) => {
        if (machine.home) Object.assign(machine.home, { isRunning: false, startedAt: null });
        machine.squatters.set(machine.choices.port, 'nginx');
      },
    ],
  ] as const)('%s ends all green after "Fix everything"', async (_, intent, spoil) => {
    const machine = await movedInMachine();
    spoil(machine);
    await killEverywhere(machine, intent, async (left, at) => {
      const again = startApp(left);
      expect(await again.do({ do: 'fix-all' }), at).toEqual({ is: 'done' });
      await expectAllGreen(again, at);
      expect(left.state?.config?.port, at).toBe(left.choices.port);
      expect(left.state?.memories, at).toEqual(['my name is Ada']);
    });
  });

  it.each([{ provider: 'qwen' }, { provider: 'later' }] as const)(
    'a change of the model to $provider never gives a service the key for another',
    async (model) => {
      const machine = await movedInMachine({ choices: deepseek });
      const serviceOf = (address: string) =>
        modelProviders.find(
          (provider) =>
            provider !== 'custom' &&
            provider !== 'later' &&
            onboardingFor({ provider }).args.includes(address),
        );
      await killEverywhere(machine, { do: 'save-choices', choices: { model } }, async (left, at) => {
        const again = startApp(left);
        await again.do({ do: 'fix-all' });
        await expectAllGreen(again, at);
        const key = left.home?.secrets.get('model-key');
        const service = serviceOf(left.state?.config?.model ?? '');
        if (key && service) expect(key, at).toBe(keyFor(service));
      });
    },
  );
});

describe('the key to the AI service', () => {
  const modelKey = keyFor('deepseek');

  it('goes into the sandbox and nowhere else: no Snapshot, choice, receipt or log line ever holds it', async () => {
    const test = startApp(bareMachine());
    const seen: Snapshot[] = [];
    test.app.state.subscribe((snapshot) => seen.push(snapshot));
    await test.app.act({ do: 'keep-model-key', key: modelKey });
    await test.app.act({ do: 'save-choices', choices: { model: { provider: 'deepseek' } } });
    expect(await test.do(setUp)).toEqual({ is: 'done' });
    expect(test.machine.secrets.get('model-key')).toBe(modelKey);
    expect(seen.length).toBeGreaterThan(20);
    const { choices, receipts, vault, home } = test.machine;
    const everywhere = JSON.stringify([seen, choices, receipts, vault, home?.spec, test.logged]);
    expect(everywhere).not.toContain(modelKey);
  });

  it('nor does the Snapshot ever hold the gateway token', async () => {
    const test = startApp(bareMachine());
    const seen: string[] = [];
    test.app.state.subscribe((snapshot) => seen.push(JSON.stringify(snapshot)));
    await test.do(setUp);
    expect(test.machine.vault).toMatch(/^[\w-]{43}$/);
    expect(seen.join() + JSON.stringify(test.logged)).not.toContain(test.machine.vault);
  });
});

describe('the standing watch', () => {
  const byHand = { sleepsThrough: (ms: number) => ms < 1000 };

  it('finds by itself that OpenClaw has become reachable from the network', async () => {
    const { app, machine, advance } = startApp(await movedInMachine(), byHand);
    await app.start();
    await settle();
    expect(app.state.get().light).toBe('good');
    machine.openAddresses.add('192.168.1.20');
    await advance(5 * 60_000);
    expect(app.state.get().light).toBe('danger');
    await app.close();
  });

  it('waits out a blip, and tells what lasts', async () => {
    const { app, machine, advance } = startApp(await movedInMachine(), byHand);
    await app.start();
    await settle();
    if (machine.home) Object.assign(machine.home, { isRunning: false, startedAt: null });
    app.nudge();
    await settle();
    expect(app.state.get()).toMatchObject({ light: 'good', looking: false });
    for (let seconds = 0; seconds < 80; seconds += 20) await advance(20_000);
    expect(app.state.get().light).toBe('attention');
    await app.close();
  });

  it('looks again soon when the first look could not see everything', async () => {
    const test = startApp(await movedInMachine(), byHand);
    test.failNext('sandbox.inspect', null, new Error('too busy'), new Error('too busy'));
    await test.app.start();
    await settle();
    expect(test.app.state.get().light).toBe('unknown');
    for (let seconds = 0; seconds < 40; seconds += 20) await test.advance(20_000);
    expect(test.app.state.get().light).toBe('good');
    await test.app.close();
  });

  it('makes the backup of the day although something else is wrong', async () => {
    const machine = await movedInMachine();
    machine.choices = { ...machine.choices, automaticUpdates: false };
    const { app, advance } = startApp(machine, { sleepsThrough: (ms) => ms <= 2_000 });
    await app.start();
    await settle();
    expect(app.state.get()).toMatchObject({ light: 'attention', backups: [] });
    await advance(25 * 3_600_000);
    await app.settled();
    expect(app.state.get()).toMatchObject({
      light: 'attention',
      backups: [{ why: 'schedule', verifiedAt: expect.any(Number) }],
    });
    await app.close();
  });

  /** Ends OpenClaw behind everybody's back. */
  const crash = ({ home }: Machine) => {
    if (home) Object.assign(home, { isRunning: false, startedAt: null, exitCode: 137 });
  };
  const ourStarts = ({ logged }: TestApp) =>
    logged.filter(({ message }) => message.startsWith('OpenClaw stopped by itself')).length;

  it('starts OpenClaw again that ended by itself, once it was seen red for a while', async () => {
    const test = startApp(await movedInMachine(), byHand);
    const { app, machine, advance } = test;
    await app.start();
    await settle();
    const seen: string[] = [];
    app.state.subscribe(({ light }) => seen.push(light));
    crash(machine);
    for (let look = 0; look < 50; look++) await advance(10_000);
    expect(machine.home?.isRunning).toBe(true);
    expect(app.state.get().light).toBe('good');
    expect(ourStarts(test)).toBe(1);
    expect(seen.indexOf('attention')).toBeLessThan(seen.indexOf('working'));
    expect(seen).toContain('attention');
    await app.close();
  });

  it('looks more often after work that failed: what it left may fall over a while later', async () => {
    const test = startApp(await movedInMachine(), byHand);
    const { app, machine, advance } = test;
    await app.start();
    await settle();
    test.instead('sandbox.copyState', () => {
      throw new ProblemError('engine-failed', { detail: 'copy: SIGKILL' });
    });
    await test.do({ do: 'back-up' });
    await advance(5_000);
    expect(app.state.get()).toMatchObject({ light: 'good', work: { is: 'failed' } });
    await app.act({ do: 'dismiss' });
    crash(machine);
    for (let look = 0; look < 15; look++) await advance(10_000);
    expect(machine.home?.isRunning).toBe(true);
    await app.close();
  });

  it.each([
    ['while nothing else goes on', null],
    ['when an update starts the new one', 'sandbox.start'],
    ['when an update waits for its answer', 'net.get'],
  ])('gets an engine that is stuck going again, and OpenClaw with it, %s', async (_, during) => {
    const test = startApp(await movedInMachine(), byHand);
    const { app, machine, advance } = test;
    await app.start();
    await settle();
    const jam = () => {
      machine.engine = { is: 'stuck', detail: 'no such process' };
      // What leads to its port falls with it.
      if (machine.home) machine.home.isRunning = false;
    };
    let wasJammed = false;
    if (during) {
      machine.offered?.push('2026.9.7');
      test.before(during, () => {
        const { work } = app.state.get();
        const isThere = during === 'sandbox.start' || (work.is === 'running' && work.step === 'examining');
        if (machine.updates.open?.stage === 'trying' && isThere && !wasJammed) jam();
        wasJammed ||= machine.engine.is === 'stuck';
      });
      await app.act({ do: 'update-now' });
    } else jam();
    for (let look = 0; look < 60; look++) await advance(10_000);
    if (during) expect(wasJammed).toBe(true);
    expect(machine).toMatchObject({
      engine: { is: 'ready' },
      home: { isRunning: true },
      updates: { failed: null },
    });
    expect(machine.state?.memories).toEqual(['my name is Ada']);
    expect(app.state.get().work.is).toBe('idle');
    await app.close();
  });

  it.each<Intent>([
    { do: 'back-up' },
    { do: 'update-now' },
    { do: 'open', what: 'openclaw' },
    { do: 'fix', id: 'engine-ready' },
    { do: 'fix', id: 'backup-recent' },
  ])('makes the home anew that goes with a stuck engine, whatever work comes upon it: %o', async (intent) => {
    const test = startApp(await movedInMachine());
    test.machine.engine = { is: 'stuck', detail: 'no such process' };
    await test.do(intent);
    expect(test.machine).toMatchObject({ engine: { is: 'ready' }, home: { isRunning: true } });
    await test.app.close();
  });

  it('tries so three times, then leaves it red for somebody to look', async () => {
    const test = startApp(await movedInMachine(), byHand);
    const { app, machine, advance } = test;
    await app.start();
    await settle();
    machine.duds.add(machine.home?.spec.version ?? '');
    crash(machine);
    for (let minute = 0; minute < 60; minute++) await advance(60_000);
    expect(ourStarts(test)).toBe(3);
    expect(app.state.get()).toMatchObject({
      light: 'attention',
      work: { is: 'failed', job: 'start', problem: { code: 'gateway-will-not-start' } },
    });
    await app.close();
  });

  it('leaves OpenClaw alone that the person stopped', async () => {
    const test = startApp(await movedInMachine(), byHand);
    const { app, machine, advance } = test;
    await app.start();
    await test.do({ do: 'stop' });
    for (let minute = 0; minute < 30; minute++) await advance(60_000);
    expect(machine.home?.isRunning).toBe(false);
    expect(ourStarts(test)).toBe(0);
    await app.close();
  });

  it('does not look while work runs', async () => {
    const { app, machine, advance, calls, before } = startApp(await movedInMachine(), byHand);
    await app.start();
    await settle();
    let go = () => {};
    before(
      'sandbox.stop',
      () =>
        new Promise<void>((resolve) => {
          go = resolve;
        }),
    );
    await app.act({ do: 'stop' });
    await settle();
    const callsSoFar = calls.length;
    await advance(10 * 60_000);
    await advance(20_000);
    expect(calls).toHaveLength(callsSoFar);
    go();
    await app.settled();
    expect(machine.home?.isRunning).toBe(false);
    await app.close();
  });

  it('gathers what the first pages show, and survives a computer that cannot be looked at', async () => {
    const test = startApp(bareMachine(), byHand);
    await test.app.start();
    expect(test.app.state.get()).toMatchObject({
      computer: { cores: 4 },
      plan: { admin: [{ id: 'install-engine' }] },
    });
    await test.app.close();
    const blind = startApp(bareMachine(), byHand);
    blind.failNext('computer.look', new Error('no'));
    await blind.app.start();
    expect(blind.app.state.get().computer).toBeNull();
    await blind.app.close();
  });

  it('ends for good when the app closes', async () => {
    const { app, calls, advance } = startApp(await movedInMachine(), byHand);
    await app.start();
    await settle();
    await app.close();
    const callsSoFar = calls.length;
    await advance(3_600_000);
    app.nudge();
    await settle();
    expect(calls).toHaveLength(callsSoFar);
  });
});

describe('closing', () => {
  it('cancels what can be cancelled and waits for what cannot', async () => {
    const test = startApp(bareMachine());
    await test.app.act(setUp);
    await settle();
    expect(test.app.state.get().work).toMatchObject({ is: 'asking' });
    await test.app.close();
    expect(test.app.state.get().work).toEqual({ is: 'idle' });

    const update = startApp(await movedInMachine());
    update.machine.offered?.push('2026.9.7');
    update.before('sandbox.start', () => void update.app.close());
    expect(await update.do({ do: 'fix', id: 'agent-version' })).toEqual({ is: 'done' });
    expect(update.machine.home?.spec.version).toBe('2026.9.7');
  });
});

describe('removing', () => {
  it('takes away what ClawCove made and leaves the memories, the folder and the engine', async () => {
    const test = startApp(await movedInMachine());
    expect(await test.do({ do: 'remove', keepData: true })).toEqual({ is: 'done' });
    const { home, secrets, images, state, vault, startsAtLogin, receipts, folders, engine } = test.machine;
    expect({ home, secrets: secrets.size, images: images.size, vault, startsAtLogin }).toEqual({
      home: null,
      secrets: 0,
      images: 0,
      vault: null,
      startsAtLogin: false,
    });
    expect(receipts.sandbox).toBeNull();
    expect(state?.memories).toEqual(['my name is Ada']);
    expect(folders).toContain('/home/ada/OpenClaw');
    expect(engine.is).toBe('ready');
    expect(test.app.state.get().choices.movedIn).toBe(false);
  });

  it('takes the memories too when told to', async () => {
    const test = startApp(await movedInMachine());
    await test.do({ do: 'remove', keepData: false });
    expect(test.machine.state).toBeNull();
  });

  it('can be followed by moving back in, with the memories that were kept', async () => {
    const test = startApp(await movedInMachine());
    await test.do({ do: 'remove', keepData: true });
    expect(await test.do(setUp)).toEqual({ is: 'done' });
    expect(test.notOk()).toEqual([]);
    expect(test.machine.state?.memories).toEqual(['my name is Ada']);
  });

  it('once begun it cannot be cancelled: half a removal helps nobody', async () => {
    const test = startApp(await movedInMachine());
    test.before('sandbox.destroy', () => void test.app.act({ do: 'cancel' }));
    const canCancel: boolean[] = [];
    test.app.state.subscribe(({ work }) => {
      if (work.is === 'running') canCancel.push(work.canCancel);
    });
    expect(await test.do({ do: 'remove', keepData: true })).toEqual({ is: 'done' });
    expect(canCancel.at(-1)).toBe(false);
    expect(test.machine.receipts.sandbox).toBeNull();
  });
});
