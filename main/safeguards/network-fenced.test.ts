import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { movedInMachine } from '../testing/apps.ts';
import { check, expectWhole, fix } from '../testing/checks.ts';
import { openDoors } from '../testing/doors.ts';
import { freshChoices } from '../testing/machine.ts';
import { judgeFence, networkFenced, readAnswers } from './network-fenced.ts';

const seen = { near: ['192.168.1.1:80', '10.0.2.2:4'], reached: [], internet: null };

describe('judgeFence', () => {
  it('is ok when nothing near opens, and says what was tried', () => {
    expect(expectWhole(judgeFence(seen, 5), 5)).toMatchObject({
      is: 'ok',
      notes: [],
      evidence: [{ code: 'fence-tried', facts: { count: 2, addresses: '192.168.1.1:80, 10.0.2.2:4' } }],
    });
  });

  it('is a danger as soon as one thing does', () => {
    expect(expectWhole(judgeFence({ ...seen, reached: ['192.168.1.1:80'] }, 5), 5)).toMatchObject({
      is: 'broken',
      gravity: 'danger',
      why: 'network-open',
      facts: { addresses: '192.168.1.1:80' },
    });
  });

  it('has nothing against an internet that is away but a remark', () => {
    const away = { ...seen, internet: { service: 'api.example.org:443', isReached: false } };
    expect(expectWhole(judgeFence(away, 5), 5)).toMatchObject({
      is: 'ok',
      notes: [{ code: 'internet-not-reached', facts: { service: 'api.example.org:443' } }],
    });
    const there = { ...away, internet: { ...away.internet, isReached: true } };
    expect(expectWhole(judgeFence(there, 5), 5)).toMatchObject({ is: 'ok', notes: [] });
  });

  it('knows nothing when nobody could knock', () => {
    expect(expectWhole(judgeFence(null, 5))).toMatchObject({ is: 'unknown', why: 'fence-untried' });
  });
});

describe('what comes out of the home', () => {
  const said = (untrustedOut: string, exitCode = 0) => ({
    exitCode,
    untrustedOut,
    untrustedErr: '',
    truncated: false,
  });

  it('is one known word for each knock', () => {
    expect(readAnswers(said('["open","refused","silent"]\n'), 3)).toEqual(['open', 'refused', 'silent']);
  });

  it.each([
    said('["open"]'),
    said('["open","shut"]'),
    said('{}'),
    said('["refused","refused"'),
    said('["refused","refused"]', 1),
    said(''),
  ])('is nothing when it is %j', (result) => {
    expect(readAnswers(result, 2)).toBeNull();
  });

  it('is never more than was asked for', () => {
    fc.assert(
      fc.property(fc.json(), fc.nat({ max: 5 }), (json, count) => {
        const answers = readAnswers(said(json), count);
        expect(answers === null || answers.length === count).toBe(true);
      }),
    );
  });
});

describe('the fence', () => {
  it('is tried from inside, at this computer and all around', async () => {
    const machine = await movedInMachine();
    const finding = await check(networkFenced, machine);
    expect(finding).toMatchObject({ is: 'ok' });
    expect(finding.evidence[0]?.facts.addresses).toBe(
      '192.168.1.20:40000, 10.0.2.2:40000, 169.254.169.254:80, 192.168.1.1:80, 192.168.1.1:443, 192.168.1.1:53',
    );
  });

  it.each(['192.168.1.20', '10.0.2.2', '169.254.169.254', '192.168.1.1'])(
    'has a hole when %s opens, and is whole again after the repair',
    async (address) => {
      const machine = await movedInMachine();
      machine.home?.holes.add(address);
      expect(await check(networkFenced, machine)).toMatchObject({ is: 'broken', why: 'network-open' });
      const { is } = await fix(networkFenced, machine);
      expect(is).toBe('done');
      expect(await check(networkFenced, machine)).toMatchObject({ is: 'ok' });
      expect(machine.home?.isRunning).toBe(true);
    },
  );

  it('is tried where others listen, on a system that asks the person before ClawCove may', async () => {
    const machine = await movedInMachine();
    machine.neighbours.add('192.168.1.20:135');
    const look = async () => {
      const { doors } = openDoors(machine);
      const mute = { ...doors, net: { ...doors.net, listen: async () => null } };
      return networkFenced.check(mute, new AbortController().signal);
    };
    const finding = await look();
    expect(finding).toMatchObject({ is: 'ok' });
    expect(finding.evidence[0]?.facts.addresses).toMatch(/^192\.168\.1\.20:135, 10\.0\.2\.2:135, 169\.254/);
    machine.home?.holes.add('192.168.1.20');
    expect(await look()).toMatchObject({ is: 'broken', why: 'network-open' });
    // Nobody who opens says nothing, whatever stays silent.
    machine.neighbours.clear();
    expect(await look()).toMatchObject({ is: 'unknown', why: 'fence-untried' });
  });

  it('is not asked to keep away what the person let through', async () => {
    const machine = await movedInMachine();
    machine.choices = { ...machine.choices, nearbyServices: ['192.168.1.1:80'] };
    const { evidence } = await check(networkFenced, machine);
    expect(evidence[0]?.facts.addresses).not.toContain('192.168.1.1:80');
    expect(evidence[0]?.facts.addresses).toContain('192.168.1.1:443');
  });

  it('leaves the internet open, as the model’s server shows', async () => {
    const model = { provider: 'deepseek' } as const;
    const machine = await movedInMachine({ choices: { ...freshChoices, model } });
    machine.choices = { ...machine.choices, model };
    expect((await check(networkFenced, machine)).evidence[1]).toMatchObject({
      code: 'internet-reached',
      facts: { service: 'api.deepseek.com:443' },
    });
    machine.isOnline = false;
    expect(await check(networkFenced, machine)).toMatchObject({
      is: 'ok',
      notes: [{ code: 'internet-not-reached' }],
    });
  });
});
