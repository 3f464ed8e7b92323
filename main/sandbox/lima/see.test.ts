import { describe, expect, it } from 'vitest';
import { exited, strictRun } from '../../host/strict-run.ts';
import { findMachine, instancesFrom } from './instances.ts';
import { portsSeen, seeMachine } from './see.ts';
import { asOurs } from './test-samples.ts';

const signal = new AbortController().signal;
const running = findMachine(instancesFrom(asOurs('list.running.constructed.ndjson')));
const ps = '/bin/ps -o uid= -p 4211';
const lsof = '/usr/sbin/lsof -nP -a -p 4211 -iTCP -sTCP:LISTEN -Fpctn';
const listening = 'p4211\nclimactl\nf9\nn127.0.0.1:18789\nf10\nn127.0.0.1:53187\nf11\nn127.0.0.1:60999\n';

describe('a running machine', () => {
  it('is seen by its process: whose it is and where it listens', async () => {
    const { run } = strictRun({ [ps]: exited(0, '  501\n'), [lsof]: exited(0, listening) });
    expect(await seeMachine(run, running, signal)).toEqual({
      hostUid: 501,
      ports: [
        { address: '127.0.0.1', port: 18_789, insidePort: 18_789 },
        { address: '127.0.0.1', port: 53_187, insidePort: 22 },
      ],
      sharedFolders: ['/Users/anna/OpenClaw Shared'],
      confinement: ['vmType=vz', 'mountType=', 'networks=0', 'forwardAgent=', 'otherPorts=ignored'],
    });
  });

  it('that listens for everybody is seen to, whatever its settings say', () => {
    if (!running) throw new Error('no sample');
    expect(
      portsSeen(running, 'p4211\nclimactl\nf9\ntIPv4\nn*:8080\nf10\nn192.168.1.7:18789\nf11\ntIPv6\nn*:9\n'),
    ).toEqual([
      { address: '0.0.0.0', port: 8_080, insidePort: 8_080 },
      { address: '192.168.1.7', port: 18_789, insidePort: 18_789 },
      { address: '::', port: 9, insidePort: 9 },
    ]);
  });

  it('that listens nowhere does', async () => {
    const { run } = strictRun({ [ps]: exited(0, '501\n'), [lsof]: exited(1) });
    expect(await seeMachine(run, running, signal)).toMatchObject({ hostUid: 501, ports: [] });
  });

  it('that can’t be looked at is not called harmless', async () => {
    for (const answers of [
      { [ps]: exited(1), [lsof]: exited(0, listening) },
      { [ps]: exited(0, '501'), [lsof]: exited(1, '', 'lsof: WARNING: can’t stat') },
      { [ps]: exited(0, '501'), [lsof]: { is: 'timed-out' as const } },
      { [ps]: { is: 'not-found' as const }, [lsof]: exited(0) },
    ])
      await expect(seeMachine(strictRun(answers).run, running, signal)).rejects.toMatchObject({
        problem: { code: 'engine-failed' },
      });
  });
});

it('a machine that rests is seen by its settings; one that is missing shows nothing', async () => {
  const { run } = strictRun({});
  const stopped = findMachine(instancesFrom(asOurs('list.stopped.constructed.ndjson')));
  expect(await seeMachine(run, stopped, signal)).toMatchObject({
    hostUid: null,
    ports: [],
    sharedFolders: ['/Users/anna/OpenClaw Shared'],
  });
  expect(await seeMachine(run, null, signal)).toEqual({
    hostUid: null,
    ports: [],
    sharedFolders: [],
    confinement: [],
  });
});
