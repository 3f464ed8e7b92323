import { describe, expect, it } from 'vitest';
import { Intent, JobKind, NextStep } from '../main/contract.ts';
import { intentFor, retryOf } from './next-intent.ts';

describe('intentFor', () => {
  it('tries the same job again', () => {
    expect(intentFor('try-again', { job: 'set-up', safeguard: 'engine-ready' })).toEqual({
      do: 'set-up',
      consent: [],
    });
    expect(intentFor('try-again', { job: 'fix', safeguard: 'gateway-locked' })).toEqual({
      do: 'fix',
      id: 'gateway-locked',
    });
    expect(intentFor('try-again', null)).toBeNull();
  });

  it('only ever makes intents that main accepts', () => {
    const made = [
      ...JobKind.options.map((job) => retryOf({ job, safeguard: null })),
      ...NextStep.options.map((next) => intentFor(next, { job: 'start', safeguard: null })),
    ];
    for (const intent of made) if (intent !== null) expect(() => Intent.parse(intent)).not.toThrow();
  });
});
