import { expect, it } from 'vitest';
import { qemuArguments } from './arguments.ts';
import { forwardsIn } from './control.ts';
import { placesIn } from './names.ts';
import { bootTime, startTicks } from './process.ts';
import { sharedIn } from './see.ts';

it('reads which folders QEMU was given', () => {
  const boot = {
    places: placesIn('/x'),
    memoryBytes: 1024 ** 3,
    cpus: 1,
    port: 1,
    sshPort: 2,
    sharedFolder: '/home/ada/a,b=c, d',
    withSeed: false,
  };
  expect(sharedIn(qemuArguments(boot, 'kvm'))).toEqual(['/home/ada/a,b=c, d']);
  expect(sharedIn(['-fsdev', 'local,id=a,path=/etc', '-fsdev', 'path=/', 'path=/no'])).toEqual(['/etc', '/']);
  expect(sharedIn(['-fsdev'])).toEqual([]);
});

it('reads when a process began, whatever it calls itself', () => {
  const fields = Array.from({ length: 49 }, (_, index) => String(index + 4));
  expect(startTicks(`7 (qemu) S) x) S ${fields.join(' ')}`)).toBe(22);
  expect(startTicks('')).toBeNull();
  expect(bootTime('cpu 1\nbtime 1796000000\nprocesses 2\n')).toBe(1_796_000_000_000);
  expect(bootTime('')).toBeNull();
});

/** Recorded on QEMU 7.2. */
const usernet = `Hub -1 (net):
  Protocol[State]    FD  Source Address  Port   Dest. Address  Port RecvQ SendQ
  TCP[ESTABLISHED]    26       127.0.0.1 46505       10.0.2.15    22     0     0
  TCP[HOST_FORWARD]  14       127.0.0.1 46505       10.0.2.15    22     0     0
  TCP[HOST_FORWARD]  13               * 18999       10.0.2.15 18999     0     0
  UDP[HOST_FORWARD]  15       127.0.0.1  5353       10.0.2.15    53     0     0
`;

it('reads which ports lead in', () => {
  expect(forwardsIn(usernet)).toEqual([
    { address: '127.0.0.1', port: 46_505, insidePort: 22 },
    { address: '0.0.0.0', port: 18_999, insidePort: 18_999 },
    { address: '127.0.0.1', port: 5_353, insidePort: 53 },
  ]);
  expect(forwardsIn('')).toEqual([]);
});
