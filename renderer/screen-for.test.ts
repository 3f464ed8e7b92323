import { describe, expect, it } from 'vitest';
import type { Row, Snapshot, Work } from '../main/contract.ts';
import { type Standing, screenFor } from './screen-for.ts';

const ok: Row = {
  id: 'engine-ready',
  guide: ['isolated'],
  finding: { is: 'ok', evidence: [], notes: [] },
  blame: null,
  fixable: true,
};
const notLooked: Row = { ...ok, id: 'sandbox-exists', finding: null };
const start: Standing = { page: 'welcome', place: 'home' };
const running = (job: 'set-up' | 'open' | 'remove' | 'fix'): Work => ({
  is: 'running',
  job,
  safeguard: null,
  step: 'looking',
  progress: null,
  canCancel: true,
});

function snapshot(change: { agreed?: boolean; movedIn?: boolean; work?: Work; rows?: Row[] }): Snapshot {
  return {
    appVersion: '0.1.0',
    choices: {
      engine: 'Podman',
      otherComputer: null,
      isDedicated: false,
      language: 'en',
      appearance: 'system',
      startAtLogin: true,
      model: { provider: 'later' },
      port: 18789,
      sharedFolder: '/home/a/ClawCove',
      agreed: change.agreed ?? false,
      movedIn: change.movedIn ?? false,
      stopped: false,
      nearbyServices: [],
      channel: 'stable',
      automaticUpdates: true,
      updateHour: 3,
      postponedUntil: null,
    },
    computer: null,
    plan: null,
    rows: change.rows ?? [ok],
    light: 'unknown',
    lookedAt: null,
    looking: false,
    work: change.work ?? { is: 'idle' },
    log: [],
    openClawVersion: null,
    removal: null,
    versionNews: { is: 'none' },
    backups: [],
    privateFiles: {
      found: { shown: [], total: 0 },
      taken: { shown: [], total: 0 },
      left: { shown: [], total: 0 },
      keptFolder: '',
    },
    skills: [],
    homes: [],
    formerHome: null,
    hostMovedAt: null,
    proof: null,
  };
}

describe('screenFor', () => {
  it('follows the person through the pages until they agree', () => {
    for (const page of ['welcome', 'looking', 'choices', 'review'] as const) {
      expect(screenFor(snapshot({}), { page, place: 'home' })).toBe(page);
    }
  });

  it('works after agreement, also when nothing runs: setup resumes from facts', () => {
    const agreed = { agreed: true, rows: [ok, notLooked] };
    expect(screenFor(snapshot(agreed), start)).toBe('working');
    expect(screenFor(snapshot({ ...agreed, work: running('set-up') }), start)).toBe('working');
  });

  it('is done only when work is idle and every row holds', () => {
    expect(screenFor(snapshot({ agreed: true }), start)).toBe('done');
    expect(screenFor(snapshot({ agreed: true, work: running('set-up') }), start)).toBe('working');
    expect(screenFor(snapshot({ agreed: true, rows: [] }), start)).toBe('working');
    const unknown: Row = { ...ok, finding: { is: 'unknown', why: 'not-looked', facts: {}, evidence: [] } };
    expect(screenFor(snapshot({ agreed: true, rows: [unknown] }), start)).toBe('working');
  });

  it('is done, too, when only the newest version is not known', () => {
    const unasked: Row = {
      ...ok,
      finding: { is: 'unknown', why: 'newest-unknown', facts: {}, evidence: [] },
    };
    expect(screenFor(snapshot({ agreed: true, rows: [ok, unasked] }), start)).toBe('done');
    expect(screenFor(snapshot({ agreed: true, rows: [notLooked, unasked] }), start)).toBe('working');
  });

  it('is done, too, whatever there is to say of ClawCove itself or of private files', () => {
    const broken: Row['finding'] = {
      is: 'broken',
      gravity: 'danger',
      why: 'app-unsafe',
      facts: {},
      evidence: [],
    };
    const own: Row = { ...ok, id: 'app-current', finding: broken };
    const files: Row = { ...ok, id: 'private-data', finding: { ...broken, why: 'private-file-found' } };
    expect(screenFor(snapshot({ agreed: true, rows: [ok, own, files] }), start)).toBe('done');
    expect(screenFor(snapshot({ agreed: true, rows: [{ ...ok, finding: broken }, own] }), start)).toBe(
      'working',
    );
  });

  it('stays done while OpenClaw is being opened', () => {
    expect(screenFor(snapshot({ agreed: true, work: running('open') }), start)).toBe('done');
  });

  it('goes where the person is at home, whatever is broken', () => {
    const home = { agreed: true, movedIn: true, rows: [notLooked], work: running('fix') };
    expect(screenFor(snapshot(home), start)).toBe('home');
    expect(screenFor(snapshot(home), { page: 'welcome', place: 'settings' })).toBe('settings');
  });

  it('shows removal while it runs, and says so when everything is gone', () => {
    const removing = snapshot({ agreed: true, movedIn: true, work: running('remove') });
    expect(screenFor(removing, start)).toBe('remove');
    expect(screenFor(snapshot({}), { page: 'welcome', place: 'remove' })).toBe('removed');
    expect(screenFor(snapshot({}), start)).toBe('welcome');
  });
});
