import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lastHour } from './hour-of-day.ts';
import {
  type Decision,
  decide,
  nothingInTheWay,
  type Surroundings,
  type UpdateChoices,
  type UpdateFacts,
} from './when-to-update.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const zone = 'Europe/Berlin';
/** Noon in Berlin; it struck three nine hours ago. */
const now = Date.UTC(2026, 10, 22, 11);
const three = now - 9 * hour;

const choices: UpdateChoices = {
  channel: 'stable',
  automaticUpdates: true,
  updateHour: 3,
  postponedUntil: null,
  stopped: false,
};
const behind: UpdateFacts = {
  running: '2026.9.6',
  look: { channel: 'stable', newest: '2026.9.7', at: now - hour, since: now - 10 * day },
  askedInVainAt: null,
  publishedAt: now - 10 * day,
  failed: null,
  inVain: [],
  surroundings: nothingInTheWay,
};
const seen = (change: Partial<UpdateFacts>, at = now, chosen: Partial<UpdateChoices> = {}) =>
  decide(at, zone, { ...choices, ...chosen }, { ...behind, ...change });
const around = (change: Partial<Surroundings>, at = now) =>
  seen({ surroundings: { ...nothingInTheWay, ...change } }, at);
const said = (decision: Decision) => ('why' in decision ? decision.why : decision.is);

describe('looking for a new version', () => {
  it('comes once after the person’s hour, whenever the computer is there', () => {
    const look = { channel: 'stable', newest: '2026.9.6', since: 0 } as const;
    expect(seen({ look: null })).toEqual({ is: 'look' });
    expect(seen({ look: { ...look, at: three - 1 } })).toEqual({ is: 'look' });
    expect(seen({ look: { ...look, at: three } })).toEqual({ is: 'nothing', until: three + day });
    expect(seen({ look: { ...look, at: three } }, three + day)).toEqual({ is: 'look' });
  });

  it('comes at once on another channel', () => {
    expect(seen({}, now, { channel: 'beta' })).toEqual({ is: 'look' });
  });

  it('comes again soon when nobody could be asked, and not all the time', () => {
    const inVain = (ms: number) => seen({ look: null, askedInVainAt: now - ms });
    expect(inVain(15 * minute - 1).is).toBe('nothing');
    expect(inVain(15 * minute)).toEqual({ is: 'look' });
    expect(inVain(-1)).toEqual({ is: 'look' });
  });

  it('goes on where updates by themselves are turned off: the person is told all the same', () => {
    expect(seen({ look: null }, now, { automaticUpdates: false })).toEqual({ is: 'look' });
    expect(seen({}, now, { automaticUpdates: false }).is).toBe('nothing');
  });
});

