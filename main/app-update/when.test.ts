import { describe, expect, it } from 'vitest';
import { type AppFacts, decideApp } from './when.ts';

const hour = 3_600_000;
const now = Date.UTC(2026, 10, 22);
const look = (newest: string, ago = hour) => ({ newest, safeFrom: null, at: now - ago, since: now - ago });
const facts = (change: Partial<AppFacts> = {}): AppFacts => ({
  ability: { is: 'able' },
  running: '1.2.3',
  look: look('1.2.3'),
  standing: { is: 'none' },
  askedInVainAt: null,
  downloadedInVainAt: null,
  ...change,
});

describe('ClawCove’s own updates', () => {
  it.each<[string, Partial<AppFacts>, ReturnType<typeof decideApp>]>([
    ['nobody was asked yet', { look: null }, 'look'],
    ['somebody was asked lately', {}, 'nothing'],
    ['somebody was asked six hours ago', { look: look('1.2.3', 6 * hour) }, 'look'],
    ['somebody was asked by a clock that was years ahead', { look: look('1.2.3', -9_000 * hour) }, 'look'],
    ['nobody answered just now', { look: null, askedInVainAt: now - 1 }, 'nothing'],
    ['nobody answered an hour ago', { look: null, askedInVainAt: now - hour }, 'look'],
    ['there is a newer one', { look: look('1.3.0') }, 'download'],
    ['it is there for others first', { look: { ...look('1.3.0'), since: null } }, 'nothing'],
    ['it is here', { look: look('1.3.0'), standing: { is: 'ready', version: '1.3.0' } }, 'nothing'],
    [
      'one before it is here',
      { look: look('1.3.1'), standing: { is: 'ready', version: '1.3.0' } },
      'download',
    ],
    ['its download failed just now', { look: look('1.3.0'), downloadedInVainAt: now - hour }, 'nothing'],
    ['its download failed long ago', { look: look('1.3.0'), downloadedInVainAt: now - 6 * hour }, 'download'],
    ['it takes over', { look: null, standing: { is: 'restarting', version: '1.3.0' } }, 'nothing'],
    ['others do it', { look: null, ability: { is: 'left-to-others', why: 'app-by-system' } }, 'nothing'],
  ])('when %s', (_, change, decision) => {
    expect(decideApp(now, facts(change))).toBe(decision);
  });
});
