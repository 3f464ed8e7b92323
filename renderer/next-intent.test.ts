import { describe, expect, it } from 'vitest';
import { Intent, NextStep } from '../main/contract.ts';
import { intentFor } from './next-intent.ts';

describe('intentFor', () => {
  it('tries work again, and no refused intent', () => {
    expect(intentFor('try-again', true)).toEqual({ do: 'try-again' });
    expect(intentFor('try-again', false)).toBeNull();
  });

  it('only ever makes intents that main accepts', () => {
    for (const next of NextStep.options) {
      const intent = intentFor(next, true);
      if (intent !== null) expect(() => Intent.parse(intent)).not.toThrow();
    }
  });
});