describe('an update by itself', () => {
  it('comes when there is a newer version, and none when there is not', () => {
    expect(seen({})).toEqual({ is: 'update', version: '2026.9.7' });
    for (const running of ['2026.9.7', '2026.9.8', null]) expect(seen({ running }).is).toBe('nothing');
    expect(seen({ look: { channel: 'stable', newest: null, at: now, since: now } }).is).toBe('nothing');
  });

  it('does not come to a version that failed here, but to the next', () => {
    const failed = (version: string) => ({ failed: { version, why: 'unwell', at: 5 } }) as const;
    expect(seen(failed('2026.9.7')).is).toBe('nothing');
    expect(seen(failed('2026.9.6')).is).toBe('update');
  });

  it('waits until a version has been out for two days, and then for the person’s hour', () => {
    // Out since noon of the day before yesterday: the next three o'clock is tomorrow's.
    expect(seen({ publishedAt: now - 2 * day })).toEqual({
      is: 'wait',
      why: 'cooling-off',
      until: three + day,
    });
    expect(seen({ publishedAt: now - 2 * day }, three + day)).toEqual({ is: 'look' });
    const looked = { channel: 'stable', newest: '2026.9.7', at: three + day, since: now } as const;
    expect(seen({ publishedAt: now - 2 * day, look: looked }, three + day)).toMatchObject({ is: 'update' });
    expect(seen({ publishedAt: now })).toEqual({ is: 'wait', why: 'cooling-off', until: three + 3 * day });
  });

  it('counts from when it was first offered where nobody says when it came out, or says nonsense', () => {
    for (const publishedAt of [null, now + 400 * day]) {
      expect(seen({ publishedAt })).toMatchObject({ is: 'update' });
      const fresh = { channel: 'stable', newest: '2026.9.7', at: now, since: now - hour } as const;
      expect(said(seen({ publishedAt, look: fresh }))).toBe('cooling-off');
    }
  });

  it('comes at once away from a version with known holes', () => {
    const unsafe = { running: '2026.6.1', publishedAt: now };
    expect(seen(unsafe)).toMatchObject({ is: 'update' });
    expect(seen(unsafe, now, { postponedUntil: now + day })).toMatchObject({ is: 'update' });
    expect(said(seen({ ...unsafe, surroundings: { ...nothingInTheWay, agent: 'busy' } }))).toBe('agent-busy');
  });

  it('waits for as long as the person said, a week at most', () => {
    expect(seen({}, now, { postponedUntil: now + 1 })).toEqual({
      is: 'wait',
      why: 'postponed',
      until: three + day,
    });
    expect(seen({}, now, { postponedUntil: three }).is).toBe('update');
    expect(seen({}, now, { postponedUntil: now + 8 * day }).is).toBe('update');
  });

  it.each<[string, Partial<Surroundings>, string]>([
    ['a low battery', { power: { is: 'battery', share: 0.29 } }, 'battery'],
    ['a fuller battery', { power: { is: 'battery', share: 0.3 } }, 'update'],
    ['a battery that says nothing', { power: { is: 'unknown' } }, 'update'],
    ['a metered connection', { isMetered: true }, 'metered'],
    ['a free connection', { isMetered: false }, 'update'],
    ['an agent at work', { agent: 'busy' }, 'agent-busy'],
    ['an agent that can’t be asked', { agent: 'unknown' }, 'agent-busy'],
  ])('with %s: %s', (_, change, result) => {
    expect(said(around(change))).toBe(result);
  });

  it('waits a day for a pause of the agent, an hour for one that can’t be asked', () => {
    const waits = (agent: 'busy' | 'unknown', ms: number) => around({ agent, waitingSince: now - ms });
    expect(waits('busy', day - 1)).toEqual({ is: 'wait', why: 'agent-busy', until: now + 1 });
    expect(waits('busy', day).is).toBe('update');
    expect(waits('unknown', hour - 1)).toEqual({ is: 'wait', why: 'agent-busy', until: now + 1 });
    expect(waits('unknown', hour).is).toBe('update');
    expect(waits('busy', -30 * day)).toEqual({ is: 'wait', why: 'agent-busy', until: now + 15 * minute });
  });

  it('leaves alone what the person stopped', () => {
    expect(said(seen({}, now, { stopped: true }))).toBe('stopped');
  });

  it('that came to nothing is tried again later and later', () => {
    const tried = (tries: number, ms: number) =>
      said(seen({ inVain: Array.from({ length: tries }, (_, i) => now - ms - i * day) }));
    expect(tried(1, 15 * minute - 1)).toBe('tried-lately');
    expect(tried(1, 15 * minute)).toBe('update');
    expect(tried(2, hour - 1)).toBe('tried-lately');
    expect(tried(2, hour)).toBe('update');
    expect(tried(3, 6 * hour - 1)).toBe('tried-lately');
    expect(tried(9, day - 1)).toBe('tried-lately');
    expect(tried(9, day)).toBe('update');
    expect(said(seen({ inVain: [now + day] }))).toBe('update');
  });

  it('never decides to wait until a moment that has passed', () => {
    const moment = fc.integer({ min: -400 * day, max: 400 * day }).map((ms) => now + ms);
    const maybe = fc.option(moment, { nil: null });
    fc.assert(
      fc.property(
        fc.record({
          at: moment,
          since: moment,
          publishedAt: maybe,
          until: maybe,
          inVain: fc.array(moment),
          asked: maybe,
        }),
        fc.constantFrom<Surroundings['agent']>('idle', 'busy', 'unknown'),
        maybe,
        ({ at, since, publishedAt, until, inVain, asked }, agent, waitingSince) => {
          const decision = seen(
            {
              look: { channel: 'stable', newest: '2026.9.7', at, since },
              publishedAt,
              inVain,
              askedInVainAt: asked,
              surroundings: { ...nothingInTheWay, agent, waitingSince },
            },
            now,
            { postponedUntil: until },
          );
          if (!('until' in decision)) return;
          expect(decision.until).toBeGreaterThan(now);
          expect(decision.until).toBeLessThan(now + 10 * day);
        },
      ),
    );
  });
});

