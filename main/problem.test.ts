import { describe, expect, it } from 'vitest';
import { Cancelled, ProblemError, problemOf } from './problem.ts';

describe('problemOf', () => {
  it('keeps what a ProblemError carries', () => {
    const error = new ProblemError('no-free-port', { port: 1 }, ['check-now']);
    expect(problemOf(error)).toEqual({ code: 'no-free-port', facts: { port: 1 }, next: ['check-now'] });
  });

  it('tells the log what the person is told', () => {
    const { message } = new ProblemError('engine-failed', { detail: 'no space' });
    expect(message).toBe('engine-failed {"detail":"no space"}');
  });

  it('offers to try again unless told otherwise', () => {
    expect(problemOf(new ProblemError('disk-full')).next).toEqual(['try-again']);
    expect(problemOf(new ProblemError('busy', {}, [])).next).toEqual([]);
  });

  it('turns anything else into one bounded line with a way to the log', () => {
    expect(problemOf(new Error(`${'x'.repeat(1000)}\nat secret.ts`))).toEqual({
      code: 'unexpected',
      facts: { detail: 'x'.repeat(300) },
      next: ['try-again', 'open-log'],
    });
    expect(problemOf('thrown as a word').facts).toEqual({ detail: 'thrown as a word' });
    expect(problemOf(undefined).facts).toEqual({ detail: 'undefined' });
  });

  it('copies the next steps, so that nobody can change them afterwards', () => {
    const next: 'check-now'[] = ['check-now'];
    const error = new ProblemError('busy', {}, next);
    next.pop();
    expect(error.problem.next).toEqual(['check-now']);
  });
});

it('a cancellation is no ProblemError: it is neither success nor problem', () => {
  expect(new Cancelled()).not.toBeInstanceOf(ProblemError);
  expect(new Cancelled().name).toBe('Cancelled');
});
