import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GatewayAnswer } from '../openclaw/gateway.ts';
import { movedInMachine } from '../testing/apps.ts';
import { check, expectWhole, fix } from '../testing/checks.ts';
import { openDoors, settle } from '../testing/doors.ts';
import { inspectionOf } from '../testing/sandbox.ts';
import { type GatewayFacts, gatewayRunning, judgeGateway } from './gateway-running.ts';

const now = 1_000_000_000;
const running = inspectionOf((await movedInMachine()).home ?? (undefined as never));
const facts: GatewayFacts = {
  there: { ...running, startedAt: now - 3_600_000 },
  isReady: true,
  answer: { is: 'let-in', version: '2026.9.6' },
  isStoppedOnPurpose: false,
  squatter: null,
};
const stopped = { ...running, state: 'stopped', startedAt: null, exitCode: 0 } as const;
const silent: GatewayAnswer = { is: 'silent', how: 'refused' };
const judge = (change: Partial<GatewayFacts>) =>
  expectWhole(judgeGateway({ ...facts, ...change }, 18789, now), now);
const rest = { there: stopped, isReady: false, answer: silent };

describe('judgeGateway', () => {
  it('is ok only when it runs, is ready and lets us in', () => {
    expect(judge({})).toMatchObject({ is: 'ok' });
  });

  it.each<[string, Partial<GatewayFacts>, string]>([
    ['rests', rest, 'broken gateway-stopped'],
    ['is missing', { ...rest, there: { is: 'missing' } }, 'broken gateway-stopped'],
    ['rests on purpose', { ...rest, isStoppedOnPurpose: true }, 'unknown stopped-on-purpose'],
    [
      'rests on purpose while somebody has its port',
      { ...rest, isStoppedOnPurpose: true, squatter: 'nginx' },
      'unknown stopped-on-purpose',
    ],
    ['runs although it was stopped', { isStoppedOnPurpose: true }, 'broken runs-though-stopped'],
    [
      'is just starting although it was stopped',
      {
        isStoppedOnPurpose: true,
        isReady: false,
        answer: silent,
        there: { ...running, startedAt: now - 1000 },
      },
      'broken runs-though-stopped',
    ],
    ['rests while somebody has its port', { ...rest, squatter: 'nginx' }, 'broken port-taken'],
    ['rests while nobody knows who has its port', { ...rest, squatter: '?' }, 'broken port-taken'],
    ['ended for its configuration', { ...rest, there: { ...stopped, exitCode: 78 } }, 'broken config-broken'],
    ['ended for another reason', { ...rest, there: { ...stopped, exitCode: 1 } }, 'broken gateway-stopped'],
    ['knows another key', { answer: { is: 'turned-away' } }, 'broken gateway-other-token'],
    ['runs but is silent', { isReady: false, answer: silent }, 'broken gateway-silent'],
    ['runs but is not ready', { isReady: false }, 'broken gateway-silent'],
    ['is ready but answers strangely', { answer: { is: 'strange', status: 500 } }, 'broken gateway-silent'],
    [
      'has just started',
      { isReady: false, answer: silent, there: { ...running, startedAt: now - 89_999 } },
      'unknown gateway-starting',
    ],
    [
      'started too long ago',
      { isReady: false, answer: silent, there: { ...running, startedAt: now - 90_000 } },
      'broken gateway-silent',
    ],
    [
      'started at a time nobody knows',
      { isReady: false, there: { ...running, startedAt: null } },
      'broken gateway-silent',
    ],
    [
      'started in a future that a wrong clock told of',
      { isReady: false, there: { ...running, startedAt: now + 3_600_000 } },
      'broken gateway-silent',
    ],
  ])('%s', (_, change, result) => {
    const finding = judge(change);
    expect(finding.is === 'ok' || `${finding.is} ${finding.why}`).toBe(result);
    if (finding.is === 'broken') expect(finding.gravity).toBe('attention');
  });

  it('is never ok without an answer that lets us in', () => {
    const answers = fc.constantFrom<GatewayAnswer>(
      silent,
      { is: 'turned-away' },
      { is: 'strange', status: 200 },
    );
    const theres = fc.constantFrom<GatewayFacts['there']>(running, stopped, { is: 'missing' });
    fc.assert(
      fc.property(
        answers,
        theres,
        fc.boolean(),
        fc.boolean(),
        (answer, there, isReady, isStoppedOnPurpose) => {
          expect(judge({ answer, there, isReady, isStoppedOnPurpose }).is).not.toBe('ok');
        },
      ),
    );
  });
});

describe('OpenClaw itself', () => {
  it('is asked through the published port, with our key', async () => {
    const machine = await movedInMachine();
    expect(await check(gatewayRunning, machine)).toMatchObject({ is: 'ok' });
    machine.vault = 'another';
    expect(await check(gatewayRunning, machine)).toMatchObject({ why: 'gateway-other-token' });
  });

  it('has its port taken by a program that can be named, or not', async () => {
    const machine = await movedInMachine();
    if (machine.home) machine.home.isRunning = false;
    machine.squatters.set(18789, 'nginx');
    expect(await check(gatewayRunning, machine)).toMatchObject({ facts: { program: 'nginx', port: 18789 } });
    machine.squatters.set(18789, '');
    expect(await check(gatewayRunning, machine)).toMatchObject({ facts: { program: '?' } });
  });

  it('leaves no stray rejection behind when the vault can’t be read', async () => {
    const { doors, failNext } = openDoors(await movedInMachine());
    failNext('vault.read', new Error('locked'));
    failNext('net.get', new Error('aborted'));
    await expect(gatewayRunning.check(doors, new AbortController().signal)).rejects.toThrow('locked');
    await settle();
  });

  it('is started where it rests, and is no longer stopped on purpose', async () => {
    const machine = await movedInMachine();
    if (machine.home) machine.home.isRunning = false;
    machine.choices = { ...machine.choices, stopped: true };
    expect(await fix(gatewayRunning, machine)).toMatchObject({ is: 'done' });
    expect(machine.choices.stopped).toBe(false);
    expect(await check(gatewayRunning, machine)).toMatchObject({ is: 'ok' });
  });

  it('that runs although the person stopped it is stopped, and stays so', async () => {
    const machine = await movedInMachine();
    machine.choices = { ...machine.choices, stopped: true };
    expect(await check(gatewayRunning, machine)).toMatchObject({ why: 'runs-though-stopped' });
    expect(await fix(gatewayRunning, machine)).toMatchObject({ is: 'done' });
    expect(machine).toMatchObject({
      autostart: false,
      home: { isRunning: false },
      choices: { stopped: true },
    });
    expect(await check(gatewayRunning, machine)).toMatchObject({ why: 'stopped-on-purpose' });
  });

  it('that knows another key gets a new lock, also when the sandbox kept an older key', async () => {
    const machine = await movedInMachine();
    machine.vault = 'v'.repeat(43);
    machine.secrets.set('gateway', '{"token":"an older one"}');
    expect(await fix(gatewayRunning, machine)).toMatchObject({ is: 'done' });
    expect(await check(gatewayRunning, machine)).toMatchObject({ is: 'ok' });
  });
});
