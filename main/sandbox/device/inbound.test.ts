import { expect, it } from 'vitest';
import { inboundRules } from './inbound.ts';

it('lets nobody in but by SSH, and takes the place of an older door in one piece', () => {
  expect(inboundRules({ host: '192.168.1.30', port: 2222 })).toBe(`table inet clawcove_inbound {}
delete table inet clawcove_inbound
table inet clawcove_inbound {
chain in { type filter hook input priority -10 ; policy drop ; iif lo accept ; ct state established,related accept ; meta l4proto { 1, 58 } accept ; udp dport { 68, 546 } accept ; tcp dport 2222 accept ; meta l4proto tcp reject with tcp reset ; }
}
`);
});

it('hears questions for its name where that is how it is found', () => {
  expect(inboundRules({ host: 'old-laptop.local', port: 22 })).toContain(
    'udp dport 5353 accept ; tcp dport 22',
  );
});

it.each([0, 65_536, 1.5, Number.NaN])('makes no rule of %d', (port) => {
  expect(() => inboundRules({ host: 'x', port })).toThrow('not a port');
});
