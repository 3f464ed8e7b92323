import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { demandFence, fenceFileFor, fenceHook, fenceRules, isNearAddress } from './fence.ts';

const bare = { refused: [], allowed: [] };

describe('what is near', () => {
  it.each([
    ['10.0.0.1', true],
    ['100.64.0.1', true],
    ['100.63.255.255', false],
    ['127.0.0.53', true],
    ['169.254.169.254', true],
    ['172.15.255.255', false],
    ['172.16.0.1', true],
    ['172.31.255.255', true],
    ['172.32.0.1', false],
    ['192.0.0.8', true],
    ['192.168.178.1', true],
    ['198.19.0.1', true],
    ['224.0.0.251', true],
    ['255.255.255.255', true],
    ['1.1.1.1', false],
    ['203.0.113.7', false],
  ])('%s: %s', (address, expected) => {
    expect(isNearAddress(address)).toBe(expected);
  });
});

describe('the rules of a fence', () => {
  const rules = fenceRules(
    { refused: ['203.0.113.9'], allowed: [{ address: '192.168.1.20', port: 11_434 }] },
    '10.0.2.3',
  );
  const at = (words: string) => {
    const found = rules.indexOf(words);
    expect([words, found]).not.toEqual([words, -1]);
    return found;
  };

  it('open the exceptions before they shut the rest', () => {
    const shut = at('ip daddr 10.0.0.0/8 goto refuse');
    for (const open of [
      'oif lo accept',
      'ct state established accept',
      'ip daddr 10.0.2.3 udp dport 53 accept',
      'ip daddr 10.0.2.3 tcp dport 53 accept',
      'ip daddr 192.168.1.20 tcp dport 11434 accept',
    ])
      expect(at(open)).toBeLessThan(shut);
    at('ip daddr 203.0.113.9 goto refuse');
    at('meta nfproto ipv6 goto refuse');
  });

  it('open nothing that nobody asked for', () => {
    expect(fenceRules(bare, '10.0.2.3').match(/accept/g)).toHaveLength(5);
    expect(rules.match(/accept/g)).toHaveLength(6);
  });

  it('go through Podman and JSON as they are', () => {
    expect(rules).not.toMatch(/[",'\\\n$`]/);
  });

  it('take nothing but addresses and ports', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(() => fenceRules({ ...bare, refused: [`1.2.3.4${text} `] }, '10.0.2.3')).toThrow();
        expect(() => fenceRules(bare, `x${text}`)).toThrow();
      }),
    );
    for (const port of [0, 65_536, 1.5, Number.NaN])
      expect(() => fenceRules({ ...bare, allowed: [{ address: '10.1.1.1', port }] }, '10.0.2.3')).toThrow();
  });
});

describe('the fence around one account of a system', () => {
  const file = fenceFileFor(1000, {
    refused: ['203.0.113.9'],
    allowed: [{ address: '10.1.2.3', port: 445 }],
  });

  it('is no concern of anybody else, and takes an older one’s place', () => {
    expect(file).toContain(
      'chain out { type filter hook output priority 0 ; policy accept ; meta skuid 1000 goto fenced ; }',
    );
    expect(file.split('\n').slice(0, 2)).toEqual(['table inet clawcove {}', 'delete table inet clawcove']);
  });

  it('refuses the same as around a home with a network of its own', () => {
    const rules = (text: string) =>
      [...text.matchAll(/ip daddr (\S+) goto refuse/g)].map(([, range]) => range);
    const fence = { refused: ['203.0.113.9'], allowed: [] };
    expect(rules(file)).toEqual(rules(fenceRules(fence, '10.0.2.3')));
    expect(file).toContain('ip daddr 10.1.2.3 tcp dport 445 accept');
    expect(file).toContain('meta nfproto ipv6 goto refuse');
  });

  it('keeps the system’s own services on its loopback apart, but for names', () => {
    const lines = file.split(' ; ');
    const at = (line: string) => lines.findIndex((entry) => entry.endsWith(line));
    expect(at('oif lo tcp dport 53 accept')).toBeGreaterThan(0);
    expect(at('oif lo meta l4proto { tcp, udp } th dport < 1024 goto refuse')).toBeGreaterThan(
      at('oif lo tcp dport 53 accept'),
    );
    expect(at('oif lo accept')).toBe(at('oif lo meta l4proto { tcp, udp } th dport < 1024 goto refuse') + 1);
  });

  it.each([0, -1, 1.5, Number.NaN])('is not for %d', (account) => {
    expect(() => fenceFileFor(account, { refused: [], allowed: [] })).toThrow();
  });
});

it('the hook runs before the network is there, for marked containers alone', () => {
  const hook = JSON.parse(fenceHook('/usr/sbin/nft'));
  expect(hook.stages).toEqual(['createContainer']);
  expect(hook.when).toEqual({ annotations: { '^app\\.clawcove\\.fence$': '.' } });
  expect(hook.hook.args.slice(-2)).toEqual(['fence', '/usr/sbin/nft']);
});

it('a home asks for the sign in words of a plain shell', () => {
  expect(demandFence).not.toContain("'");
  expect(demandFence).toContain('exit 69');
});
