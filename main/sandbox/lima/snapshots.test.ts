import { describe, expect, it } from 'vitest';
import { exited, strictRun } from '../../host/strict-run.ts';
import { createLimactl } from './limactl.ts';
import { dropSnapshot, restoreSnapshot, takeSnapshot } from './snapshots.ts';

const signal = new AbortController().signal;
const lima = 'limactl --tty=false';

/** Lima with these machines; every order that changes something succeeds. */
function withMachines(names: readonly string[], status = 'Stopped') {
  const lines = names.map((name) => JSON.stringify({ name, status, dir: '/d' })).join('\n');
  const double = strictRun({
    [`${lima} list --json`]: exited(0, lines),
    [`${lima} clone …`]: exited(0),
    [`${lima} rename …`]: exited(0),
    [`${lima} delete …`]: exited(0),
  });
  const orders = () => double.calls.slice(1).map((call) => call.slice(lima.length + 1));
  return { limactl: createLimactl({ run: double.run, program: 'limactl', home: '/h' }), orders };
}

describe('a snapshot', () => {
  it('is a double of the machine, in the place of an older one', async () => {
    const first = withMachines(['clawcove']);
    await takeSnapshot(first.limactl, signal);
    expect(first.orders()).toEqual(['clone clawcove clawcove-before']);
    const next = withMachines(['clawcove', 'clawcove-before', 'somebody']);
    await takeSnapshot(next.limactl, signal);
    expect(next.orders()).toEqual(['delete --force clawcove-before', 'clone clawcove clawcove-before']);
  });

  it.each<[string, string[], string[]]>([
    [
      'whole',
      ['clawcove', 'clawcove-before'],
      ['rename clawcove clawcove-aside', 'clone clawcove-before clawcove', 'delete --force clawcove-aside'],
    ],
    [
      'after it was put aside',
      ['clawcove-aside', 'clawcove-before'],
      ['clone clawcove-before clawcove', 'delete --force clawcove-aside'],
    ],
    [
      'after half a copy',
      ['clawcove', 'clawcove-aside', 'clawcove-before'],
      ['delete --force clawcove', 'clone clawcove-before clawcove', 'delete --force clawcove-aside'],
    ],
    ['without any machine', ['clawcove-before'], ['clone clawcove-before clawcove']],
  ])('comes back, %s', async (_, there, orders) => {
    const double = withMachines(there);
    await restoreSnapshot(double.limactl, signal);
    expect(double.orders()).toEqual(orders);
  });

  it('that is not there changes nothing', async () => {
    const double = withMachines(['clawcove']);
    await expect(restoreSnapshot(double.limactl, signal)).rejects.toMatchObject({
      problem: { code: 'state-gone' },
    });
    await dropSnapshot(double.limactl, signal);
    expect(double.orders().filter((order) => !order.startsWith('list'))).toEqual([]);
  });

  it('goes', async () => {
    const double = withMachines(['clawcove', 'clawcove-before']);
    await dropSnapshot(double.limactl, signal);
    expect(double.orders()).toEqual(['delete --force clawcove-before']);
  });

  it('is none of a machine that runs', async () => {
    const double = withMachines(['clawcove', 'clawcove-before'], 'Running');
    for (const act of [takeSnapshot, restoreSnapshot])
      await expect(act(double.limactl, signal)).rejects.toMatchObject({
        problem: { code: 'home-is-running' },
      });
  });
});
