import { describe, expect, it, vi } from 'vitest';
import type { Answer, Question } from '../contract.ts';
import { ProblemError } from '../problem.ts';
import { movedInMachine } from '../testing/apps.ts';
import { testJobs } from '../testing/jobs.ts';
import { createMachine, freshChoices, imageOf, type Machine, sharedFolder } from '../testing/machine.ts';
import { changeLock, makeHome } from './make.ts';

/** A computer with an engine and a folder, where no home was ever made. */
const ready = (change: Partial<Machine> = {}) =>
  createMachine({ folders: new Set([sharedFolder]), ...change });

async function make(
  machine: Machine,
  config?: Parameters<typeof makeHome>[2],
  answer: (question: Question) => Answer | null = () => null,
) {
  const test = testJobs(machine);
  const ending = await test.run((job) => makeHome(test.doors, job, config), answer);
  return { ...test, ending };
}

describe('making the home', () => {
  it('fetches the newest stable version, furnishes it, leaves it stopped and keeps a receipt', async () => {
    const machine = ready();
    const { ending, steps } = await make(machine);
    expect(ending).toEqual({ is: 'done' });
    expect(steps()).toEqual([
      'looking',
      'finding-newest',
      'downloading',
      'onboarding',
      'hardening-config',
      'creating-home',
    ]);
    expect(machine.home).toMatchObject({ isRunning: false, spec: { version: '2026.9.6' } });
    expect(machine.state?.config).toMatchObject({ isHardened: true, port: 18789 });
    expect(machine.receipts.sandbox).toEqual({
      image: imageOf('2026.9.6').reference,
      version: '2026.9.6',
      madeAt: machine.now,
    });
    expect(machine.autostart).toBe(true);
  });

  it('again keeps version, token, settings and memories, and downloads nothing', async () => {
    const machine = await movedInMachine();
    const { vault, state, receipts } = structuredClone(machine);
    machine.offered = ['2026.10.1'];
    const { ending, calls } = await make(machine);
    expect(ending).toEqual({ is: 'done' });
    expect(calls.filter((name) => /fetchImage|listVersions|keepSecret/.test(name))).toEqual([]);
    expect(machine).toMatchObject({ vault, state });
    expect(machine.receipts.sandbox?.version).toBe(receipts.sandbox?.version);
  });

  it('fetches the version it had before when its image is gone, not another one', async () => {
    const machine = await movedInMachine();
    machine.images.clear();
    machine.offered?.push('2026.10.1');
    await make(machine);
    expect(machine.home?.spec.version).toBe('2026.9.6');
  });

  it('says so when no usable version is offered', async () => {
    const { ending } = await make(ready({ offered: ['latest', '0.0.1', '2026.9.7-beta.1'] }));
    expect(ending).toMatchObject({ problem: { code: 'no-version-found' } });
  });

  it('stops a running home before it touches the state', async () => {
    const machine = await movedInMachine();
    const { calls, steps } = await make(machine, 'mend');
    expect(steps()).toEqual(['looking', 'stopping-home', 'mending-config', 'creating-home']);
    expect(calls.indexOf('sandbox.stop')).toBeLessThan(calls.indexOf('sandbox.once'));
  });

  it('does not let a home that was stopped on purpose start by itself', async () => {
    const machine = ready({ choices: { ...freshChoices, stopped: true } });
    await make(machine);
    expect(machine.autostart).toBe(false);
  });

  it('sets aside somebody else’s sandbox with our name', async () => {
    const machine = ready({ isForeign: true });
    expect((await make(machine)).ending).toEqual({ is: 'done' });
    expect(machine.isForeign).toBe(false);
    expect(machine.home).not.toBeNull();
  });

  it('keeps no receipt of a home that could not be made', async () => {
    const machine = ready();
    const test = testJobs(machine);
    test.failNext('sandbox.create', new Error('no'));
    expect(await test.run((job) => makeHome(test.doors, job))).toMatchObject({ is: 'failed' });
    expect(machine.receipts.sandbox).toBeNull();
  });
});

