import { describe, expect, it } from 'vitest';
import type { Finding, ReasonCode, SafeguardId, Snapshot } from '../contract.ts';
import { blankSnapshot } from '../testing/jobs.ts';
import { freshChoices } from '../testing/machine.ts';
import { danger, good, row } from '../testing/safeguards.ts';
import { noRevival, type Revival, revive } from './revive.ts';
import { blankRows, withSeen } from './rows.ts';

const start = 1_000_000_000;
const seconds = 1000;
const minutes = 60 * seconds;
const brokenFor = (why: ReasonCode): Finding => ({
  is: 'broken',
  why,
  facts: {},
  gravity: 'attention',
  evidence: [],
});
const down = brokenFor('gateway-stopped');
const waiting: Finding = { is: 'unknown', why: 'waiting', facts: {}, evidence: [] };

/** What a look at the gateway shows. */
const seen = (finding: Finding, at: number, rest: Partial<Snapshot> = {}): Snapshot => ({
  ...blankSnapshot,
  choices: { ...freshChoices, agreed: true, movedIn: true },
  lookedAt: at,
  rows: withSeen(blankRows([row('gateway-running')]), 'gateway-running', { finding, blame: null }),
  ...rest,
});

/** Looks in turn; what comes of the last. */
function lookAt(...looks: Snapshot[]) {
  let revival: Revival = noRevival;
  let next = 'nothing';
  for (const look of looks) ({ revival, next } = revive(revival, look));
  return { revival, next };
}
const run = (every: number, count: number, from = start, rest: Partial<Snapshot> = {}) =>
  Array.from({ length: count }, (_, index) => seen(down, from + index * every, rest));

