import { describe, expect, it } from 'vitest';
import type { Snapshot } from '../contract.ts';
import { exampleRow, exampleSnapshot, withRows } from '../testing/example-snapshot.ts';
import { translator } from '../text.ts';
import { noticesFor, type Told, toldNothing } from './notices.ts';

const say = translator('en');
const minute = 60_000;
const good = exampleSnapshot();
const danger = exampleSnapshot({
  light: 'danger',
  rows: withRows(
    exampleRow('gateway-locked', {
      is: 'broken',
      why: 'gateway-unlocked',
      facts: {},
      gravity: 'danger',
      evidence: [],
    }),
  ),
});
const attention = exampleSnapshot({ light: 'attention' });
const settingUp = exampleSnapshot({
  light: 'working',
  choices: { ...good.choices, movedIn: false },
  work: {
    is: 'running',
    job: 'set-up',
    safeguard: null,
    step: 'looking',
    progress: null,
    canCancel: true,
  },
});

/** Goes through Snapshots a minute apart and collects what was told. */
function tell(snapshots: readonly Snapshot[], options: { isWatched?: boolean; every?: number } = {}) {
  let told: Told = toldNothing;
  const ids: string[] = [];
  const bodies: string[] = [];
  snapshots.slice(1).forEach((next, i) => {
    const news = noticesFor(told, snapshots[i] ?? next, next, {
      isWatched: options.isWatched ?? false,
      now: (i + 1) * (options.every ?? minute),
      say,
    });
    told = news.told;
    ids.push(...news.notices.map(({ id }) => id));
    bodies.push(...news.notices.map(({ body }) => body));
  });
  return { ids, bodies, told };
}

describe('notices', () => {
  it('tell of danger once, with the cause, and of its end', () => {
    const { ids, bodies } = tell([good, danger, danger, danger, good, good]);
    expect(ids).toEqual(['danger', 'fixed']);
    expect(bodies[0]).toBe(say('notice.danger.body', { why: say('reason.gateway-unlocked') }));
  });

  it('wait until a look is complete', () => {
    expect(tell([good, { ...danger, looking: true }, good]).ids).toEqual([]);
    expect(tell([good, { ...danger, work: settingUp.work }, good]).ids).toEqual([]);
  });

  it('are no storm when the light flickers, but what stays is told', () => {
    const flicker = [good, ...Array.from({ length: 10 }, () => [danger, good]).flat()];
    expect(tell(flicker).ids).toEqual(['danger', 'fixed']);
    expect(tell([good, danger, good, ...Array.from({ length: 40 }, () => danger)]).ids).toEqual([
      'danger',
      'fixed',
      'danger',
    ]);
  });

  it('tell when it gets worse, not when it gets less bad', () => {
    expect(tell([good, attention, danger]).ids).toEqual(['attention', 'danger']);
    expect(tell([good, danger, attention, good]).ids).toEqual(['danger', 'fixed']);
  });

  it('leave somebody alone who sees the window, and do not repeat later what they saw', () => {
    expect(tell([good, danger, good], { isWatched: true }).ids).toEqual([]);
    const { told } = tell([good, danger], { isWatched: true });
    const later = noticesFor(told, danger, danger, { isWatched: false, now: 10 * minute, say });
    expect(later.notices).toEqual([]);
  });

  it('say nothing of the light before somebody has moved in', () => {
    const choices = { ...good.choices, movedIn: false };
    expect(tell([good, { ...danger, choices }, { ...good, choices }]).ids).toEqual([]);
  });

  it('tell that setup is done, that work failed, and that a question waits', () => {
    const problem = { code: 'busy' as const, facts: {}, next: [] };
    const failed: Snapshot = {
      ...settingUp,
      work: { is: 'failed', job: 'set-up', safeguard: null, problem },
    };
    const question = { is: 'admin' as const, task: 'install-engine' as const, commands: [] };
    const asking: Snapshot = { ...settingUp, work: { is: 'asking', job: 'set-up', question } };
    const done: Snapshot = { ...settingUp, work: { is: 'idle' } };
    expect(tell([settingUp, done]).ids).toEqual(['finished']);
    expect(tell([settingUp, failed, failed]).ids).toEqual(['failed']);
    expect(tell([settingUp, asking]).ids).toEqual(['asking']);
    expect(tell([settingUp, done], { isWatched: true }).ids).toEqual([]);
  });

  it('do not take "could not look" or "stopped" for the end of danger', () => {
    const unknown = exampleSnapshot({ light: 'unknown' });
    expect(tell([good, danger, unknown, danger, good]).ids).toEqual(['danger', 'fixed']);
    expect(tell([good, danger, exampleSnapshot({ light: 'stopped' }), good]).ids).toEqual(['danger']);
  });

  it('tell of a version that somebody has to bring, once, and of one that came', () => {
    const ready = (version: string, coming: 'by-hand' | 'at') =>
      exampleSnapshot({
        versionNews: {
          is: 'available',
          version,
          publishedAt: null,
          urgent: false,
          coming: coming === 'at' ? { is: 'at', at: 5 } : { is: 'by-hand' },
        },
      });
    const watched = exampleSnapshot({
      versionNews: { is: 'watched', version: '2026.9.7', until: 5 },
    });
    const came = exampleSnapshot({
      versionNews: { is: 'updated', version: '2026.9.7', from: '2026.9.6', at: 5, untrustedNotes: [] },
    });
    const [one, two] = [ready('2026.9.7', 'by-hand'), ready('2026.9.8', 'by-hand')];
    expect(tell([good, one, good, one, one, two]).ids).toEqual(['update-ready', 'update-ready']);
    expect(tell([good, ready('2026.9.7', 'at'), watched, came, came, good]).ids).toEqual(['updated']);
    expect(tell([came, two, came]).ids).toEqual(['update-ready']);
    expect(tell([good, one, watched, came], { isWatched: true }).ids).toEqual([]);
  });
});
