import { endianness } from 'node:os';
import { describe, expect, it } from 'vitest';
import { routersFrom } from './routers.ts';

const head =
  'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT                 \n';
const line = (device: string, destination: string, router: string, flags = '0003') =>
  `${device}\t${destination}\t${router}\t${flags}\t0\t0\t600\t00000000\t0\t0\t0      \n`;

describe('the routers', () => {
  // As the kernel of a little-endian computer writes it.
  it.skipIf(endianness() === 'BE')('are those of the routes that lead out, each once', () => {
    const table = [
      line('wlan0', '00000000', '0100A8C0'),
      line('eth0', '00000000', '0100A8C0'),
      line('tun0', '00000000', '0101080A'),
      line('wlan0', '0000A8C0', '00000000'),
      line('wlan0', '0000FEA9', '0100A8C0'),
    ];
    expect(routersFrom(head + table.join(''))).toEqual(['192.168.0.1', '10.8.1.1']);
  });

  it.each([
    null,
    '',
    head,
    `${head}garbage`,
    `${head}eth0\t00000000\tzz\t0003`,
    head + line('ppp0', '00000000', '00000000', '0001'),
  ])('are none where the table names none: %j', (table) => expect(routersFrom(table)).toEqual([]));
});