describe('the model’s key', () => {
  const openai = { choices: { ...freshChoices, model: { provider: 'openai' } } } as const;

  it('is asked for once, and goes straight into the sandbox', async () => {
    const machine = ready(openai);
    const answer = vi.fn(() => ({ is: 'model-key', key: 'k' }) as const);
    await make(machine, 'if-bare', answer);
    expect(answer).toHaveBeenCalledWith({ is: 'model-key', model: { provider: 'openai' } });
    expect(machine.secrets.get('model-key')).toBe('k');
    await make(machine, 'if-bare', () => null);
    expect(machine.secrets.get('model-key')).toBe('k');
  });

  it('is not needed to build the home: without it the model is for later', async () => {
    const machine = ready(openai);
    const { ending } = await make(machine, 'if-bare', () => ({ is: 'no' }));
    expect(ending).toEqual({ is: 'done' });
    expect(machine.choices.model).toEqual({ provider: 'later' });
    expect(machine.home?.spec.secrets).toEqual([{ id: 'gateway', as: 'file' }]);
  });

  it('is not asked for where no model was chosen', async () => {
    const answer = vi.fn(() => ({ is: 'no' }) as const);
    await make(ready(), 'if-bare', answer);
    expect(answer).not.toHaveBeenCalled();
  });
});

