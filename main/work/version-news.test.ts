import { describe, expect, it } from 'vitest';
import { VersionNews } from '../contract.ts';
import type { Arrival } from '../update/arrival.ts';
import { versionNews } from './version-news.ts';
import { decide, nothingInTheWay, type UpdateChoices, type UpdateFacts } from './when-to-update.ts';

const hour = 3_600_000;
const day = 24 * hour;
/** Noon in UTC. */
const now = Date.UTC(2026, 10, 22, 12);
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
  look: { channel: 'stable', newest: '2026.9.7', at: now, since: now - 9 * day },
  askedInVainAt: null,
  publishedAt: now - 9 * day,
  failed: null,
  inVain: [],
  surroundings: nothingInTheWay,
};
const updated: Arrival = {
  is: 'updated',
  version: '2026.9.7',
  from: '2026.9.6',
  at: now - hour,
  untrustedNotes: ['New things.'],
};

function news(
  change: Partial<UpdateFacts> = {},
  chosen: Partial<UpdateChoices> = {},
  arrival: Arrival | null = null,
): VersionNews {
  const facts = { ...behind, ...change };
  const all = { ...choices, ...chosen };
  const said = versionNews(now, all, facts, decide(now, 'UTC', all, facts), arrival);
  return VersionNews.parse(said);
}

describe('what there is to say of versions', () => {
  it('is nothing while the newest runs, or nobody knows', () => {
    for (const change of [{ running: '2026.9.7' }, { running: null }, { look: null }])
      expect(news(change)).toEqual({ is: 'none' });
    expect(news({}, { channel: 'beta' })).toEqual({ is: 'none' });
  });

  it('is that one is ready, and how it comes', () => {
    const ready = { is: 'available', version: '2026.9.7', publishedAt: now - 9 * day, urgent: false };
    expect(news()).toEqual({ ...ready, coming: { is: 'at', at: now } });
    expect(news({ publishedAt: now - hour })).toEqual({
      ...ready,
      publishedAt: now - hour,
      coming: { is: 'at', at: three + 3 * day },
    });
    expect(news({}, { automaticUpdates: false })).toEqual({ ...ready, coming: { is: 'by-hand' } });
    for (const [surroundings, why] of [
      [{ isMetered: true }, 'metered'],
      [{ agent: 'busy' }, 'agent-busy'],
      [{ power: { is: 'battery', share: 0.1 } }, 'battery'],
    ] as const)
      expect(news({ surroundings: { ...nothingInTheWay, ...surroundings } })).toEqual({
        ...ready,
        coming: { is: 'waits', why },
      });
  });

  it('is no date that lies in the future', () => {
    expect(news({ publishedAt: now + 1 })).toMatchObject({ is: 'available', publishedAt: null });
  });

  it('is urgent when what runs has known holes, and then nothing is postponed', () => {
    expect(news({ running: '2026.6.1' }, { postponedUntil: now + day })).toMatchObject({
      is: 'available',
      urgent: true,
    });
  });

  it('is until when the person waits, or that it failed here', () => {
    expect(news({}, { postponedUntil: now + day })).toEqual({
      is: 'postponed',
      version: '2026.9.7',
      until: now + day,
    });
    const failed = { version: '2026.9.7', why: 'unwell', at: 5 } as const;
    expect(news({ failed })).toEqual({ is: 'failed', ...failed });
    expect(news({ failed: { ...failed, version: '2026.9.6' } })).toMatchObject({ is: 'available' });
  });

  it('is that an update went well, unless the next one is ready', () => {
    expect(news({ running: '2026.9.7' }, {}, updated)).toEqual(updated);
    expect(news({}, {}, updated)).toMatchObject({ is: 'available' });
  });

  it('is before anything else that a new version has yet to prove itself', () => {
    const watched: Arrival = { is: 'watched', version: '2026.9.6', until: now + 1 };
    expect(news({ running: '2026.9.6' }, {}, watched)).toEqual(watched);
    expect(news({}, { automaticUpdates: false }, watched)).toEqual(watched);
  });
});
