import { describe, expect, it, vi } from 'vitest';
import type { Intent, ModelChoice, Reply, Snapshot } from '../contract.ts';
import { ProblemError } from '../problem.ts';
import { keyFor, movedInMachine, startApp } from '../testing/apps.ts';
import { settle } from '../testing/doors.ts';
import { createMachine, freshChoices, sharedFolder } from '../testing/machine.ts';

const done: Reply = { ok: true };
const refused = (code: string) => ({ ok: false, problem: { code } });
const custom = (baseUrl: string): ModelChoice => ({ provider: 'custom', baseUrl, modelId: 'm' });
const saveModel = (model: ModelChoice): Intent => ({ do: 'save-choices', choices: { model } });

/** An app whose next work waits at the first call of this name until it is let go. */
async function atWork(name = 'sandbox.stop') {
  const test = startApp(await movedInMachine());
  let go = () => {};
  test.before(
    name,
    () =>
      new Promise<void>((resolve) => {
        go = resolve;
      }),
  );
  expect(await test.app.act({ do: 'stop' })).toEqual(done);
  await settle();
  return { ...test, go: () => go() };
}

describe('an engine that fails', () => {
  it.each([
    { free: 0, told: 'no-room-on-disk' },
    { free: 100 * 1024 ** 2, told: 'engine-failed' },
  ])('with $free bytes of its disk free is told of as $told', async ({ free, told }) => {
    const { app, machine, failNext } = startApp(await movedInMachine());
    machine.freeDisk = free;
    failNext('sandbox.stop', new ProblemError('engine-failed', { detail: 'exit status 1' }));
    await app.act({ do: 'stop' });
    expect(await app.settled()).toMatchObject({ is: 'failed', problem: { code: told } });
    await app.close();
  });
});

describe('while work runs', () => {
  it.each<Intent>([
    { do: 'set-up', consent: [] },
    { do: 'fix', id: 'engine-ready' },
    { do: 'fix-all' },
    { do: 'check-now' },
    { do: 'start' },
    { do: 'stop' },
    { do: 'remove', keepData: false },
    { do: 'open', what: 'openclaw' },
    saveModel({ provider: 'openai' }),
  ])('$do is refused as busy, and changes nothing', async (intent) => {
    const { app, machine, calls, go } = await atWork();
    const before = structuredClone(machine.choices);
    const callsBefore = calls.length;
    expect(await app.act(intent)).toMatchObject(refused('busy'));
    expect(machine.choices).toEqual(before);
    expect(calls).toHaveLength(callsBefore);
    go();
    expect(await app.settled()).toEqual({ is: 'done' });
  });

  it('language, log and folder can be had all the same', async () => {
    const { app, machine, go } = await atWork();
    expect(await app.act({ do: 'save-choices', choices: { language: 'zh-CN' } })).toEqual(done);
    expect(await app.act({ do: 'open', what: 'log' })).toEqual(done);
    expect(await app.act({ do: 'open', what: 'shared-folder' })).toEqual(done);
    expect(machine.opened).toEqual(['log', sharedFolder]);
    expect(app.state.get().choices.language).toBe('zh-CN');
    go();
    await app.settled();
  });

  it('a failed work that is dismissed is idle, and a running one is not', async () => {
    const { app, go } = await atWork();
    await app.act({ do: 'dismiss' });
    expect(app.state.get().work.is).toBe('running');
    go();
    await app.settled();
    const failing = startApp(createMachine({ isAdministrator: true }));
    await failing.do({ do: 'fix-all' });
    expect(failing.app.state.get().work.is).toBe('failed');
    await failing.app.act({ do: 'dismiss' });
    expect(failing.app.state.get().work).toEqual({ is: 'idle' });
  });
});

