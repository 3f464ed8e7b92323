import { describe, expect, it } from 'vitest';
import type { Choices, ModelChoice } from '../contract.ts';
import { openDoors } from '../testing/doors.ts';
import { createMachine, freshChoices } from '../testing/machine.ts';
import { gatherFence, internetService, serviceAt, wantedServices } from './nearby.ts';

const custom = (baseUrl: string): ModelChoice => ({ provider: 'custom', baseUrl, modelId: 'm' });
const choices = (change: Partial<Choices>): Choices => ({ ...freshChoices, ...change });

describe('the service behind an address', () => {
  it.each([
    ['http://nas.local:8080/v1', { host: 'nas.local', port: 8080 }],
    ['https://api.example.org/v1', { host: 'api.example.org', port: 443 }],
    ['http://10.0.0.7', { host: '10.0.0.7', port: 80 }],
    ['proxy:3128', { host: 'proxy', port: 3128 }],
    ['socks5://user:word@10.1.1.1', { host: '10.1.1.1', port: 1080 }],
    ['192.168.1.20:80', { host: '192.168.1.20', port: 80 }],
    ['ftp://x', null],
    ['http://', null],
  ])('%s', (address, service) => {
    expect(serviceAt(address)).toEqual(service);
  });
});

it('what OpenClaw needs is its model, the way out of the network, and what the person allowed', () => {
  const proxy = {
    https_proxy: 'http://10.9.9.9:3128',
    HTTPS_PROXY: 'http://10.9.9.9:3128',
    no_proxy: '10.1.2.3',
  };
  expect(
    wantedServices(choices({ model: custom('http://gpu:8000/v1'), nearbyServices: ['nas:445'] }), proxy),
  ).toEqual([
    { host: 'gpu', port: 8000 },
    { host: '10.9.9.9', port: 3128 },
    { host: 'nas', port: 445 },
  ]);
  expect(wantedServices(freshChoices, {})).toEqual([]);
});

it('the internet is asked for at the proxy first, then at the model', () => {
  expect(internetService(choices({ model: { provider: 'anthropic' } }), {})?.host).toBe('api.anthropic.com');
  expect(internetService(choices({ model: { provider: 'openai' } }), { all_proxy: 'p:1' })?.host).toBe('p');
  expect(internetService(choices({ model: custom('http://gpu:8000') }), {})).toEqual({
    host: 'gpu',
    port: 8000,
  });
  expect(internetService(freshChoices, {})).toBeNull();
});

describe('the fence around a home', () => {
  const fence = (machine: Parameters<typeof createMachine>[0]) =>
    gatherFence(openDoors(createMachine(machine)).doors, new AbortController().signal);

  it('opens what is near and needed, by its address; what is far needs no opening', async () => {
    expect(
      await fence({
        names: new Map([
          ['gpu.local', ['192.168.1.9', '192.168.1.8']],
          ['api.example.org', ['203.0.113.1']],
        ]),
        choices: choices({
          model: custom('http://gpu.local:8000/v1'),
          nearbyServices: ['192.168.1.9:445', 'api.example.org:443', 'nobody.local:1'],
        }),
      }),
    ).toEqual({
      refused: [],
      allowed: [
        { address: '192.168.1.8', port: 8000 },
        { address: '192.168.1.9', port: 445 },
        { address: '192.168.1.9', port: 8000 },
      ],
    });
  });

  it('shuts this computer’s own addresses, also those that look far, but for what was allowed there', async () => {
    expect(
      await fence({
        addresses: ['192.168.1.20', '203.0.113.7', '2001:db8::7', 'fe80::1%eth0'],
        choices: choices({ model: custom('http://203.0.113.7:11434/v1') }),
      }),
    ).toEqual({ refused: ['203.0.113.7'], allowed: [{ address: '203.0.113.7', port: 11_434 }] });
  });
});
