import { describe, expect, it } from 'vitest';
import { readNearby } from './nearby-input.ts';

describe('readNearby', () => {
  it.each([
    ['192.168.1.20:445', '192.168.1.20:445'],
    ['  NAS.local:8080\n', 'nas.local:8080'],
    ['http://nas.local:8080/v1/', 'nas.local:8080'],
  ])('takes %j', (written, service) => {
    expect(readNearby(written, ['10.0.0.1:1'])).toEqual({ ok: true, services: ['10.0.0.1:1', service] });
  });

  it.each(['', 'nas.local', 'nas.local:0', '127.0.0.1:80', 'http://nas.local/', 'a b:80'])(
    'refuses %j',
    (written) => {
      expect(readNearby(written, [])).toEqual({ ok: false, error: 'bad' });
    },
  );

  it('says what is let through already, and where it must end', () => {
    expect(readNearby('nas:1', ['nas:1'])).toEqual({ ok: false, error: 'known' });
    const many = Array.from({ length: 20 }, (_, nr) => `nas:${nr + 1}`);
    expect(readNearby('nas:99', many)).toEqual({ ok: false, error: 'full' });
  });
});