describe('set-up', () => {
  it('remembers that the person has agreed, and that they want OpenClaw to run', async () => {
    const test = startApp(createMachine({ choices: { ...freshChoices, stopped: true } }));
    await test.do({ do: 'set-up', consent: [] });
    expect(test.app.state.get().choices).toMatchObject({ agreed: true, stopped: false });
  });
});

describe('fix', () => {
  it('puts one safeguard right, looks at everything afterwards and resolves with how it ended', async () => {
    const test = startApp(await movedInMachine());
    if (test.machine.home) test.machine.home.tampered = { readOnlyRoot: false };
    await test.app.look();
    expect(test.notOk()).toEqual(['sandbox-hardened']);
    expect(test.app.state.get().light).toBe('danger');
    expect(await test.do({ do: 'fix', id: 'sandbox-hardened' })).toEqual({ is: 'done' });
    expect(test.notOk()).toEqual([]);
    expect(test.app.state.get().light).toBe('good');
  });

  it('that fails shows the safeguard and the problem', async () => {
    const test = startApp(await movedInMachine());
    test.machine.freeDisk = 0;
    test.failNext('sandbox.dropSpareImages', new Error('no'));
    expect(await test.do({ do: 'fix', id: 'room-to-work' })).toMatchObject({ is: 'failed' });
    expect(test.app.state.get().work).toMatchObject({ is: 'failed', safeguard: 'room-to-work' });
  });
});

describe('check-now', () => {
  it('forgets a failure and looks at everything', async () => {
    const test = startApp(createMachine({ isAdministrator: true }));
    await test.do({ do: 'fix-all' });
    test.machine.isAdministrator = false;
    expect(await test.app.act({ do: 'check-now' })).toEqual(done);
    expect(test.app.state.get().work).toEqual({ is: 'idle' });
    expect(test.notOk()).not.toContain('not-administrator');
  });

  it('that work interrupts is no error to anybody', async () => {
    const test = startApp(await movedInMachine());
    let go = () => {};
    test.before(
      'sandbox.probe',
      () =>
        new Promise<void>((resolve) => {
          go = resolve;
        }),
    );
    const look = test.app.act({ do: 'check-now' });
    await settle();
    await test.app.act({ do: 'stop' });
    test.before('sandbox.probe', () => {});
    go();
    expect(await look).toEqual(done);
    expect(await test.app.settled()).toEqual({ is: 'done' });
    expect(test.logged.filter(({ error }) => error)).toEqual([]);
  });
});

