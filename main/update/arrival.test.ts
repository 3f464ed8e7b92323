import { describe, expect, it } from 'vitest';
import { arrivalIn } from './arrival.ts';
import { noUpdates, type Updates } from './journal.ts';
import { watchTime } from './watch.ts';

const day = 24 * 3_600_000;
const now = Date.UTC(2026, 10, 22);
const kept = (from: string, to: string, at = now): Updates => ({
  ...noUpdates,
  last: { is: 'kept', from, to, at, load: null },
});
const updated = { is: 'updated', version: '2026.9.7', from: '2026.9.6', untrustedNotes: [] };

describe('a version that has come', () => {
  it('is watched until it has proved itself, whatever came before', () => {
    const from = { image: 'i@sha256:1', version: '2026.9.6' };
    const to = { image: 'i@sha256:2', version: '2026.9.7' };
    const move = { from, to, load: null, before: { critical: [], broken: [] } };
    const open = { stage: 'watching', move, since: now, revived: false, archived: null } as const;
    const watched = { is: 'watched', version: '2026.9.7', until: now + watchTime };
    expect(arrivalIn({ ...kept('2026.9.5', '2026.9.6'), open }, now)).toEqual(watched);
    expect(arrivalIn({ ...noUpdates, open: { stage: 'trying', move } }, now)).toBeNull();
  });

  it('is told of for a day, on a clock that was set back, too', () => {
    expect(arrivalIn(kept('2026.9.6', '2026.9.7'), now)).toEqual({ ...updated, at: now });
    expect(arrivalIn(kept('2026.9.6', '2026.9.7', now - day), now)).toBeNull();
    expect(arrivalIn(kept('2026.9.6', '2026.9.7', now + day), now)).toBeNull();
  });

  it('is none that was put back, and none that a backup brought', () => {
    const { last } = kept('2026.9.6', '2026.9.7');
    expect(arrivalIn(noUpdates, now)).toBeNull();
    expect(arrivalIn({ ...noUpdates, last: last && { ...last, is: 'put-back' } }, now)).toBeNull();
    expect(arrivalIn(kept('2026.9.7', '2026.9.6'), now)).toBeNull();
    expect(arrivalIn(kept('2026.9.7', '2026.9.7'), now)).toBeNull();
  });

  it('brings along what its makers say of it, and of no other', () => {
    const notes = { version: '2026.9.7', untrusted: ['New things.'] };
    const come = kept('2026.9.6', '2026.9.7');
    expect(arrivalIn(come, now, notes)).toMatchObject({ untrustedNotes: ['New things.'] });
    expect(arrivalIn(come, now, { ...notes, version: '2026.9.6' })).toMatchObject({ untrustedNotes: [] });
  });
});
