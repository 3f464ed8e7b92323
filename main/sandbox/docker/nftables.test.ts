import { describe, expect, it } from 'vitest';
import { aliasMessages, tableMessages } from './nftables.ts';

/** The messages in it: type and length of each. Source: netlink(7). */
function messagesIn(bytes: Buffer) {
  const found: { type: number; length: number }[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = bytes.readUInt32LE(at);
    found.push({ type: bytes.readUInt16LE(at + 4), length });
    at += length;
  }
  return found;
}

describe('a table as messages', () => {
  const { bytes, answers } = tableMessages(
    [{ when: [{ at: 'to', range: '10.0.0.0/8' }], verdict: 'refuse' }],
    [{ when: [{ at: 'loopback-in' }], verdict: 'accept' }],
  );

  it('is one batch: the table, its chains, their rules', () => {
    expect(messagesIn(bytes).map(({ type }) => type)).toEqual([
      16,
      0xa00,
      ...[0xa03, 0xa03, 0xa03],
      // Two of the chain that refuses, and one in each of the others.
      ...[0xa06, 0xa06, 0xa06, 0xa06],
      17,
    ]);
    expect(answers).toBe(8);
  });

  it('is all there, in whole words', () => {
    expect(messagesIn(bytes).reduce((sum, { length }) => sum + length, 0)).toBe(bytes.length);
    expect(bytes.length % 4).toBe(0);
  });

  it.each(['', '10.0.0.0/33', '10.0.0.0/0', '10.0.0.0/8/8', '10.0.0', '::1', 'x', '10.0.0.0/8.5'])(
    'does not come about for the range %j',
    (range) => {
      for (const at of ['to', 'from'] as const)
        expect(() => tableMessages([{ when: [{ at, range }], verdict: 'accept' }], [])).toThrow();
    },
  );
});

it('a second name is one message', () => {
  const { bytes, answers } = aliasMessages('clawcove');
  expect({ messages: messagesIn(bytes).length, answers }).toEqual({ messages: 1, answers: 1 });
  expect(bytes.toString('latin1')).toContain('clawcove');
});