describe('stop and start', () => {
  it('stop stops OpenClaw, keeps it from starting by itself and changes the lock', async () => {
    const test = startApp(await movedInMachine());
    const { vault } = test.machine;
    expect(await test.do({ do: 'stop' })).toEqual({ is: 'done' });
    expect(test.machine).toMatchObject({ autostart: false, choices: { stopped: true } });
    expect(test.machine.home?.isRunning).toBe(false);
    expect(test.machine.vault).not.toBe(vault);
    expect(test.app.state.get().light).toBe('stopped');
  });

  it('stop stops first: what fails afterwards does not keep OpenClaw running', async () => {
    for (const name of ['sandbox.setAutostart', 'vault.write', 'sandbox.create']) {
      const test = startApp(await movedInMachine());
      test.failNext(name, new Error('no'));
      expect(await test.do({ do: 'stop' }), name).toMatchObject({ is: 'failed' });
      expect(test.machine.home?.isRunning, name).toBe(false);
    }
  });

  it('the light never says for a moment that all is good while OpenClaw was just stopped', async () => {
    const test = startApp(await movedInMachine());
    await test.app.look();
    const lights: Snapshot['light'][] = [];
    test.app.state.subscribe(({ light }) => {
      if (light !== lights.at(-1)) lights.push(light);
    });
    await test.do({ do: 'stop' });
    expect(lights).toEqual(['good', 'working', 'stopped']);
  });

  it('stop builds nothing where there is no home', async () => {
    const test = startApp(await movedInMachine());
    test.machine.home = null;
    expect(await test.do({ do: 'stop' })).toEqual({ is: 'done' });
    expect(test.machine).toMatchObject({ home: null, autostart: false });
  });

  it('start starts it again, with the new lock, and lets it start by itself', async () => {
    const test = startApp(await movedInMachine());
    await test.do({ do: 'stop' });
    expect(await test.do({ do: 'start' })).toEqual({ is: 'done' });
    expect(test.machine).toMatchObject({ autostart: true, choices: { stopped: false } });
    expect(test.notOk()).toEqual([]);
  });

  it.each<Intent>([
    { do: 'fix-all' },
    { do: 'fix', id: 'agent-version' },
    { do: 'fix', id: 'gateway-locked' },
    { do: 'fix', id: 'gateway-running' },
    saveModel({ provider: 'zai' }),
  ])('what was stopped on purpose stays stopped: $do', async (intent) => {
    const test = startApp(await movedInMachine());
    await test.do({ do: 'stop' });
    expect(await test.do(intent)).toEqual({ is: 'done' });
    expect(test.machine).toMatchObject({ autostart: false, choices: { stopped: true } });
    expect(test.machine.home?.isRunning).toBe(false);
    expect(test.app.state.get().light).toBe('stopped');
  });

  it('"Fix everything" puts a stopped home right all the same, and leaves it stopped', async () => {
    const test = startApp(await movedInMachine());
    await test.do({ do: 'stop' });
    if (test.machine.home) test.machine.home.tampered = { privileged: true };
    test.machine.folders.delete(sharedFolder);
    expect(await test.do({ do: 'fix-all' })).toEqual({ is: 'done' });
    expect(test.app.state.get().light).toBe('stopped');
    expect(test.machine.home?.tampered).toEqual({});
    expect(test.machine.home?.isRunning).toBe(false);
  });
});

describe('open', () => {
  it('opens OpenClaw’s page signed in, on our address whatever OpenClaw says', async () => {
    const test = startApp(await movedInMachine());
    expect(await test.do({ do: 'open', what: 'openclaw' })).toEqual({ is: 'done' });
    expect(test.machine.opened).toEqual(['http://127.0.0.1:18789/#bootstrapToken=once']);
    expect(JSON.stringify(test.app.state.get())).not.toContain('bootstrapToken');
  });

  it('starts OpenClaw first where it rests', async () => {
    const test = startApp(await movedInMachine());
    await test.do({ do: 'stop' });
    expect(await test.do({ do: 'open', what: 'openclaw' })).toEqual({ is: 'done' });
    expect(test.machine.opened).toHaveLength(1);
    expect(test.machine.choices.stopped).toBe(false);
  });
});

describe('the safety report', () => {
  it('says what is so now, in the person’s language, where the person wanted it', async () => {
    const test = startApp(await movedInMachine());
    await test.app.act({ do: 'save-choices', choices: { language: 'zh-CN' } });
    test.machine.picked = '/home/ada/report.json';
    test.machine.openAddresses.add('192.168.1.20');
    expect(await test.app.act({ do: 'save-report' })).toEqual(done);
    const said = JSON.parse(test.machine.reports.get('/home/ada/report.json') ?? '');
    expect(said).toMatchObject({ title: '安全报告', light: 'danger', openclaw: '2026.9.6' });
    expect(said.safeguards).toContainEqual(
      expect.objectContaining({ id: 'gateway-local-only', is: 'broken', gravity: 'danger' }),
    );
    expect(said.looked).toBe(new Date(test.machine.now).toISOString());
  });

  it('is not made when the person closes the dialog', async () => {
    const test = startApp(await movedInMachine());
    expect(await test.app.act({ do: 'save-report' })).toEqual(done);
    expect(test.machine.reports.size).toBe(0);
  });
});

