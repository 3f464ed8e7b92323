import { describe, expect, it } from 'vitest';
import { agentOutside, resolversIn } from './surroundings.ts';

describe('the agent on this computer', () => {
  it.each([
    ['a rootful engine (recorded on 20.10)', '         0          0 4294967295\n', 1000],
    ['a rootless one', '         0       1000          1\n         1     100000      65536\n', 100_999],
    ['one that numbers users anew', '         0     231072      65536\n', 232_072],
  ])('has, on %s, its number', (_, map, expected) => {
    expect(agentOutside(map)).toBe(expected);
  });

  it('is nobody where the range is too short', () => {
    expect(() => agentOutside('0 1000 1\n')).toThrow();
  });
});

describe('who is asked for names', () => {
  it.each([
    ['nameserver 192.168.1.1\nnameserver 9.9.9.9\nsearch lan\n', ['192.168.1.1', '9.9.9.9']],
    ['# nameserver 10.0.0.1\nnameserver 127.0.0.53\nnameserver fe80::1%eth0\n', []],
    ['nameserver 10.0.2.3\nnameserver 10.0.2.3\noptions ndots:0\n', ['10.0.2.3']],
    ['', []],
  ])('%j', (text, expected) => {
    expect(resolversIn(text)).toEqual(expected);
  });
});
