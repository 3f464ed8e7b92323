import { describe, expect, it } from 'vitest';
import type { PowersSeen } from '../host-powers.ts';
import { check, expectWhole } from '../testing/checks.ts';
import { createMachine } from '../testing/machine.ts';
import { desktopIn, hostPowersOff, judgePowers } from './host-powers-off.ts';

const off = { is: 'off' } as const;
const none = { is: 'none-here' } as const;
const on = { is: 'on', by: 'OpenClaw.app', settings: null } as const;
const unreadable = { is: 'unreadable', detail: 'authorization denied' } as const;
const at = 1_700_000_000_000;
const judged = (change: Partial<PowersSeen>, inside: readonly string[] | null = null) =>
  expectWhole(judgePowers({ accessibility: off, screen: off, node: off, ...change }, inside, at), at);

describe('powers outside the home', () => {
  it('are as promised where a system says that nobody has them', () => {
    expect(judged({})).toMatchObject({ is: 'ok' });
    expect(judged({ accessibility: none })).toMatchObject({ is: 'ok' });
  });

  it('are nothing to be proud of where the system knows none, and said to be that', () => {
    expect(judged({ accessibility: none, screen: none })).toMatchObject({
      is: 'not-applicable',
      why: 'powers-unknown-here',
      evidence: [{ code: 'power-node-off' }],
    });
  });

  it.each([
    ['accessibility', 'power-accessibility'],
    ['screen', 'power-screen'],
    ['node', 'power-node'],
  ] as const)('are a danger when %s is on, whatever could not be read', (power, why) => {
    const rest: PowersSeen = { accessibility: unreadable, screen: unreadable, node: unreadable };
    expect(judged({ ...rest, [power]: on })).toMatchObject({
      is: 'broken',
      gravity: 'danger',
      why,
      facts: { by: 'OpenClaw.app' },
    });
    expect(judged({ accessibility: none, screen: none, [power]: on })).toMatchObject({ is: 'broken', why });
  });

  it('say on which page of the system’s settings they are taken back, where there is one', () => {
    expect(judged({ screen: { ...on, settings: 'screen-recording' } })).toMatchObject({
      facts: { settings: 'screen-recording' },
    });
    expect(judged({ screen: on })).not.toMatchObject({ facts: { settings: expect.anything() } });
  });

  it.each(['accessibility', 'screen', 'node'] as const)(
    'are neither good nor bad where %s could not be read',
    (power) => {
      expect(judged({ [power]: unreadable })).toMatchObject({ is: 'unknown', why: 'powers-unreadable' });
      expect(judged({ accessibility: none, screen: none, [power]: unreadable })).toMatchObject({
        is: 'unknown',
      });
    },
  );

  it.each([
    ['/tmp/.X11-unix', true],
    ['/tmp/.X11-unix/X0', true],
    ['/run/user/1000/bus', true],
    ['/run/user', true],
    ['/var/run/user/1000/wayland-0', true],
    ['/run/dbus/system_bus_socket', true],
    ['/home/ada/OpenClaw', false],
    ['/tmp/.X11-unixes', false],
    ['/run/username', false],
  ])('a home that was given %s can work the desktop: %s', (source, isDesktop) => {
    const mounts = [{ source, target: '/mnt', kind: 'bind' as const, writable: false }];
    const inside = desktopIn({ is: 'present', mounts } as unknown as Parameters<typeof desktopIn>[0]);
    expect(inside).toEqual(isDesktop ? [source] : []);
    expect(judged({ accessibility: none, screen: none }, inside).is).toBe(
      isDesktop ? 'broken' : 'not-applicable',
    );
  });

  it('are looked at without a home as well', async () => {
    expect(await check(hostPowersOff, createMachine())).toMatchObject({ is: 'not-applicable' });
    const powers: PowersSeen = { accessibility: none, screen: none, node: on };
    expect(await check(hostPowersOff, createMachine({ powers }))).toMatchObject({ why: 'power-node' });
  });
});