describe('the shared folder', () => {
  it.each(['/home/ada', '/', '/home', '/home/ada/Documents', '/home/ada/.ssh', '/home/ada/Dropbox/work'])(
    'must not be %s: the choice before stays',
    async (picked) => {
      const { app, machine } = startApp(createMachine({ picked }));
      machine.folders.add(picked);
      expect(await app.act({ do: 'choose-folder' })).toMatchObject({
        ok: false,
        problem: { code: 'folder-not-allowed', facts: { path: picked }, next: ['choose-folder'] },
      });
      expect(machine.choices.sharedFolder).toBe(sharedFolder);
    },
  );

  it('is judged by what it really is: a link to the home folder is refused', async () => {
    const { app, machine } = startApp(createMachine({ picked: '/mnt/innocent' }));
    machine.links.set('/mnt/innocent', '/home/ada');
    expect(await app.act({ do: 'choose-folder' })).toMatchObject(refused('folder-not-allowed'));
  });

  it('is kept as its real path, and the plan follows', async () => {
    const { app, machine } = startApp(createMachine({ picked: '/home/ada/link' }));
    machine.links.set('/home/ada/link', '/data/claw');
    machine.folders.add('/data/claw');
    expect(await app.act({ do: 'choose-folder' })).toEqual(done);
    expect(app.state.get().choices.sharedFolder).toBe('/data/claw');
    expect(app.state.get().plan?.changes).toContainEqual({
      code: 'use-folder',
      facts: { path: '/data/claw' },
    });
  });

  it('stays when the person closes the dialog', async () => {
    const { app, machine } = startApp();
    expect(await app.act({ do: 'choose-folder' })).toEqual(done);
    expect(machine.choices).toEqual(freshChoices);
  });
});

describe('choices', () => {
  it('before moving in are kept, shown and planned with; the computer is not touched yet', async () => {
    const { app, machine } = startApp();
    const choices = { language: 'zh-CN', startAtLogin: false, model: { provider: 'openai' } } as const;
    expect(await app.act({ do: 'save-choices', choices })).toEqual(done);
    expect(app.state.get().choices).toMatchObject(choices);
    expect(app.state.get().plan?.changes.map(({ code }) => code)).not.toContain('start-at-login');
    expect(machine.startsAtLogin).toBe(false);
    expect(app.state.get().work).toEqual({ is: 'idle' });
  });

  it('are kept although no plan can be made', async () => {
    const { app, failNext, logged } = startApp();
    failNext('sandbox.probe', new Error('no'));
    expect(await app.act({ do: 'save-choices', choices: { language: 'zh-CN' } })).toEqual(done);
    expect(app.state.get().choices.language).toBe('zh-CN');
    expect(logged).toContainEqual({ message: 'could not make the plan', error: new Error('no') });
  });

  it('that are undefined change nothing', async () => {
    const { app, machine } = startApp();
    await app.act({ do: 'save-choices', choices: { language: undefined, model: undefined } });
    expect(machine.choices).toEqual(freshChoices);
  });

  it('after moving in take effect at once', async () => {
    const { app, machine } = startApp(await movedInMachine());
    expect(machine.startsAtLogin).toBe(true);
    await app.act({ do: 'save-choices', choices: { startAtLogin: false } });
    expect(machine.startsAtLogin).toBe(false);
    expect(app.state.get().work).toEqual({ is: 'idle' });
  });

  it('that can’t take effect are not kept', async () => {
    const { app, machine, failNext } = startApp(await movedInMachine());
    failNext('desktop.setStartAtLogin', new Error('no'));
    const reply = await app.act({ do: 'save-choices', choices: { startAtLogin: false } });
    expect(reply).toMatchObject(refused('login-start-refused'));
    expect(machine.choices.startAtLogin).toBe(true);
  });

  it('moving in starts ClawCove at login where that was chosen', async () => {
    const { app, machine } = startApp();
    await app.act({ do: 'move-in' });
    expect(machine).toMatchObject({ startsAtLogin: true, choices: { movedIn: true } });
    const other = startApp(createMachine({ choices: { ...freshChoices, startAtLogin: false } }));
    await other.app.act({ do: 'move-in' });
    expect(other.machine.startsAtLogin).toBe(false);
  });

  it('moving in goes on where the system refuses the start at login, and says so', async () => {
    const { app, machine, failNext } = startApp();
    failNext('desktop.setStartAtLogin', new Error('read-only file system'));
    expect(await app.act({ do: 'move-in' })).toMatchObject(refused('login-start-refused'));
    expect(machine.choices).toMatchObject({ movedIn: true, startAtLogin: false });
    expect(app.state.get().choices).toEqual(machine.choices);
  });
});

