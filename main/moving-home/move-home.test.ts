import { describe, expect, it } from 'vitest';
import type { Answer, EngineName, Intent, Question } from '../contract.ts';
import { ProblemError } from '../problem.ts';
import { keyFor, movedInMachine, startApp } from '../testing/apps.ts';
import { killEverywhere } from '../testing/kill-everywhere.ts';
import { freshChoices, freshEngine, type Machine, viewsOf, withEngine } from '../testing/machine.ts';

const move = (engine: EngineName): Intent => ({ do: 'move-home', engine });

/** A computer on which OpenClaw lives by Podman, and could live by Docker. */
const lived = (change: Partial<Machine> = {}) =>
  movedInMachine({ others: [freshEngine('Docker')], ...change });

/** What each engine has of OpenClaw. */
const homesOn = (machine: Machine) =>
  viewsOf(machine).map(({ engineName, home, state, autostart }) => ({
    engineName,
    runs: home?.isRunning ?? false,
    memories: state?.memories ?? null,
    autostart,
  }));

const running = (machine: Machine) => homesOn(machine).filter(({ runs }) => runs);

describe('moving from one home to another', () => {
  it('takes everything along, and leaves the former home at rest', async () => {
    const test = startApp(await lived());
    expect(await test.do(move('Docker'))).toEqual({ is: 'done' });
    expect(homesOn(test.machine)).toEqual([
      { engineName: 'Podman', runs: false, memories: ['my name is Ada'], autostart: false },
      { engineName: 'Docker', runs: true, memories: ['my name is Ada'], autostart: true },
    ]);
    expect(test.app.state.get()).toMatchObject({
      choices: { engine: 'Docker' },
      formerHome: 'Podman',
      light: 'good',
      proof: null,
    });
    expect(test.app.state.get().backups).toContainEqual(
      expect.objectContaining({ why: 'moved-home', verifiedAt: expect.any(Number) }),
    );
  });

  it('can be taken back by the same move, with what was learned meanwhile', async () => {
    const test = startApp(await lived());
    await test.do(move('Docker'));
    withEngine(test.machine, test.machine.others[0] ?? freshEngine('Docker')).state?.memories.push(
      'and I like boats',
    );
    test.machine.now += 3_600_000;
    expect(await test.do(move('Podman'))).toEqual({ is: 'done' });
    expect(running(test.machine)).toEqual([
      { engineName: 'Podman', runs: true, memories: ['my name is Ada', 'and I like boats'], autostart: true },
    ]);
    expect(test.app.state.get()).toMatchObject({ formerHome: 'Docker', light: 'good' });
  });

  it('lets the former home be removed, and no other', async () => {
    const test = startApp(await lived());
    await test.do(move('Docker'));
    expect(await test.do({ do: 'forget-former-home' })).toEqual({ is: 'done' });
    expect(homesOn(test.machine)[0]).toMatchObject({ memories: null });
    expect(running(test.machine)).toMatchObject([{ engineName: 'Docker', memories: ['my name is Ada'] }]);
    expect(test.app.state.get()).toMatchObject({ formerHome: null, light: 'good' });
    expect(await test.do({ do: 'forget-former-home' })).toMatchObject({
      problem: { code: 'nothing-to-take-back' },
    });
  });

  it('asks for the key of the AI service, which lies in one home only, and doesn’t move without', async () => {
    const test = startApp(await lived({ choices: { ...freshChoices, model: { provider: 'openai' } } }));
    const asked: string[] = [];
    const answer =
      (answer: Answer) =>
      (question: Question): Answer => {
        asked.push(question.is);
        return answer;
      };
    expect(await test.do(move('Docker'), answer({ is: 'no' }))).toMatchObject({
      problem: { code: 'home-move-declined' },
    });
    expect(running(test.machine)).toMatchObject([{ engineName: 'Podman' }]);
    const key = keyFor('openai');
    expect(await test.do(move('Docker'), answer({ is: 'model-key', key }))).toEqual({ is: 'done' });
    expect(asked).toEqual(['model-key', 'model-key']);
    expect(test.machine.others[0]?.home?.secrets.get('model-key')).toBe(key);
  });

  it('leaves OpenClaw stopped that was stopped', async () => {
    const test = startApp(await lived());
    await test.do({ do: 'stop' });
    expect(await test.do(move('Docker'))).toEqual({ is: 'done' });
    expect(running(test.machine)).toEqual([]);
    expect(test.app.state.get()).toMatchObject({
      choices: { engine: 'Docker', stopped: true },
      light: 'stopped',
    });
  });

  it.each<[string, string, string]>([
    ['the new home can’t be built', 'sandbox.create', 'engine-failed'],
    ['the disk gets full', 'sandbox.loadCopy', 'no-room-on-disk'],
    ['the backup can’t be read back', 'sandbox.inRehearsal', 'engine-failed'],
  ])('goes back where %s', async (_, verb, code) => {
    const test = startApp(await lived());
    test.failNext(
      verb,
      new ProblemError(code === 'no-room-on-disk' ? code : 'engine-failed', { detail: '' }),
    );
    expect(await test.do(move('Docker'))).toMatchObject({ is: 'failed' });
    expect(running(test.machine)).toEqual([
      { engineName: 'Podman', runs: true, memories: ['my name is Ada'], autostart: true },
    ]);
    expect(homesOn(test.machine)[1]).toMatchObject({ memories: null });
    expect(test.app.state.get()).toMatchObject({ choices: { engine: 'Podman' }, formerHome: null });
    expect(test.notOk()).toEqual([]);
  });

  it('goes back where OpenClaw doesn’t live in the new home', async () => {
    const test = startApp(await lived());
    test.before('sandbox.loadCopy', () => {
      if (test.machine.choices.engine === 'Docker') test.machine.duds.add('2026.9.6');
    });
    test.before('sandbox.setAutostart', () => {
      if (test.machine.choices.engine === 'Podman') test.machine.duds.clear();
    });
    expect(await test.do(move('Docker'))).toMatchObject({ problem: { code: 'home-move-put-back' } });
    expect(running(test.machine)).toMatchObject([{ engineName: 'Podman', memories: ['my name is Ada'] }]);
    expect(test.notOk()).toEqual([]);
  });

  it('goes nowhere where there is no such home, or the engine can’t be made ready', async () => {
    const test = startApp(await lived());
    expect(await test.do(move('Lima'))).toMatchObject({ problem: { code: 'home-not-here' } });
    Object.assign(test.machine.others[0] ?? {}, { engine: { is: 'asleep' } });
    expect(await test.do(move('Docker'))).toMatchObject({ problem: { code: 'engine-asleep' } });
    expect(running(test.machine)).toMatchObject([{ engineName: 'Podman' }]);
  });

  it('goes back where the new home’s engine is gone when ClawCove comes back', async () => {
    const machine = await lived();
    const first = startApp(machine);
    first.before('sandbox.loadCopy', () => {
      if (machine.choices.engine === 'Docker') first.killAt(first.calls.length - 1);
    });
    await first.do(move('Docker')).catch(() => null);
    expect(machine.receipts.homeMove?.stage).toBe('settling');
    Object.assign(machine.others[0] ?? {}, { engine: { is: 'broken', detail: 'gone' } });
    const again = startApp(machine);
    await again.do({ do: 'start' });
    expect(running(machine)).toMatchObject([{ engineName: 'Podman', memories: ['my name is Ada'] }]);
    expect(machine.receipts.homeMove).toBeNull();
  });

  it('killed at any moment: OpenClaw lives in one of the homes with all it knows, and can move again', async () => {
    await killEverywhere(await lived(), move('Docker'), async (left, at) => {
      const again = startApp(left);
      await again.do({ do: 'start' });
      const [lives, ...others] = running(left);
      expect(others, at).toEqual([]);
      expect(lives, at).toMatchObject({ engineName: left.choices.engine, memories: ['my name is Ada'] });
      expect([undefined, 'done'], at).toContain(left.receipts.homeMove?.stage);
      expect(again.notOk(), at).toEqual([]);
      if (left.choices.engine === 'Podman')
        expect(await again.do(move('Docker')), at).toEqual({ is: 'done' });
      expect(running(left), at).toMatchObject([{ engineName: 'Docker', memories: ['my name is Ada'] }]);
    });
  });

  it('is a mere choice before there is a home', async () => {
    const test = startApp(
      (await import('../testing/machine.ts')).createMachine({ others: [freshEngine('Docker')] }),
    );
    await test.app.act({ do: 'choose-engine', engine: 'Docker' });
    expect(await test.do({ do: 'set-up', consent: [] })).toEqual({ is: 'done' });
    expect(running(test.machine)).toMatchObject([{ engineName: 'Docker' }]);
    expect(await test.app.act({ do: 'choose-engine', engine: 'Podman' })).toMatchObject({
      problem: { code: 'home-is-made' },
    });
  });
});
