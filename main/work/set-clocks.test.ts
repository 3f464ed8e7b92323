/**
 * Both schedules in the whole app, on a computer whose clock is set, which travels, sleeps and starts
 * anew: whatever the order, they neither ask in a storm nor fall silent.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ProblemError } from '../problem.ts';
import { movedInMachine, startApp, type TestApp } from '../testing/apps.ts';
import { settle } from '../testing/doors.ts';
import { elapsed, type Machine, moveClock } from '../testing/machine.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const year = 365 * day;

/** Short waits of an update itself are slept through; the watch is woken by hand. */
const byHand = { sleepsThrough: (ms: number) => ms <= 2_000 };

type Event =
  | { readonly is: 'clock-set'; readonly by: number }
  | { readonly is: 'travelled'; readonly to: string }
  | { readonly is: 'asleep'; readonly for: number }
  | { readonly is: 'restarted' }
  | { readonly is: 'offline' }
  | { readonly is: 'online' }
  /** A version that doesn't work here, or does, and whose download breaks off so many times. */
  | { readonly is: 'released'; readonly outFor: number; readonly asDud: boolean; readonly failures: number };

/** After each comes some time in which the computer is awake. */
type Life = readonly (readonly [Event, awake: number])[];

/** What is counted, and how many there may be within an hour and a day, and more for each event in it. */
const limits = {
  // While nobody can be asked, each of two askers comes every quarter of an hour, and each of two tries asks.
  'sandbox.listVersions': { hour: 10, day: 9 * 24, event: 3 },
  'sandbox.describeVersion': { hour: 3, day: 5, event: 2 },
  'sandbox.fetchImage': { hour: 2, day: 5, event: 2 },
  'appUpdates.look': { hour: 1, day: 25, event: 1 },
  // A fetch each, and once more to keep what has proven itself.
  update: { hour: 3, day: 6, event: 2 },
  'back-up': { hour: 1, day: 1, event: 1 },
} as const;
type Counted = keyof typeof limits;
const counted = Object.keys(limits) as Counted[];

async function live(machine: Machine) {
  const times = new Map<string, number[]>([...counted, 'event'].map((name) => [name, []]));
  const note = (name: string) => void times.get(name)?.push(elapsed(machine));
  const since = (name: Counted, moment: number) =>
    (times.get(name) ?? []).filter((at) => at >= moment).length;
  let test: TestApp;
  /** So many downloads more break off. */
  let failures = 0;

  async function start(): Promise<void> {
    test = startApp(machine, byHand);
    for (const name of counted)
      test.before(name, () => {
        note(name);
        if (name === 'sandbox.fetchImage' && failures-- > 0) throw new ProblemError('no-internet');
      });
    let before = '';
    test.app.state.subscribe(({ work }) => {
      const job = work.is === 'running' ? work.job : '';
      if (job !== before) note(job);
      before = job;
    });
    await test.app.start();
    await settle();
  }

  /** The computer is awake; what is begun comes to its end or waits for the clock. */
  async function awake(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += 5 * minute) {
      await test.advance(5 * minute);
      for (let turn = 0; turn < 3_000 && test.app.state.get().work.is === 'running'; turn++)
        await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** Days in which nothing more befalls; the computer is awake for a third of them. */
  async function quiet(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += hour) {
      machine.now += 40 * minute;
      test.app.nudge();
      await awake(20 * minute);
    }
  }

  async function befall(event: Event): Promise<void> {
    note('event');
    switch (event.is) {
      case 'clock-set':
        return moveClock(machine, event.by);
      case 'travelled':
        machine.zone = event.to;
        return;
      case 'asleep':
        machine.now += event.for;
        return test.app.nudge();
      case 'restarted':
        await test.app.close();
        return start();
      case 'offline':
        machine.offered = null;
        machine.appOffered = 'source-silent';
        return;
      case 'online':
        machine.offered = offered(machine);
        machine.appOffered = currentApp;
        failures = 0;
        return;
      case 'released': {
        const version = release(machine, event.outFor);
        if (event.asDud) machine.duds.add(version);
        failures = event.failures;
        return;
      }
    }
  }

  /** How often something happened within a time from one of its moments on, at its worst, over what is allowed. */
  function excess(name: Counted, length: 'hour' | 'day'): number {
    const span = length === 'hour' ? hour : day;
    const events = times.get('event') ?? [];
    const all = times.get(name) ?? [];
    return Math.max(
      0,
      ...all.map((from) => {
        const within = (at: number) => at >= from && at < from + span;
        // What an event leads to may come a while after it.
        const recent = events.filter((at) => at > from - hour && at < from + span).length;
        return all.filter(within).length - limits[name][length] - recent * limits[name].event;
      }),
    );
  }

  await start();
  return {
    awake,
    quiet,
    befall,
    since,
    excess,
    close: () => test.app.close(),
    version: () => machine.home?.spec.version,
    test: () => test,
  };
}

const currentApp = { version: '1.2.3', isOurTurn: true, safeFrom: null } as const;

/** What has come out until now: the image source's own clock is right. */
const offered = ({ published }: Machine) => ['2026.9.6', ...published.keys()];

function release(machine: Machine, outFor: number): string {
  const version = `2026.9.${7 + machine.published.size}`;
  machine.published.set(version, elapsed(machine) - outFor);
  if (machine.offered !== null) machine.offered = offered(machine);
  return version;
}