describe('another model, in a home that is lived in,', () => {
  it('asks for the key of the new service, and becomes the choice only with it', async () => {
    const test = startApp(await movedInMachine());
    const asked = vi.fn(() => ({ is: 'model-key', key: 'k2' }) as const);
    expect(await test.do(saveModel({ provider: 'deepseek' }), asked)).toEqual({ is: 'done' });
    expect(asked).toHaveBeenCalledWith({ is: 'model-key', model: { provider: 'deepseek' } });
    expect(test.machine.choices.model).toEqual({ provider: 'deepseek' });
    expect(test.machine.home?.secrets.get('model-key')).toBe('k2');
    expect(test.machine.state?.config?.model).toBe('https://api.deepseek.com/v1');
    expect(test.machine.state?.memories).toEqual(['my name is Ada']);
    expect(test.notOk()).toEqual([]);
  });

  it('is not chosen when the person cancels at the key', async () => {
    const test = startApp(await movedInMachine());
    await test.app.act(saveModel({ provider: 'deepseek' }));
    await settle();
    await test.app.act({ do: 'cancel' });
    expect(await test.app.settled()).toEqual({ is: 'cancelled' });
    expect(test.app.state.get().choices.model).toEqual({ provider: 'later' });
    expect(test.notOk()).toEqual([]);
  });

  it('is put off until later when the person has no key for it; the old key is not used for it', async () => {
    const test = startApp(
      await movedInMachine({ choices: { ...freshChoices, model: { provider: 'openai' } } }),
    );
    expect(await test.do(saveModel({ provider: 'deepseek' }), () => ({ is: 'no' }))).toEqual({ is: 'done' });
    expect(test.machine.choices.model).toEqual({ provider: 'later' });
    expect(test.machine.home?.secrets.has('model-key')).toBe(false);
  });

  it('takes the key that was given beforehand, without asking', async () => {
    const test = startApp(await movedInMachine());
    const asked = vi.fn(() => ({ is: 'no' }) as const);
    await test.app.act({ do: 'keep-model-key', key: 'k3' });
    expect(await test.do(saveModel({ provider: 'qwen' }), asked)).toEqual({ is: 'done' });
    expect(asked).not.toHaveBeenCalled();
    expect(test.machine.home?.secrets.get('model-key')).toBe('k3');
  });

  it('keeps the key where the service stays the same, unless a new one is given', async () => {
    const machine = await movedInMachine({
      choices: { ...freshChoices, model: custom('https://llm.example.com/v1') },
    });
    const test = startApp(machine);
    const asked = vi.fn(() => ({ is: 'no' }) as const);
    await test.do(
      saveModel({ provider: 'custom', baseUrl: 'https://llm.example.com/v1', modelId: 'n' }),
      asked,
    );
    expect(asked).not.toHaveBeenCalled();
    expect(machine.home?.secrets.get('model-key')).toBe(keyFor('custom'));
    await test.app.act({ do: 'keep-model-key', key: 'k4' });
    await test.do(saveModel(custom('https://llm.example.com/v1')), asked);
    expect(asked).not.toHaveBeenCalled();
    expect(machine.home?.secrets.get('model-key')).toBe('k4');
  });

  it('at another address is another service, whatever its name', async () => {
    const test = startApp(
      await movedInMachine({ choices: { ...freshChoices, model: custom('https://llm.example.com/v1') } }),
    );
    const asked = vi.fn(() => ({ is: 'no' }) as const);
    await test.do(saveModel(custom('https://evil.example.com/v1')), asked);
    expect(asked).toHaveBeenCalledWith({ is: 'model-key', model: custom('https://evil.example.com/v1') });
    expect(test.machine.home?.secrets.has('model-key')).toBe(false);
  });

  it('can be tried again after a failure', async () => {
    const test = startApp(await movedInMachine());
    test.failNext('sandbox.create', new Error('no'));
    const intent = saveModel({ provider: 'deepseek' });
    expect(await test.do(intent)).toMatchObject({ is: 'failed' });
    expect(await test.do(intent)).toEqual({ is: 'done' });
    expect(test.machine.choices.model).toEqual({ provider: 'deepseek' });
    expect(test.notOk()).toEqual([]);
  });
});