describe('the configuration', () => {
  const withConfig = async (change: Partial<NonNullable<Machine['state']>>) => {
    const machine = await movedInMachine();
    Object.assign(machine.state ?? {}, change);
    return machine;
  };
  const damaged = { isValid: false, isHardened: false, port: 1, model: 'x' };

  it('that is there is left as it is unless it is to be mended', async () => {
    const machine = await withConfig({ config: { isValid: true, isHardened: true, port: 9, model: 'mine' } });
    await make(machine, 'if-bare');
    expect(machine.state?.config).toMatchObject({ model: 'mine', port: 9 });
  });

  it('is mended with the least loss: at first only our own settings', async () => {
    const machine = await withConfig({
      config: { isValid: true, isHardened: false, port: 9, model: 'mine' },
    });
    await make(machine, 'mend');
    expect(machine.state?.config).toEqual({ isValid: true, isHardened: true, port: 18789, model: 'mine' });
  });

  it('that can’t be read is put back as the person agreed to it', async () => {
    const machine = await withConfig({ config: damaged });
    const { model } = JSON.parse(machine.agreedSettings ?? '').settings.agents.defaults;
    await make(machine, 'mend');
    expect(machine.state?.config).toMatchObject({ isValid: true, isHardened: true, model: model.primary });
  });

  it('that can’t be read is put back as it last was, where nobody agreed to one', async () => {
    const machine = await withConfig({ config: damaged });
    machine.agreedSettings = null;
    await make(machine, 'mend');
    expect(machine.state?.config).toMatchObject({ isValid: true, isHardened: true, model: 'last-good' });
  });

  it('that is beyond that is set aside for a fresh one; the memories stay', async () => {
    const machine = await withConfig({ config: damaged, hasLastGood: false });
    machine.agreedSettings = null;
    const { steps } = await make(machine, 'mend');
    expect(steps()).toContain('onboarding');
    expect(machine.state?.config).toMatchObject({ isValid: true, isHardened: true, model: 'skip' });
    expect(machine.state?.memories).toEqual(['my name is Ada']);
  });

  it.each<[string, (machine: Machine) => void, string]>([
    ['the disk is full', (machine) => Object.assign(machine, { isDiskFull: true }), 'disk-full'],
    [
      'a newer OpenClaw has used the state',
      ({ state }) => Object.assign(state ?? {}, { version: '2027.1.1' }),
      'state-is-newer',
    ],
  ])('that is in order stays where it is when %s: that is the problem to tell', async (_, harm, code) => {
    const machine = await withConfig({});
    const before = structuredClone(machine.state?.config);
    harm(machine);
    const { ending, steps } = await make(machine, 'mend');
    expect(ending).toMatchObject({ problem: { code } });
    expect(steps()).not.toContain('onboarding');
    expect(machine.state?.config).toEqual(before);
  });

  it('that is damaged stays where it is while there is no room for another', async () => {
    const machine = await withConfig({ config: damaged, hasLastGood: false });
    machine.isDiskFull = true;
    expect((await make(machine, 'mend')).ending).toMatchObject({ problem: { code: 'disk-full' } });
    expect(machine.state?.config).toEqual(damaged);
  });

  it('stays where it is when the engine could not run OpenClaw at all', async () => {
    const machine = await withConfig({});
    const before = structuredClone(machine.state?.config);
    const test = testJobs(machine);
    // The look whether there is one goes through; what follows does not.
    test.failNext('sandbox.once', null, new ProblemError('engine-too-slow', { command: 'run' }));
    expect(await test.run((job) => makeHome(test.doors, job, 'mend'))).toMatchObject({
      problem: { code: 'engine-too-slow' },
    });
    expect(machine.state?.config).toEqual(before);
  });

  it('that OpenClaw calls valid is not set aside because it will not take our settings', async () => {
    const machine = await withConfig({});
    const test = testJobs(machine);
    const argvs: string[] = [];
    const once: typeof test.doors.sandbox.once = (spec, argv, options) => {
      argvs.push(argv.join(' '));
      if (argv[2] === 'set')
        return Promise.resolve({ exitCode: 1, untrustedOut: '', untrustedErr: 'no', truncated: false });
      return test.doors.sandbox.once(spec, argv, options);
    };
    const doors = { ...test.doors, sandbox: { ...test.doors.sandbox, once } };
    expect(await test.run((job) => makeHome(doors, job, 'mend'))).toMatchObject({
      problem: { code: 'config-refused' },
    });
    expect(argvs.filter((line) => /^mv|doctor|onboard/.test(line))).toEqual([]);
  });

  it('that is missing is made anew, whether or not it was to be mended', async () => {
    for (const how of ['if-bare', 'mend'] as const) {
      const machine = await withConfig({ config: null, hasLastGood: false });
      await make(machine, how);
      expect(machine.state?.config, how).toMatchObject({ isHardened: true });
    }
  });

  it('that OpenClaw will not write is a problem with its last words in the log', async () => {
    const machine = ready();
    const test = testJobs(machine);
    const answers = [
      { exitCode: 0, untrustedOut: 'onboarded', untrustedErr: '', truncated: false },
      { exitCode: 3, untrustedOut: '', untrustedErr: '\nunknown key gateway.terminal\n\n', truncated: false },
    ];
    const once = async () => answers.shift() ?? Promise.reject(new Error('unexpected'));
    const doors = { ...test.doors, sandbox: { ...test.doors.sandbox, once } };
    expect(await test.run((job) => makeHome(doors, job))).toMatchObject({
      problem: { code: 'config-refused', facts: { exitCode: 3 }, next: ['try-again', 'open-log'] },
    });
    expect(test.state.get().log).toEqual(['unknown key gateway.terminal']);
  });

  it('is written without any network: nothing of ours waits outside, and nobody else gets a say', async () => {
    const test = testJobs(ready());
    const { once } = test.doors.sandbox;
    const networks: boolean[] = [];
    const listening: typeof once = (spec, argv, options) => {
      networks.push(options.network);
      return once(spec, argv, options);
    };
    const doors = { ...test.doors, sandbox: { ...test.doors.sandbox, once: listening } };
    await test.run((job) => makeHome(doors, job));
    await test.run((job) => makeHome(doors, job, 'mend'));
    expect(networks.length).toBeGreaterThan(3);
    expect(networks).not.toContain(true);
  });

  it('of a set-up that fails keeps the home from being made at all', async () => {
    const machine = ready();
    const test = testJobs(machine);
    test.before('sandbox.once', () => void Object.assign(machine, { isDiskFull: true }));
    const ending = await test.run((job) => makeHome(test.doors, job));
    expect(ending).toMatchObject({ problem: { code: 'disk-full' } });
    expect(machine.home).toBeNull();
  });
});

describe('changing the lock', () => {
  it('stops the home first, and leaves it stopped with a key that no older one opens', async () => {
    const machine = await movedInMachine();
    const before = machine.home?.secrets.get('gateway');
    const { doors, run, calls } = testJobs(machine);
    expect(await run((job) => changeLock(doors, job))).toEqual({ is: 'done' });
    expect(calls[0]).toBe('sandbox.stop');
    expect(machine.home?.isRunning).toBe(false);
    expect(machine.home?.secrets.get('gateway')).not.toBe(before);
    expect(machine.home?.secrets.get('gateway')).toContain(machine.vault);
  });
});