/** Lives a life, and then some days in which nothing more befalls. */
async function outlive(life: Life): Promise<void> {
  const machine = await movedInMachine({ appOffered: currentApp });
  machine.offered = offered(machine);
  const it = await live(machine);
  for (const [event, ms] of life) {
    await it.befall(event);
    await it.awake(ms);
  }
  // Everything works from now on, and there is something to update to.
  await it.befall({ is: 'online' });
  machine.duds.clear();
  const newest = release(machine, 10 * day);
  const isRipe = (machine.published.get(newest) ?? 0) + 3 * day <= machine.now;
  const from = elapsed(machine);
  await it.quiet(2 * day);
  expect(it.since('sandbox.listVersions', from)).toBeGreaterThan(0);
  expect(it.since('appUpdates.look', from)).toBeGreaterThan(4);
  // No update is begun on a clock that can't be right, but the person is told of it.
  const room = it
    .test()
    .app.state.get()
    .rows.find(({ id }) => id === 'room-to-work');
  if (machine.now < Date.UTC(2026, 0, 1)) {
    expect(room?.finding).toMatchObject({ why: 'clock-wrong' });
    await it.befall({ is: 'clock-set', by: -machine.moved });
    await it.quiet(2 * day);
  }
  // Dated by a clock that is ahead, it is out since it was first seen: a day at most until then, two of
  // cooling off, and one at most until the person's hour.
  else if (!isRipe) await it.quiet(2.5 * day);
  expect(it.since('update', from)).toBeGreaterThan(0);
  expect(it.version()).toBe(newest);
  for (const name of counted)
    for (const length of ['hour', 'day'] as const)
      expect([name, length, it.excess(name, length)]).toEqual([name, length, 0]);
  await it.close();
}

const zones = [
  'Europe/Berlin',
  'Pacific/Kiritimati',
  'Pacific/Pago_Pago',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'UTC',
];

const randomEvent: fc.Arbitrary<Event> = fc.oneof(
  fc.record({
    is: fc.constant('clock-set' as const),
    by: fc
      .tuple(fc.constantFrom(-1, 1), fc.constantFrom(hour, day, year), fc.integer({ min: 1, max: 9 }))
      .map(([sign, unit, times]) => sign * unit * (unit === year ? 1 : times)),
  }),
  fc.record({ is: fc.constant('travelled' as const), to: fc.constantFrom(...zones) }),
  fc.record({
    is: fc.constant('asleep' as const),
    for: fc.integer({ min: 1, max: 100 }).map((h) => h * hour),
  }),
  fc.constantFrom<Event>({ is: 'restarted' }, { is: 'offline' }, { is: 'online' }),
  fc.record({
    is: fc.constant('released' as const),
    outFor: fc.constantFrom(0, 10 * day),
    asDud: fc.boolean(),
    failures: fc.integer({ min: 0, max: 5 }),
  }),
);
const randomLife: fc.Arbitrary<Life> = fc.array(
  fc.tuple(
    randomEvent,
    fc.integer({ min: 2, max: 36 }).map((times) => times * 10 * minute),
  ),
  { minLength: 1, maxLength: 8 },
);

const set = (by: number): Event => ({ is: 'clock-set', by });
const travelled = (to: string): Event => ({ is: 'travelled', to });
const failing: Event = { is: 'released', outFor: 10 * day, asDud: false, failures: 5 };
const dud: Event = { is: 'released', outFor: 10 * day, asDud: true, failures: 0 };
const often = (times: number, awake: number, ...events: readonly Event[]): Life =>
  Array.from({ length: times }, () => events.map((event) => [event, awake] as const)).flat();

describe('neither a storm nor silence', () => {
  it.each<[string, Life]>([
    [
      'a year too far that is put right the next day',
      [
        [set(year), day],
        [set(-year), hour],
      ],
    ],
    [
      'half a year back',
      [
        [failing, 26 * hour],
        [set(-year / 2), hour],
      ],
    ],
    ['back before ClawCove was written', [[set(-year), day]]],
    ['to and fro all the time', [[failing, hour], ...often(6, 10 * minute, set(day), set(-day))]],
    [
      'to the night on which summer begins',
      [
        [set(126 * day), 0],
        [dud, day],
      ],
    ],
  ])('comes of a clock that is set: %s', async (_, life) => {
    await outlive(life);
  });

  it.each<[string, Life]>([
    [
      'from one end of the day to the other',
      often(6, 20 * minute, travelled('Pacific/Kiritimati'), travelled('Pacific/Pago_Pago')),
    ],
    ['while a version fails', [[dud, hour], ...zones.map((zone) => [travelled(zone), 4 * hour] as const)]],
  ])('comes of travelling %s', async (_, life) => {
    await outlive(life);
  });

  it.each<[string, Life]>([
    ['a computer that is hardly ever awake', often(5, 10 * minute, { is: 'asleep', for: 50 * hour })],
    ['one that is started again and again', [[failing, hour], ...often(8, 10 * minute, { is: 'restarted' })]],
    [
      'one whose clock is set back while nobody can be asked',
      [
        [{ is: 'offline' }, 26 * hour],
        [set(-9 * day), hour],
      ],
    ],
    [
      'one that is started again then, and set forward',
      [
        [{ is: 'offline' }, hour],
        [set(-9 * day), hour],
        [{ is: 'restarted' }, hour],
        [set(year), hour],
      ],
    ],
  ])('comes of %s', async (_, life) => {
    await outlive(life);
  });

  it('comes of any life', async () => {
    await fc.assert(fc.asyncProperty(randomLife, outlive), { numRuns: 4, endOnFailure: true });
  });
});