describe('another service nearby', () => {
  const letThrough = (...nearbyServices: string[]): Intent => ({
    do: 'save-choices',
    choices: { nearbyServices },
  });

  it('is let through by a home that is made anew, and shut out by the next', async () => {
    const test = startApp(await movedInMachine());
    expect(await test.do(letThrough('192.168.1.30:445'))).toEqual({ is: 'done' });
    expect(test.machine.choices.nearbyServices).toEqual(['192.168.1.30:445']);
    expect(test.machine.home?.spec.fence.allowed).toEqual([{ address: '192.168.1.30', port: 445 }]);
    expect(test.machine.home?.isRunning).toBe(true);
    expect(test.machine.state?.memories).toEqual(['my name is Ada']);
    expect(test.notOk()).toEqual([]);
    expect(await test.do(letThrough())).toEqual({ is: 'done' });
    expect(test.machine.home?.spec.fence.allowed).toEqual([]);
  });

  it('is no choice as long as the home is not made by it', async () => {
    const test = startApp(await movedInMachine());
    test.failNext('sandbox.create', new Error('no'));
    expect(await test.do(letThrough('192.168.1.30:445'))).toMatchObject({ is: 'failed' });
    expect(test.machine.choices.nearbyServices).toEqual([]);
    expect(test.app.state.get().choices.nearbyServices).toEqual([]);
    expect(await test.do({ do: 'try-again' })).toEqual({ is: 'done' });
    expect(test.machine.choices.nearbyServices).toEqual(['192.168.1.30:445']);
  });

  it('is but a choice before there is a home, and nothing at work', async () => {
    const { app, machine } = startApp();
    expect(await app.act(letThrough('nas.local:445'))).toEqual(done);
    expect(machine.choices.nearbyServices).toEqual(['nas.local:445']);
    const working = await atWork();
    expect(await working.app.act(letThrough('nas.local:445'))).toMatchObject(refused('busy'));
    working.go();
    await working.app.settled();
  });

  it('wakes nobody who was stopped on purpose', async () => {
    const test = startApp(await movedInMachine());
    await test.do({ do: 'stop' });
    expect(await test.do(letThrough('192.168.1.30:445'))).toEqual({ is: 'done' });
    expect(test.machine.home?.isRunning).toBe(false);
  });
});

