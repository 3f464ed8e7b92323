import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GatewayAnswer } from '../openclaw/gateway.ts';
import { movedInMachine } from '../testing/apps.ts';
import { check, expectWhole, fix } from '../testing/checks.ts';
import { gatewayLocked, judgeLock } from './gateway-locked.ts';

const letIn: GatewayAnswer = { is: 'let-in', version: '2026.9.6' };
const turnedAway: GatewayAnswer = { is: 'turned-away' };
const strange: GatewayAnswer = { is: 'strange', status: 500 };
const silent: GatewayAnswer = { is: 'silent', how: 'refused' };
const answers = [letIn, turnedAway, strange, silent];

describe('judgeLock', () => {
  it.each<[GatewayAnswer, GatewayAnswer, number, string]>([
    [turnedAway, letIn, 43, 'ok'],
    [turnedAway, letIn, 32, 'ok'],
    [turnedAway, letIn, 31, 'danger token-weak'],
    [turnedAway, turnedAway, 0, 'danger token-weak'],
    [letIn, letIn, 43, 'danger gateway-unlocked'],
    [letIn, turnedAway, 43, 'danger gateway-unlocked'],
    [turnedAway, turnedAway, 43, 'attention gateway-other-token'],
    [strange, letIn, 43, 'unknown gateway-answers-strangely'],
    [silent, silent, 43, 'unknown gateway-answers-strangely'],
    [turnedAway, strange, 43, 'unknown gateway-answers-strangely'],
  ])('a stranger is %j, we are %j, with a key of %d characters: %s', (stranger, us, length, result) => {
    const finding = expectWhole(judgeLock(stranger, us, length, 5), 5);
    const said = finding.is === 'broken' ? `${finding.gravity} ${finding.why}` : finding.is;
    expect(finding.is === 'unknown' ? `unknown ${finding.why}` : said).toBe(result);
  });

  it('is ok only if strangers are turned away, we are let in and the key is long', () => {
    const answer = fc.constantFrom(...answers);
    fc.assert(
      fc.property(answer, answer, fc.nat({ max: 64 }), (stranger, us, length) => {
        const isLocked = stranger.is === 'turned-away' && us.is === 'let-in' && length >= 32;
        expect(judgeLock(stranger, us, length, 5).is === 'ok').toBe(isLocked);
      }),
    );
  });
});

describe('the lock', () => {
  it('is tried, once without the key and once with it', async () => {
    expect(await check(gatewayLocked, await movedInMachine())).toMatchObject({
      is: 'ok',
      evidence: [
        { code: 'stranger-knocked', facts: { answer: 'turned-away' } },
        { code: 'we-knocked', facts: { answer: 'let-in' } },
        { code: 'token-length', facts: { count: 43 } },
      ],
    });
  });

  it('never shows the key itself', async () => {
    const machine = await movedInMachine();
    expect(JSON.stringify(await check(gatewayLocked, machine))).not.toContain(machine.vault);
  });

  it('is weak without a key', async () => {
    const machine = await movedInMachine();
    machine.vault = null;
    expect(await check(gatewayLocked, machine)).toMatchObject({ why: 'token-weak' });
  });

  it('is changed: stopped at once, a new long key, woken', async () => {
    const machine = await movedInMachine();
    machine.vault = 'short';
    const { is, calls } = await fix(gatewayLocked, machine);
    expect(is).toBe('done');
    expect(calls[0]).toBe('sandbox.stop');
    expect(await check(gatewayLocked, machine)).toMatchObject({ is: 'ok' });
  });
});
