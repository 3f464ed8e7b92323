import { describe, expect, it } from 'vitest';
import { movedInMachine } from '../testing/apps.ts';
import { check, fix } from '../testing/checks.ts';
import { createMachine, type Machine } from '../testing/machine.ts';
import { gatewayLocalOnly } from './gateway-local-only.ts';

const publish = (machine: Machine, ...addresses: string[]) => {
  if (machine.home)
    machine.home.tampered = {
      ports: addresses.map((address) => ({ address, port: 18789, insidePort: 18789 })),
    };
  return machine;
};

describe('who can reach OpenClaw', () => {
  it('is only this computer: every other address of it refuses', async () => {
    expect(await check(gatewayLocalOnly, await movedInMachine())).toMatchObject({
      is: 'ok',
      evidence: [
        { code: 'ports-published', facts: { ports: '127.0.0.1:18789' } },
        {
          code: 'addresses-tried',
          facts: { count: 2, addresses: '192.168.1.20, fe80::1%eth0', port: 18789 },
        },
      ],
    });
  });

  it('is a danger when another address accepts connections, whatever was published', async () => {
    const machine = await movedInMachine();
    machine.openAddresses.add('192.168.1.20');
    expect(await check(gatewayLocalOnly, machine)).toMatchObject({
      is: 'broken',
      gravity: 'danger',
      why: 'reachable-from-network',
      facts: { addresses: '192.168.1.20', port: 18789 },
    });
  });

  it.each(['0.0.0.0', '::', '192.168.1.20'])(
    'is a danger when it is published on %s, even while no one answers',
    async (address) => {
      const machine = publish(await movedInMachine(), '127.0.0.1', address);
      expect(await check(gatewayLocalOnly, machine)).toMatchObject({
        gravity: 'danger',
        why: 'published-to-network',
        facts: { addresses: address },
      });
    },
  );

  it('is ok on both kinds of loopback', async () => {
    expect(await check(gatewayLocalOnly, publish(await movedInMachine(), '127.0.0.1', '::1'))).toMatchObject({
      is: 'ok',
    });
  });

  it('is nobody on a computer without a network', async () => {
    expect(await check(gatewayLocalOnly, await movedInMachine({ addresses: [] }))).toMatchObject({
      is: 'ok',
    });
  });

  it('asks nothing of a home that is not there, but tries all the same', async () => {
    const machine = createMachine();
    expect(await check(gatewayLocalOnly, machine)).toMatchObject({
      is: 'ok',
      evidence: [{ facts: { ports: '–' } }, { facts: { count: 2 } }],
    });
  });

  it('is closed at once: stopped, published anew on loopback, woken', async () => {
    const machine = publish(await movedInMachine(), '0.0.0.0');
    const { is, calls } = await fix(gatewayLocalOnly, machine);
    expect(is).toBe('done');
    expect(calls[0]).toBe('sandbox.stop');
    expect(await check(gatewayLocalOnly, machine)).toMatchObject({ is: 'ok' });
    expect(machine.home?.isRunning).toBe(true);
  });
});
