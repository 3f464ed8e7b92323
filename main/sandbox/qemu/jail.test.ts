import { expect, it } from 'vitest';
import { fenceRules } from '../fence.ts';
import { jailed } from './jail.ts';

const fence = { refused: ['203.0.113.9'], allowed: [{ address: '192.168.1.20', port: 445 }] };

it('is built from outside to inside, and hands two ports in and none out', () => {
  expect(jailed({ fence, uid: 1000, gid: 100, ports: [18_789, 40_022] }, ['qemu', '-x', 'a b'])).toEqual([
    ...['pasta', '--config-net', '--ipv4-only', '--no-map-gw', '--dns-forward', '169.254.1.1'],
    ...['-t', '127.0.0.1/18789', '-t', '127.0.0.1/40022', '-u', 'none', '-T', 'none', '-U', 'none', '--'],
    ...['/bin/sh', '-c', 'nft "$1" && shift && exec "$@"', 'jail', fenceRules(fence, '169.254.1.1')],
    ...['unshare', '--user', '--map-user=1000', '--map-group=100', '--keep-caps', '--'],
    ...['setpriv', '--no-new-privs', '--inh-caps=-all', '--ambient-caps=-all', '--bounding-set=-all', '--'],
    ...['qemu', '-x', 'a b'],
  ]);
});

it('hands nothing in when there is nothing to', () => {
  expect(jailed({ fence, uid: 1, gid: 1, ports: [] }, ['true']).join(' ')).toContain(' -t none -u none ');
});
