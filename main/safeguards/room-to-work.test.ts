import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noReceipts } from '../host/store.ts';
import { movedInMachine } from '../testing/apps.ts';
import { check, expectWhole, fix } from '../testing/checks.ts';
import { createMachine, imageOf } from '../testing/machine.ts';
import { judgeRoom, roomToWork } from './room-to-work.ts';

const GiB = 1024 ** 3;
const now = Date.UTC(2026, 10, 22);
const none = { isHeldStill: false, clockAhead: null };
const plenty = { freeDisk: 100 * GiB, memory: 8 * GiB, now, isMovedIn: false, own: none };
const made = {
  ...noReceipts,
  sandbox: { image: imageOf('2026.9.6').reference, version: '2026.9.6', madeAt: 1 },
};

describe('judgeRoom', () => {
  it.each([
    [{}, 'ok'],
    [{ freeDisk: 6 * GiB }, 'ok'],
    [{ freeDisk: 6 * GiB - 1 }, 'disk-short'],
    [{ freeDisk: 1 * GiB, isMovedIn: true }, 'ok'],
    [{ freeDisk: 1 * GiB - 1, isMovedIn: true }, 'disk-short'],
    [{ memory: 3 * GiB }, 'ok'],
    [{ memory: 3 * GiB - 1 }, 'memory-short'],
    [{ now: Date.UTC(2026, 0, 1) }, 'ok'],
    [{ now: Date.UTC(2026, 0, 1) - 1 }, 'clock-wrong'],
    [{ own: { ...none, isHeldStill: true } }, 'home-held-still'],
    [{ own: { ...none, clockAhead: 60_000 } }, 'ok'],
    [{ own: { ...none, clockAhead: 60_001 } }, 'home-clock-off'],
    [{ own: { ...none, clockAhead: -60_001 } }, 'home-clock-off'],
  ])('%j is %s', (change, result) => {
    const finding = expectWhole(judgeRoom({ ...plenty, ...change }, []));
    expect(finding.is === 'ok' ? 'ok' : finding.why).toBe(result);
    if (finding.is === 'broken') expect(finding.gravity).toBe('attention');
  });

  it('never wants more room of somebody who has moved in', () => {
    fc.assert(
      fc.property(fc.nat({ max: 2 ** 40 }), fc.nat({ max: 2 ** 40 }), (freeDisk, memory) => {
        const is = (isMovedIn: boolean) => judgeRoom({ ...plenty, freeDisk, memory, isMovedIn }, []).is;
        if (is(false) === 'ok') expect(is(true)).toBe('ok');
      }),
    );
  });
});

describe('room to work', () => {
  it('is measured where the engine keeps its downloads', async () => {
    expect(await check(roomToWork, createMachine())).toMatchObject({
      is: 'ok',
      evidence: [
        { code: 'free-disk', facts: { bytes: 100 * GiB } },
        { code: 'memory', facts: { bytes: 8 * GiB } },
      ],
    });
    expect(await check(roomToWork, createMachine({ freeDisk: 2 * GiB }))).toMatchObject({
      why: 'disk-short',
    });
    expect(await check(roomToWork, createMachine({ freeDisk: 2 * GiB, receipts: made }))).toMatchObject({
      is: 'ok',
    });
  });

  it('is made by dropping images that the home does not need', async () => {
    const machine = createMachine({
      freeDisk: 0,
      receipts: made,
      images: new Map(['2026.9.5', '2026.9.6'].map((version) => [version, imageOf(version)])),
    });
    expect(await fix(roomToWork, machine)).toMatchObject({ is: 'done' });
    expect([...machine.images.keys()]).toEqual(['2026.9.6']);
    expect(await check(roomToWork, machine)).toMatchObject({ is: 'ok' });
  });

  it('can’t be made in an engine that isn’t there, and that is no error', async () => {
    const { is, calls } = await fix(roomToWork, createMachine({ engine: { is: 'absent' } }));
    expect(is).toBe('done');
    expect(calls).toEqual(['sandbox.probe']);
  });
});

describe('a home with a machine of its own', () => {
  it('is set right when its clock is off', async () => {
    const machine = await movedInMachine({ clockAhead: -3_600_000 });
    expect(await check(roomToWork, machine)).toMatchObject({ why: 'home-clock-off', facts: { off: 3_600 } });
    expect(await fix(roomToWork, machine)).toMatchObject({ is: 'done' });
    expect(await check(roomToWork, machine)).toMatchObject({
      is: 'ok',
      evidence: expect.arrayContaining([expect.objectContaining({ code: 'home-clock', facts: { off: 0 } })]),
    });
  });

  it('goes on when it was held still for want of room', async () => {
    const machine = await movedInMachine();
    Object.assign(machine.home ?? {}, { tampered: { fault: { why: 'host-disk-full', detail: 'io-error' } } });
    expect(await check(roomToWork, machine)).toMatchObject({ is: 'broken', why: 'home-held-still' });
    expect(await fix(roomToWork, machine)).toMatchObject({ is: 'done' });
    expect(await check(roomToWork, machine)).toMatchObject({ is: 'ok' });
    expect(machine.state?.memories).toEqual(['my name is Ada']);
  });

  it('keeps nobody from measuring the rest when it can’t be asked', async () => {
    const machine = await movedInMachine();
    machine.engine = { is: 'absent' };
    expect(await check(roomToWork, machine)).toMatchObject({ is: 'ok' });
  });
});
