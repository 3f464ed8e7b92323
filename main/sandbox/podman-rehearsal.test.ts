/** What a rehearsal leaves for the home, with Podman as a strict double. */
import { expect, it } from 'vitest';
import type { Outcome } from '../doors.ts';
import { exited, strictRun } from '../host/strict-run.ts';
import { fixture } from './fixtures.ts';
import { createPodman } from './podman-call.ts';
import { handCompiledOver } from './podman-rehearsal.ts';

const image = `example.org/openclaw@sha256:${'a'.repeat(64)}`;
const volume = (folder: string, labels: object = {}) =>
  exited(0, JSON.stringify([{ Mountpoint: `/${folder}/_data`, Labels: labels }]));
const compiled = 'podman volume inspect -- clawcove-openclaw-compiled';
const own = 'podman volume inspect -- bcc4d426dcf1808feecd31a272d0d78042a88a2c3c3481e45c457b6079c688ba';
const inspect = 'podman container inspect --format=json -- next';
const rename = 'podman unshare mv -T -- /compiled/_data /own/_data';
const remove = 'podman volume rm -- clawcove-openclaw-compiled';

async function callsWith(answers: Record<string, Outcome>): Promise<string[]> {
  const double = strictRun({
    [compiled]: volume('compiled', { 'app.clawcove.image': image }),
    [inspect]: exited(0, fixture('inspect.home-4.3.1.recorded.json')),
    [own]: volume('own'),
    [rename]: exited(0),
    [remove]: exited(0),
    ...answers,
  });
  await handCompiledOver(createPodman(double.run, []), 'next', image, new AbortController().signal);
  return double.calls;
}

it('gives what it has compiled to the next home of the same image', async () => {
  expect(await callsWith({})).toEqual([compiled, inspect, own, rename, remove]);
});

it('gives it to no home of another image', async () => {
  const answers = { [compiled]: volume('compiled', { 'app.clawcove.image': 'another' }) };
  expect(await callsWith(answers)).toEqual([compiled, remove]);
});

it('has nothing to give where there was no rehearsal', async () => {
  expect(await callsWith({ [compiled]: exited(125, '', 'Error: no such volume') })).toEqual([compiled]);
});

it('takes a home that starts cold for no failure', async () => {
  expect(await callsWith({ [rename]: exited(1, '', 'mv: cannot move') })).toContain(remove);
});
