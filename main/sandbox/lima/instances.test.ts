import { describe, expect, it } from 'vitest';
import type { MachineState } from '../distro/machine.ts';
import { fixture } from '../fixtures.ts';
import { findMachine, instancesFrom, isEndOfForwards, machineStateFrom } from './instances.ts';
import { machineName, ours } from './names.ts';
import { asOurs } from './test-samples.ts';

const stateOf = (text: string) => machineStateFrom(findMachine(instancesFrom(text)), 7);
const line = (change: object) =>
  JSON.stringify({ name: machineName, status: 'Stopped', dir: '/d', ...change });
const config = { message: ours };

describe('Lima’s list of machines', () => {
  it.each<[string, string, MachineState]>([
    ['running', asOurs('list.running.constructed.ndjson'), { is: 'running', startedAt: 7 }],
    ['stopped', asOurs('list.stopped.constructed.ndjson'), { is: 'stopped' }],
    ['stopped beside another', asOurs('list.two-instances.constructed.ndjson'), { is: 'stopped' }],
    [
      'without its settings',
      asOurs('list.broken.constructed.ndjson'),
      {
        is: 'faulty',
        why: 'disk-damaged',
        detail: 'open /Users/anna/…/openclaw-home/lima.yaml: no such file or directory',
      },
    ],
    ['none', '', { is: 'missing' }],
    ['others only', fixture('lima/list.running.constructed.ndjson'), { is: 'missing' }],
    ['others only, of an old Lima', fixture('lima/list.v0.8-linux.recorded.ndjson'), { is: 'missing' }],
    ['somebody else’s', line({ config: { message: 'hello' } }), { is: 'foreign', name: machineName }],
    ['somebody else’s, of an old Lima', line({}), { is: 'foreign', name: machineName }],
    ['made, never started', line({ status: 'Uninitialized', config }), { is: 'stopped' }],
    [
      'without its own process',
      line({
        status: 'Broken',
        config,
        errors: ['failed to connect to "/d/ha.sock": dial unix: no such file'],
      }),
      {
        is: 'faulty',
        why: 'gives-no-answer',
        detail: 'failed to connect to "/d/ha.sock": dial unix: no such file',
      },
    ],
    [
      'half ended',
      line({ status: 'Broken', config, errors: ['host agent is running but driver is not'] }),
      { is: 'faulty', why: 'gives-no-answer', detail: 'host agent is running but driver is not' },
    ],
    [
      'on a full disk',
      line({ status: 'Broken', config, errors: ['write /d/x: no space left on device'] }),
      { is: 'faulty', why: 'host-disk-full', detail: 'write /d/x: no space left on device' },
    ],
    [
      'in a state that is new',
      line({ status: 'Hibernating', config }),
      { is: 'faulty', why: 'gives-no-answer', detail: 'Hibernating' },
    ],
    ['with more than we know', line({ config, novel: { a: 1 }, HostOS: 'darwin' }), { is: 'stopped' }],
  ])('%s', (_, text, state) => expect(stateOf(text)).toEqual(state));

  it('counts the lines that say nothing, and reads the others', () => {
    const text = `time="t" level=warning msg="x"\n${line({ config })}\n{"name":7}\n\n`;
    expect(instancesFrom(text)).toMatchObject({ unreadable: 2, instances: [{ name: machineName }] });
  });

  it('tells whether other ports stay inside', () => {
    const [running] = instancesFrom(fixture('lima/list.running.constructed.ndjson')).instances;
    expect(running?.config?.portForwards?.map(isEndOfForwards)).toEqual([false, true]);
    const end = { ignore: true, guestIP: '0.0.0.0', guestPortRange: [1, 65_535], proto: 'any' };
    expect(isEndOfForwards(end)).toBe(true);
    for (const less of [
      { guestPortRange: [1024, 65_535] },
      { proto: 'tcp' },
      { guestIP: '127.0.0.1' },
      { guestIPMustBeZero: true },
      { ignore: false },
    ])
      expect(isEndOfForwards({ ...end, ...less })).toBe(false);
  });
});
