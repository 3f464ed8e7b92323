import { describe, expect, it } from 'vitest';
import { movedInMachine } from '../testing/apps.ts';
import { check, expectWhole, fix } from '../testing/checks.ts';
import { livesOnComputer, nothingOnComputer } from '../testing/host-openclaw.ts';
import { createMachine, testPort } from '../testing/machine.ts';
import { type HostFacts, hostClean, judgeHost } from './host-clean.ts';

const seen = { is: 'seen', homes: [], programs: [], services: [], gateways: [] } as const;
const home = { profile: 'default', folder: '/home/ada/.openclaw', version: '2026.9.5' } as const;
const service = { name: 'openclaw-gateway.service', startsByItself: true, isActive: null } as const;
const judge = (change: Partial<HostFacts>) =>
  expectWhole(judgeHost({ look: seen, taken: null, move: null, resting: [], ...change }, 7), 7);

describe('judgeHost', () => {
  it.each<[string, Partial<HostFacts>, object]>([
    ['nothing', {}, { is: 'ok', notes: [] }],
    [
      'one that runs, wherever its memories are',
      { look: { ...seen, gateways: [{ pid: 1, profile: null }] } },
      { is: 'broken', gravity: 'danger', why: 'host-openclaw-runs' },
    ],
    [
      'memories alone',
      { look: { ...seen, homes: [home] } },
      { is: 'broken', gravity: 'attention', why: 'host-openclaw-lies' },
    ],
    [
      'what starts it alone',
      { look: { ...seen, services: [service] } },
      { is: 'broken', gravity: 'attention', why: 'host-openclaw-starts' },
    ],
    [
      'a program that nobody starts',
      { look: { ...seen, programs: [{ folder: '/usr/lib/node_modules/openclaw', version: null }] } },
      { is: 'ok', notes: [{ code: 'host-program-left' }] },
    ],
    [
      'another program on the port',
      { taken: { port: 18_789, program: '' } },
      { is: 'broken', gravity: 'attention', why: 'host-port-held' },
    ],
    [
      'a computer that can’t be looked at, whatever else is known',
      { look: { is: 'unreadable', what: '/home/ada' }, taken: { port: 18_789, program: 'x' } },
      { is: 'unknown', why: 'host-unreadable' },
    ],
    [
      'a folder that the system keeps from us',
      { look: { is: 'protected', what: '/Users/ada/.openclaw' } },
      { is: 'unknown', why: 'host-protected', facts: { path: '/Users/ada/.openclaw' } },
    ],
    [
      'a system that does not answer',
      { look: { is: 'unanswered', what: 'schtasks' } },
      { is: 'unknown', why: 'host-unanswered', facts: { program: 'schtasks' } },
    ],
  ])('%s', (_, facts, finding) => {
    expect(judge(facts)).toMatchObject(finding);
  });

  it('says where what rests can be found', () => {
    const resting = { mark: '2026-11-22', profiles: ['default'], services: [] };
    const move = { stage: 'done', at: 1, resting, came: null } as const;
    expect(judge({ move, resting: ['/home/ada/.openclaw.aside'] })).toMatchObject({
      is: 'ok',
      notes: [{ code: 'host-put-to-rest', facts: { path: '/home/ada/.openclaw.aside' } }],
    });
  });
});

describe('the look', () => {
  it('finds one on the computer itself, also before there is a home', async () => {
    const found = { is: 'broken', gravity: 'danger' };
    expect(await check(hostClean, createMachine({ onComputer: livesOnComputer() }))).toMatchObject(found);
    const machine = await movedInMachine();
    expect(await check(hostClean, machine)).toMatchObject({ is: 'ok' });
    machine.onComputer = livesOnComputer();
    expect(await check(hostClean, machine)).toMatchObject(found);
  });

  it('could not look, which is neither good nor bad', async () => {
    const machine = createMachine({ onComputer: { ...nothingOnComputer(), isShut: true } });
    expect(await check(hostClean, machine)).toMatchObject({ is: 'unknown' });
  });

  it('does not take the home’s own port for somebody else’s, nor ask for it while OpenClaw is to rest', async () => {
    const machine = await movedInMachine();
    machine.squatters.set(testPort, 'nginx');
    expect(await check(hostClean, machine)).toMatchObject({ is: 'ok' });
    if (machine.home) Object.assign(machine.home, { isRunning: false, startedAt: null });
    expect(await check(hostClean, machine)).toMatchObject({
      why: 'host-port-held',
      facts: { program: 'nginx' },
    });
    machine.choices = { ...machine.choices, stopped: true };
    expect(await check(hostClean, machine)).toMatchObject({ is: 'ok' });
  });
});

it('lets another program have the port, and the home take the next one', async () => {
  const machine = await movedInMachine();
  if (machine.home) Object.assign(machine.home, { isRunning: false, startedAt: null });
  machine.squatters.set(testPort, 'nginx');
  expect(await fix(hostClean, machine)).toMatchObject({ is: 'done' });
  expect(machine.choices.port).toBe(testPort + 1);
  expect(await check(hostClean, machine)).toMatchObject({ is: 'ok' });
});
