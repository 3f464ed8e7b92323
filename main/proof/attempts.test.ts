import { describe, expect, it } from 'vitest';
import en from '../../assets/text/en.json' with { type: 'json' };
import { attemptIds } from '../contract.ts';
import { type Attempt, attempts, type Order, type Scene } from './attempts.ts';
import * as inside from './inside.ts';

const scene: Scene = {
  bait: '/home/ada/.local/share/clawcove/bait',
  loopbackPort: 40_001,
  hostTargets: [
    { address: '192.168.1.20', port: 40_002 },
    { address: '2001:db8::1', port: 40_003 },
  ],
  neighbour: { address: '192.168.1.1', port: 80 },
  metadata: { address: '169.254.169.254', port: 80 },
  processes: 512,
  memory: { is: 'use', bytes: 1000 },
};

function order(id: Attempt['id'], change: Partial<Scene> = {}): Order {
  const attempt = attempts.find((each) => each.id === id);
  if (!attempt) throw new Error(`no attempt ${id}`);
  return attempt.order({ ...scene, ...change });
}

describe('the table of attempts', () => {
  it('holds each of them once, in the contract’s order, with its sentences', () => {
    expect(attempts.map(({ id }) => id)).toEqual([...attemptIds]);
    expect(Object.keys(en.attempt)).toEqual([...attemptIds]);
  });

  it('uses every program, and no two attempts are the same', () => {
    const orders = attempts.map(({ id }) => order(id));
    const used = new Set(orders.map((each) => (each.is === 'try' ? each.program : null)));
    used.add(inside.claimMemory);
    expect(used).toEqual(new Set(Object.values(inside)));
    expect(new Set(orders.map((each) => JSON.stringify(each))).size).toBe(attempts.length);
  });

  it('goes past limits, and not much further, whatever they are', () => {
    expect(order('many-processes')).toMatchObject({ words: ['520'] });
    expect(order('many-processes', { processes: 1_000_000 })).toMatchObject({ words: ['1032'] });
    expect(order('much-memory')).toEqual({ is: 'try', program: inside.useMemory, words: ['1000'] });
    expect(order('much-memory', { memory: { is: 'claim', bytes: 7 } })).toEqual({
      is: 'try',
      program: inside.claimMemory,
      words: ['7'],
    });
  });

  it('knocks where somebody listens', () => {
    expect(order('host-addresses')).toMatchObject({
      words: ['192.168.1.20', '40002', '2001:db8::1', '40003'],
    });
    expect(order('host-loopback')).toMatchObject({
      words: expect.arrayContaining(['127.0.0.1', 'route', '10.0.2.2', '40001']),
    });
    expect(order('local-network')).toMatchObject({ words: ['192.168.1.1', '80'] });
    expect(order('cloud-metadata')).toMatchObject({ words: ['169.254.169.254', '80'] });
  });

  it('does not try what would prove nothing', () => {
    expect(order('host-loopback', { loopbackPort: null })).toEqual({ is: 'untried', why: 'no-listener' });
    expect(order('host-addresses', { hostTargets: [] })).toEqual({ is: 'untried', why: 'no-listener' });
    expect(order('local-network', { neighbour: null })).toEqual({ is: 'untried', why: 'nobody-there' });
    expect(order('cloud-metadata', { metadata: null })).toEqual({ is: 'untried', why: 'nobody-there' });
    expect(order('much-memory', { memory: { is: 'none', why: 'little-memory' } })).toEqual({
      is: 'untried',
      why: 'little-memory',
    });
  });

  it('hands its words to the programs as arguments, never as a part of them', () => {
    for (const { id } of attempts) {
      const made = order(id);
      if (made.is === 'try')
        for (const word of made.words.filter((each) => each.length > 6))
          expect(made.program.join('\n')).not.toContain(`'${word}'`);
    }
  });
});
