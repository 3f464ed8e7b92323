import { expect, it } from 'vitest';
import { trustSystem } from './trust.ts';

it('adds whom the system trusts to whom Node trusts', () => {
  let now: unknown = null;
  trustSystem({
    getCACertificates: (type) => (type === 'system' ? ['company'] : ['node']),
    setDefaultCACertificates: (certificates) => {
      now = certificates;
    },
  });
  expect(now).toEqual(['node', 'company']);
});

it('leaves an older Node as it is', () => {
  expect(() => trustSystem({})).not.toThrow();
});
