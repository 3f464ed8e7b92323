import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Finding, SafeguardId } from '../contract.ts';
import { Cancelled } from '../problem.ts';
import { openDoors, settle } from '../testing/doors.ts';
import { attention, blind, danger, elsewhere, good, row } from '../testing/safeguards.ts';
import { causeOf, checkOne, inspect, type Seen } from './inspect.ts';

const open = () => new AbortController().signal;
const never = () => new Promise<never>(() => {});

afterEach(() => {
  vi.restoreAllMocks();
});

describe('causeOf', () => {
  const seen = (entries: [SafeguardId, Finding, SafeguardId?][]) =>
    new Map<SafeguardId, Seen>(
      entries.map(([id, finding, blame]) => [id, { finding, blame: blame ?? null }]),
    );

  it('is nobody while everything that is needed is ok or was never looked at', () => {
    expect(causeOf([], seen([['engine-ready', danger]]))).toBeNull();
    expect(causeOf(['engine-ready', 'room-to-work'], seen([['engine-ready', good]]))).toBeNull();
    expect(causeOf(['engine-ready'], seen([['engine-ready', elsewhere]]))).toBeNull();
  });

  it('is the first of them that is not ok, whether broken or not to be looked at', () => {
    const all = seen([
      ['engine-ready', good],
      ['room-to-work', blind],
      ['folder-dedicated', danger],
    ]);
    expect(causeOf(['engine-ready', 'room-to-work', 'folder-dedicated'], all)).toBe('room-to-work');
  });

  it('is the root: a consequence passes the blame on', () => {
    const all = seen([
      ['engine-ready', attention],
      ['sandbox-exists', blind, 'engine-ready'],
    ]);
    expect(causeOf(['sandbox-exists'], all)).toBe('engine-ready');
  });
});

describe('checkOne', () => {
  it('returns what the check found', async () => {
    const { doors } = openDoors();
    expect(await checkOne(row('engine-ready', danger), doors, open())).toEqual(danger);
  });

  it('calls a check that throws "could not look", never green and never red, with one bounded line', async () => {
    const { doors, logged } = openDoors();
    const error = new Error(`${'x'.repeat(500)}\nsecond line`);
    const finding = await checkOne(
      row('engine-ready', () => Promise.reject(error)),
      doors,
      open(),
    );
    expect(finding).toEqual({
      is: 'unknown',
      why: 'could-not-look',
      facts: { detail: 'x'.repeat(200) },
      evidence: [],
    });
    expect(logged).toEqual([{ message: 'could not look at engine-ready', error }]);
  });

  it.each([
    [
      'one that heeds its signal',
      (signal: AbortSignal) =>
        new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    ],
    ['one that does not', never],
  ])('calls a check that takes too long "could not look": %s', async (_, wait) => {
    const { doors } = openDoors();
    const limit = new AbortController();
    vi.spyOn(AbortSignal, 'timeout').mockReturnValue(limit.signal);
    const finding = checkOne(
      row('engine-ready', (_doors, signal) => wait(signal)),
      doors,
      open(),
    );
    limit.abort(new DOMException('time', 'TimeoutError'));
    expect(await finding).toMatchObject({ is: 'unknown', why: 'took-too-long' });
    expect(AbortSignal.timeout).toHaveBeenCalledWith(20_000);
  });

  it('is no finding at all when it was interrupted: it rejects at once, heeded or not', async () => {
    const { doors } = openDoors();
    const abort = new AbortController();
    const finding = checkOne(row('engine-ready', never), doors, abort.signal);
    abort.abort(new Cancelled());
    await expect(finding).rejects.toBeInstanceOf(Cancelled);
    const check = vi.fn(async () => good);
    await expect(checkOne(row('engine-ready', check), doors, abort.signal)).rejects.toBeInstanceOf(Cancelled);
    expect(check).not.toHaveBeenCalled();
  });
});

describe('inspect', () => {
  const look = async (...table: ReturnType<typeof row>[]) => inspect(table, openDoors().doors, open());

  it('looks at everything, and blames nobody when all is ok', async () => {
    const seen = await look(row('engine-ready'), row('sandbox-exists', good, { needs: ['engine-ready'] }));
    expect([...seen]).toEqual([
      ['engine-ready', { finding: good, blame: null }],
      ['sandbox-exists', { finding: good, blame: null }],
    ]);
  });

  it('does not look at what depends on something that is not ok, and shows the root as its cause', async () => {
    const check = vi.fn(async () => good);
    const seen = await look(
      row('engine-ready', attention),
      row('sandbox-exists', check, { needs: ['engine-ready'] }),
      row('gateway-running', check, { needs: ['sandbox-exists'] }),
      row('room-to-work', danger),
    );
    expect(check).not.toHaveBeenCalled();
    for (const id of ['sandbox-exists', 'gateway-running'] as const)
      expect(seen.get(id)).toMatchObject({
        finding: { is: 'unknown', why: 'waiting', facts: { cause: 'engine-ready' } },
        blame: 'engine-ready',
      });
    expect(seen.get('room-to-work')).toEqual({ finding: danger, blame: null });
  });

  it('looks side by side at what does not depend on each other, and in order at what does', async () => {
    const order: string[] = [];
    let open = () => {};
    const slow = async () => {
      await new Promise<void>((resolve) => {
        open = resolve;
      });
      order.push('engine');
      return good;
    };
    const note = (name: string) => async () => {
      order.push(name);
      return good;
    };
    const seen = look(
      row('engine-ready', slow),
      row('room-to-work', note('room')),
      row('sandbox-exists', note('home'), { needs: ['engine-ready', 'room-to-work'] }),
    );
    await settle();
    expect(order).toEqual(['room']);
    open();
    await seen;
    expect(order).toEqual(['room', 'engine', 'home']);
  });

  it('tells each finding as soon as it is known', async () => {
    const told: SafeguardId[] = [];
    await inspect(
      [row('engine-ready'), row('sandbox-exists', danger, { needs: ['engine-ready'] })],
      openDoors().doors,
      open(),
      (id, { finding }) => told.push(finding.is === 'ok' ? id : 'gateway-locked'),
    );
    expect(told).toEqual(['engine-ready', 'gateway-locked']);
  });

  it('asks the engine once however many safeguards want to know, and anew in the next look', async () => {
    const { doors, calls } = openDoors();
    const check = async ({ sandbox }: typeof doors, signal: AbortSignal) => {
      await Promise.all([sandbox.probe(signal), sandbox.inspect(signal), sandbox.observe(signal)]);
      return good;
    };
    const table = [row('engine-ready', check), row('room-to-work', check)];
    await inspect(table, doors, open());
    expect(calls.sort()).toEqual(['sandbox.inspect', 'sandbox.observe', 'sandbox.probe']);
    await inspect(table, doors, open());
    expect(calls).toHaveLength(6);
  });
});
