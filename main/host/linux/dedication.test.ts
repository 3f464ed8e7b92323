import { expect, it } from 'vitest';
import { exited, strictRun } from '../strict-run.ts';
import { createDedication, doorFrom } from './dedication.ts';

const now = 1_795_000_000_000;
const laid = (seconds: number, result = 'success') =>
  `LoadState=loaded\nResult=${result}\nExecMainExitTimestamp=@${now / 1000 - seconds}\n`;

it.each([
  ['LoadState=not-found\nResult=success\nExecMainExitTimestamp=\n', { is: 'open' }],
  ['', { is: 'open' }],
  [laid(60), { is: 'shut', at: now - 60_000 }],
  [laid(16 * 60), { is: 'stuck' }],
  [laid(60, 'exit-code'), { is: 'stuck' }],
  // It was not run yet since the computer started.
  ['LoadState=loaded\nResult=success\nExecMainExitTimestamp=\n', { is: 'stuck' }],
])('reads how the door stands: %j', (text, door) => {
  expect(doorFrom(text, now)).toEqual(door);
});

it('asks as this person, and changes nothing', async () => {
  const double = strictRun({
    '/bin/sh -c …': exited(0, 'packages=apt-get\nfixes=on\nsign mail 1\n'),
    'systemctl show …': exited(0, laid(5)),
  });
  const seen = await createDedication(double.run, { now: () => now }).look(new AbortController().signal);
  expect(seen).toEqual({
    signs: [{ sign: 'mail', count: 1 }],
    fixes: 'on',
    door: { is: 'shut', at: now - 5_000 },
  });
  expect(double.calls).toHaveLength(2);
});

it('says nothing where nobody answers', async () => {
  const { run } = strictRun({ '/bin/sh -c …': exited(1), 'systemctl show …': { is: 'not-found' } });
  expect(await createDedication(run, { now: () => now }).look(new AbortController().signal)).toBeNull();
});