describe('work that failed', () => {
  const again: Intent = { do: 'try-again' };

  it('is tried again as it was asked for; a key is asked for again', async () => {
    const test = startApp(await movedInMachine());
    test.failNext('sandbox.create', new Error('no'));
    await test.app.act({ do: 'keep-model-key', key: 'k' });
    expect(await test.do(saveModel({ provider: 'deepseek' }))).toMatchObject({ is: 'failed' });
    const asked = vi.fn(() => ({ is: 'model-key', key: 'k2' }) as const);
    expect(await test.do(again, asked)).toEqual({ is: 'done' });
    expect(asked).toHaveBeenCalledWith({ is: 'model-key', model: { provider: 'deepseek' } });
    expect(test.machine.choices.model).toEqual({ provider: 'deepseek' });
    expect(test.machine.home?.secrets.get('model-key')).toBe('k2');
  });

  it('takes a key that is given with the try', async () => {
    const test = startApp(await movedInMachine());
    test.failNext('sandbox.create', new Error('no'));
    await test.do(saveModel({ provider: 'deepseek' }));
    await test.app.act({ do: 'keep-model-key', key: 'k3' });
    const asked = vi.fn(() => ({ is: 'no' }) as const);
    expect(await test.do(again, asked)).toEqual({ is: 'done' });
    expect(asked).not.toHaveBeenCalled();
    expect(test.machine.home?.secrets.get('model-key')).toBe('k3');
  });

  it.each([true, false])('removes again what was to be removed (memories kept: %s)', async (keepData) => {
    const test = startApp(await movedInMachine());
    test.failNext('sandbox.destroy', new Error('no'));
    expect(await test.do({ do: 'remove', keepData })).toMatchObject({ is: 'failed' });
    expect(await test.do(again)).toEqual({ is: 'done' });
    expect(test.machine.home).toBeNull();
    expect(test.machine.state !== null).toBe(keepData);
  });

  it('asks for an administrator’s consent again', async () => {
    const test = startApp(createMachine({ engine: { is: 'absent' } }));
    test.failNext('admin.run', new Error('no'));
    await test.do({ do: 'set-up', consent: ['install-engine'] });
    const asked = vi.fn(() => ({ is: 'no' }) as const);
    await test.do(again, asked);
    expect(asked).toHaveBeenCalledWith(expect.objectContaining({ is: 'admin', task: 'install-engine' }));
  });

  it('is all there is to try again: work that went well is not', async () => {
    const test = startApp(await movedInMachine());
    await test.do({ do: 'stop' });
    const callsBefore = test.calls.length;
    expect(await test.app.act(again)).toEqual(done);
    await settle();
    expect(test.calls).toHaveLength(callsBefore);
  });
});

describe('a key given on the choices page', () => {
  const setUp: Intent = { do: 'set-up', consent: [] };
  const no = () => ({ is: 'no' }) as const;

  it('goes with the choice that is saved right after it', async () => {
    const test = startApp();
    await test.app.act({ do: 'keep-model-key', key: 'k' });
    await test.app.act(saveModel({ provider: 'openai' }));
    await test.do(setUp, no);
    expect(test.machine.home?.secrets.get('model-key')).toBe('k');
  });

  it('is forgotten when the person then chooses another service without a key', async () => {
    const test = startApp();
    await test.app.act({ do: 'keep-model-key', key: 'k' });
    await test.app.act(saveModel({ provider: 'openai' }));
    await test.app.act(saveModel({ provider: 'deepseek' }));
    const asked = vi.fn(no);
    await test.do(setUp, asked);
    expect(asked).toHaveBeenCalledWith({ is: 'model-key', model: { provider: 'deepseek' } });
    expect(test.machine.secrets.has('model-key')).toBe(false);
  });

  it('stays while only the model of the same service changes', async () => {
    const test = startApp();
    await test.app.act({ do: 'keep-model-key', key: 'k' });
    await test.app.act(saveModel(custom('https://llm.example.com/v1')));
    await test.app.act(
      saveModel({ provider: 'custom', baseUrl: 'https://llm.example.com/v1', modelId: 'another' }),
    );
    await test.do(setUp, no);
    expect(test.machine.home?.secrets.get('model-key')).toBe('k');
  });

  it('is used once: the next time the person is asked again', async () => {
    const test = startApp();
    await test.app.act({ do: 'keep-model-key', key: 'k' });
    await test.app.act(saveModel({ provider: 'openai' }));
    await test.do(setUp, no);
    test.machine.secrets.delete('model-key');
    const asked = vi.fn(no);
    if (test.machine.home) test.machine.home.tampered = { privileged: true };
    await test.do({ do: 'fix-all' }, asked);
    expect(asked).toHaveBeenCalledOnce();
  });
});

