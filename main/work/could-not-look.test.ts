import { expect, it } from 'vitest';
import { ProblemError } from '../problem.ts';
import { blankIn } from '../testing/sentences.ts';
import { whyNotLooked } from './could-not-look.ts';

it.each([
  [new ProblemError('engine-gone'), 'engine-absent'],
  [new ProblemError('engine-too-slow', { command: 'ps' }), 'engine-silent'],
  [new ProblemError('engine-failed', { detail: 'no such container' }), 'engine-fails'],
  [new ProblemError('no-room-on-disk'), 'no-room-to-look'],
  [new ProblemError('engine-not-ready'), 'look-failed'],
  [new Error('EACCES: permission denied\n    at …'), 'could-not-look'],
  ['thrown by hand', 'could-not-look'],
  [new Error(''), 'look-failed'],
])('%s is said as %s, in a whole sentence', (error, why) => {
  const { why: said, facts } = whyNotLooked(error);
  expect(said).toBe(why);
  expect(blankIn({ is: 'unknown', why: said, facts, evidence: [] })).toEqual([]);
  expect(Object.values(facts)).not.toContain(error instanceof ProblemError ? error.problem.code : '');
});