/** What happens to a clock while real time goes by, in the order it happens. */
type Event =
  | { readonly is: 'passes' | 'asleep'; readonly ms: number }
  | { readonly is: 'set'; readonly by: number }
  | { readonly is: 'travels'; readonly to: string }
  | { readonly is: 'releases' };

/** Between two ticks; the watch's are closer, but a day has enough of these. */
const between = 20 * minute;

/** Lives through the events and counts what was decided. */
function live(events: readonly Event[], { isOffline = false } = {}) {
  let real = 0;
  let clock = now;
  let place = zone;
  let released = 0;
  let running = 0;
  let facts: UpdateFacts = { ...behind, look: null, publishedAt: null };
  const looks: number[] = [];
  const updates: number[] = [];
  const version = (number: number) => `2026.9.${number}`;
  const tick = () => {
    for (let step = 0; step < 3; step++) {
      const decision = decide(clock, place, choices, { ...facts, running: version(running) });
      if (decision.is === 'look') {
        looks.push(real);
        const newest = version(released);
        const isKnown = facts.look?.newest === newest && facts.look.since <= clock;
        facts = isOffline
          ? { ...facts, askedInVainAt: clock }
          : {
              ...facts,
              look: {
                channel: 'stable',
                newest,
                at: clock,
                since: isKnown ? (facts.look?.since ?? clock) : clock,
              },
            };
      } else if (decision.is === 'update') {
        updates.push(real);
        running = released;
      } else return;
    }
  };
  for (const event of events) {
    if (event.is === 'set') clock += event.by;
    else if (event.is === 'travels') place = event.to;
    else if (event.is === 'releases') released += 1;
    else if (event.is === 'asleep') {
      real += event.ms;
      clock += event.ms;
    } else {
      for (let passed = 0; passed < event.ms; passed += between) {
        tick();
        real += between;
        clock += between;
      }
    }
  }
  tick();
  return { looks, updates, real, clock, place, running, released };
}

const event = fc.oneof<fc.Arbitrary<Event>[]>(
  fc.record({ is: fc.constant('passes' as const), ms: fc.integer({ min: minute, max: 2 * day }) }),
  fc.record({ is: fc.constant('asleep' as const), ms: fc.integer({ min: minute, max: 3 * day }) }),
  fc.record({ is: fc.constant('set' as const), by: fc.integer({ min: -400 * day, max: 400 * day }) }),
  fc.record({
    is: fc.constant('travels' as const),
    to: fc.constantFrom('UTC', 'Asia/Shanghai', 'America/Los_Angeles', 'Pacific/Kiritimati'),
  }),
  fc.record({ is: fc.constant('releases' as const) }),
);
const runs = { numRuns: 50 };

describe('whatever becomes of the clock and the zone', () => {
  it('there is no storm: a look a day, and one for each time that something moved', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 12 }), (events) => {
        const { looks, updates, real, released } = live(events);
        const moves = events.filter(({ is }) => is === 'set' || is === 'travels').length;
        expect(looks.length).toBeLessThanOrEqual(Math.ceil(real / day) + moves + 2);
        expect(updates.length).toBeLessThanOrEqual(released + 1);
      }),
      runs,
    );
  });

  it('there is no silence: three quiet days later everything that was out is here', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 12 }), (events) => {
        const { looks, real, running, released, clock, place } = live([
          ...events,
          { is: 'passes', ms: 4 * day },
        ]);
        expect(real - (looks.at(-1) ?? Number.NEGATIVE_INFINITY)).toBeLessThanOrEqual(
          clock - lastHour(clock, choices.updateHour, place) + between,
        );
        expect(running).toBe(released);
      }),
      runs,
    );
  });

  it('somebody who can’t be asked is asked four times an hour at most', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 8 }), (events) => {
        const { looks, real } = live(events, { isOffline: true });
        const moves = events.filter(({ is }) => is === 'set').length;
        expect(looks.length).toBeLessThanOrEqual(real / (15 * minute) + moves + 1);
      }),
      runs,
    );
  });
});