describe('the removal', () => {
  it('is listed before it is done', async () => {
    const { app, calls } = startApp(await movedInMachine());
    expect(await app.act({ do: 'list-removal', keepData: true })).toEqual(done);
    const goes = () => app.state.get().removal?.goes.map(({ code }) => code);
    expect(goes()).toContain('home');
    expect(goes()).not.toContain('memories');
    await app.act({ do: 'list-removal', keepData: false });
    expect(goes()).toEqual(expect.arrayContaining(['home', 'memories', 'backups']));
    expect(calls).toEqual([]);
  });
});

describe('the system’s own settings', () => {
  it('are opened by the name of a page', async () => {
    const { app, machine } = startApp();
    expect(await app.act({ do: 'open-settings', page: 'accessibility' })).toEqual({ ok: true });
    expect(machine.opened).toEqual(['accessibility']);
  });
});

describe('what goes wrong outside of work', () => {
  it('is a refusal with a problem, never a rejection, and stands in the log', async () => {
    const { app, failNext, logged } = startApp();
    failNext('desktop.openLog', new Error('no viewer'));
    expect(await app.act({ do: 'open', what: 'log' })).toEqual({
      ok: false,
      problem: { code: 'unexpected', facts: { detail: 'no viewer' }, next: ['try-again', 'open-log'] },
    });
    expect(logged).toContainEqual({ message: 'intent open failed', error: new Error('no viewer') });
  });
});

describe('settled', () => {
  it('is null as long as no work was ever started', async () => {
    expect(await startApp().app.settled()).toBeNull();
  });
});

describe('proving', () => {
  const results = (test: ReturnType<typeof startApp>) =>
    test.app.state.get().proof?.attempts.map(({ result }) => result.is) ?? [];

  it('is shown from its first attempt on, and stays for the next start', async () => {
    const machine = await movedInMachine();
    const test = startApp(machine);
    const seen = new Set<number>();
    test.app.state.subscribe(() => seen.add(results(test).filter((is) => is === 'stopped').length));
    expect(await test.do({ do: 'prove' })).toEqual({ is: 'done' });
    expect(seen.size).toBeGreaterThan(20);
    expect(results(test)).not.toContain('running');
    expect(startApp(machine).app.state.get().proof).toEqual(test.app.state.get().proof);
  });

  it('that is broken off leaves the proof before it', async () => {
    const test = startApp(await movedInMachine());
    await test.do({ do: 'prove' });
    const before = test.app.state.get().proof;
    expect(before).not.toBeNull();
    test.before('sandbox.exec', () => void test.app.act({ do: 'cancel' }));
    test.machine.now += 60_000;
    expect(await test.do({ do: 'prove' })).toEqual({ is: 'cancelled' });
    expect(test.app.state.get().proof).toEqual(before);
  });

  it('says nothing of the proof before while the next one begins', async () => {
    const test = startApp(await movedInMachine());
    await test.do({ do: 'prove' });
    expect(await test.app.act({ do: 'prove' })).toEqual(done);
    expect(test.app.state.get().proof).toBeNull();
    await test.app.settled();
  });

  it('is refused while other work runs, and takes no proof away', async () => {
    const { app, go } = await atWork();
    const before = app.state.get().proof;
    expect(await app.act({ do: 'prove' })).toMatchObject(refused('busy'));
    expect(app.state.get().proof).toEqual(before);
    go();
    await app.settled();
  });

  it('is forgotten with the home', async () => {
    const test = startApp(await movedInMachine());
    await test.do({ do: 'prove' });
    await test.do({ do: 'remove', keepData: true });
    expect(test.app.state.get().proof).toBeNull();
  });
});
