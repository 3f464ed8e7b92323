import { describe, expect, it } from 'vitest';
import type { Work } from '../main/contract.ts';
import { groupsOf, proofStateOf, type ShownAttempt } from './proof.ts';

type Result = ShownAttempt['result'];
const stopped: Result = { is: 'stopped', by: 'refused', witness: 'inside' };
const through: Result = { is: 'got-through', witness: 'outside' };
const untried: Result = { is: 'could-not-try', why: 'nobody-there' };
const proofOf = (...results: Result[]) => ({
  at: 1_000,
  version: '2026.9.6',
  attempts: results.map(
    (result, index): ShownAttempt => ({
      id: index % 2 === 0 ? 'sudo' : 'engine',
      guide: index % 2 === 0 ? 'least-privilege' : 'isolated',
      result,
    }),
  ),
});
const idle: Work = { is: 'idle' };
const running = (job: 'prove' | 'fix'): Work => ({
  is: 'running',
  job,
  safeguard: null,
  step: 'proving',
  progress: null,
  canCancel: true,
});

describe('where proving stands', () => {
  it('is never, under way or over', () => {
    expect(proofStateOf({ proof: null, work: idle })).toEqual({ is: 'never' });
    const half = proofOf(stopped, through, { is: 'running' }, { is: 'waiting' });
    expect(proofStateOf({ proof: half, work: running('prove') })).toEqual({
      is: 'under-way',
      made: 2,
      all: 4,
      canCancel: true,
    });
    expect(proofStateOf({ proof: null, work: running('prove') })).toMatchObject({ made: 0, all: 0 });
    expect(proofStateOf({ proof: proofOf(stopped), work: running('fix') })).toMatchObject({ is: 'over' });
  });

  it.each([
    ['all-stopped', [stopped, stopped]],
    ['some-untried', [stopped, untried]],
    ['got-through', [stopped, through, untried]],
    ['nothing-tried', [untried, untried]],
    ['nothing-tried', []],
  ] as const)('says %s', (verdict, results) => {
    const state = proofStateOf({ proof: proofOf(...results), work: idle });
    expect(state).toMatchObject({ is: 'over', verdict, at: 1_000, version: '2026.9.6' });
  });
});

describe('the attempts', () => {
  it('stand under what they serve, in the order of trying, and none is left out', () => {
    const groups = groupsOf(proofOf(stopped, through, untried));
    expect(groups.map(({ item, attempts }) => [item, attempts.length])).toEqual([
      ['least-privilege', 2],
      ['isolated', 1],
    ]);
    expect(groupsOf(null)).toEqual([]);
  });
});