describe('a gateway that stopped by itself', () => {
  it('is started again once two looks in a row, half a minute apart, saw it down', () => {
    expect(lookAt(seen(down, start)).next).toBe('wait');
    expect(lookAt(seen(down, start), seen(down, start + 29 * seconds)).next).toBe('wait');
    expect(lookAt(seen(down, start), seen(down, start + 30 * seconds)).next).toBe('start');
  });

  it('is, too, after an update that ended badly: at night nobody reads what became of it', () => {
    const problem = { code: 'engine-failed' as const, facts: {}, next: [] };
    const work = { is: 'failed' as const, job: 'update' as const, safeguard: null, problem };
    expect(lookAt(...run(30 * seconds, 2, start, { work })).next).toBe('start');
  });

  it('is, too, whatever has failed, where the engine is stuck', () => {
    const stuck = (at: number): Snapshot => ({
      ...seen(waiting, at),
      rows: withSeen(
        withSeen(blankRows([row('engine-ready'), row('gateway-running')]), 'engine-ready', {
          finding: brokenFor('engine-stuck'),
          blame: null,
        }),
        'gateway-running',
        { finding: waiting, blame: 'engine-ready' },
      ),
      work: {
        is: 'failed',
        job: 'update',
        safeguard: null,
        problem: { code: 'engine-failed', facts: {}, next: [] },
      },
    });
    expect(lookAt(stuck(start), stuck(start + 30 * seconds)).next).toBe('start');
    const stopped = stuck(start + 30 * seconds);
    const asWished = { ...stopped, choices: { ...stopped.choices, stopped: true } };
    expect(lookAt(stuck(start), asWished).next).toBe('nothing');
  });

  it('is not, where one and the same look is seen twice', () => {
    expect(lookAt(seen(down, start), seen(down, start)).next).toBe('wait');
  });

  it.each<[string, Finding]>([
    ['lived', good],
    ['was silent', brokenFor('gateway-silent')],
    ['had damaged settings', brokenFor('config-broken')],
  ])('is not, where it %s in between', (_, between) => {
    const looks = [seen(down, start), seen(between, start + 20 * seconds), seen(down, start + 40 * seconds)];
    expect(lookAt(...looks).next).toBe('wait');
  });

  it.each<[string, Partial<Snapshot>]>([
    ['the person stopped it', { choices: { ...freshChoices, movedIn: true, stopped: true } }],
    ['nobody lives there yet', { choices: { ...freshChoices, agreed: true } }],
    [
      'work runs',
      {
        work: {
          is: 'running',
          job: 'fix',
          safeguard: null,
          step: 'looking',
          progress: null,
          canCancel: true,
        },
      },
    ],
    [
      'the person is told what became of their work',
      {
        work: {
          is: 'failed',
          job: 'fix',
          safeguard: null,
          problem: { code: 'disk-full', facts: {}, next: [] },
        },
      },
    ],
    [
      'the person’s own start has failed',
      {
        work: {
          is: 'failed',
          job: 'start',
          safeguard: null,
          problem: { code: 'disk-full', facts: {}, next: [] },
        },
      },
    ],
    ['nothing was looked at', { lookedAt: null }],
  ])('is not, while %s', (_, rest) => {
    expect(lookAt(...run(20 * seconds, 30, start, rest)).next).toBe('nothing');
  });

  it.each<[string, SafeguardId, string]>([
    ['the home is in danger', 'gateway-locked', 'nothing'],
    ['only ClawCove itself is a danger', 'app-current', 'start'],
  ])('while %s: %s, %s', (_, id, next) => {
    const rows = withSeen(blankRows([row('gateway-running'), row(id)]), 'gateway-running', {
      finding: down,
      blame: null,
    });
    const rest = { rows: withSeen(rows, id, { finding: danger, blame: null }) };
    expect(lookAt(...run(30 * seconds, 2, start, rest)).next).toBe(next);
  });

  it.each<[string, Finding]>([
    ['is silent', brokenFor('gateway-silent')],
    ['has damaged settings', brokenFor('config-broken')],
    ['has lost its port', brokenFor('port-taken')],
    ['could not be looked at', { is: 'unknown', why: 'waiting', facts: {}, evidence: [] }],
  ])('is not, where it %s', (_, finding) => {
    const looks = Array.from({ length: 30 }, (_, index) => seen(finding, start + index * 20 * seconds));
    expect(lookAt(...looks).next).toBe('nothing');
  });

  it('is waited for longer before each further try, and left after the third', () => {
    let revival: Revival = noRevival;
    const started: number[] = [];
    for (let at = start; at < start + 60 * minutes; at += 10 * seconds) {
      const look = revive(revival, seen(down, at, { work: { is: 'idle' } }));
      revival = look.revival;
      if (look.next === 'start') started.push((at - start) / seconds);
    }
    expect(started).toEqual([30, 100, 230]);
  });

  it('is tried again after a try that failed', () => {
    const problem = { code: 'gateway-will-not-start', facts: {}, next: [] } as const;
    const failed: Partial<Snapshot> = {
      work: { is: 'failed', job: 'start', safeguard: null, problem: { ...problem, next: [] } },
    };
    const first = lookAt(...run(30 * seconds, 2));
    expect(first.next).toBe('start');
    const second = revive(first.revival, seen(down, start + 5 * minutes, failed));
    expect(second.next).toBe('wait');
    expect(revive(second.revival, seen(down, start + 6 * minutes, failed)).next).toBe('start');
  });

  it('has its tries forgotten only when it has lived for ten minutes since the last', () => {
    const { revival } = lookAt(...run(30 * seconds, 2));
    const triedAt = start + 30 * seconds;
    expect(revive(revival, seen(good, triedAt + 9 * minutes)).revival.tries).toEqual([triedAt]);
    expect(revive(revival, seen(good, triedAt + 10 * minutes)).revival).toEqual(noRevival);
  });

  it('is not started for a clock that was set back or forward between two tries', () => {
    const back = lookAt(seen(down, start), seen(down, start - 60 * minutes));
    expect(back.next).toBe('wait');
    expect(revive(back.revival, seen(down, start - 60 * minutes + 30 * seconds)).next).toBe('start');
  });
});
