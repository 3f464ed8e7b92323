import type { Evidence, EvidenceCode, Finding, ReasonCode } from '../contract.ts';
import type { PowersSeen } from '../host-powers.ts';
import type { Inspection } from '../sandbox/sandbox.ts';
import { broken, notApplicable, ok, type Safeguard, saw, unknown } from './safeguard.ts';

/** By gravity: whoever works other programs in the person's place needs nothing else. */
const words = [
  {
    power: 'accessibility',
    why: 'power-accessibility',
    off: 'power-accessibility-off',
    on: 'power-accessibility-on',
  },
  { power: 'screen', why: 'power-screen', off: 'power-screen-off', on: 'power-screen-on' },
  { power: 'node', why: 'power-node', off: 'power-node-off', on: 'power-node-on' },
] as const satisfies readonly {
  readonly power: keyof PowersSeen;
  readonly why: ReasonCode;
  readonly off: EvidenceCode;
  readonly on: EvidenceCode;
}[];

/** Where Linux has what leads to the person's screen, keyboard, sound and other programs. Source: X(7), pam_systemd(8). */
const desktopPlace = /^\/(tmp\/\.X11-unix|tmp\/\.ICE-unix|(var\/)?run\/(user|dbus|pipewire))(\/|$)/;

/** What of the desktop is let into the home, as the engine tells; null: there is no home that could say. */
export function desktopIn(there: Inspection): readonly string[] | null {
  if (there.is !== 'present') return null;
  const binds = there.mounts.filter(({ kind }) => kind === 'bind');
  return binds.map(({ source }) => source).filter((source) => desktopPlace.test(source));
}

/**
 * Whether the agent has been lent powers over the person's desktop; pure.
 *
 * @param inside see {@link desktopIn}
 */
export function judgePowers(seen: PowersSeen, inside: readonly string[] | null, at: number): Finding {
  const states = words.map((each) => ({ ...each, state: seen[each.power] }));
  const evidence: Evidence[] = [
    ...states.flatMap(({ off, on, state }) => {
      if (state.is === 'off') return [saw(at, off)];
      return state.is === 'on' ? [saw(at, on, { by: state.by })] : [];
    }),
    ...(inside === null ? [] : [saw(at, 'desktop-inside', { count: inside.length })]),
  ];
  if (inside !== null && inside.length > 0)
    return broken('danger', 'desktop-inside', evidence, { path: inside.join(', ').slice(0, 300) });
  for (const { why, state } of states)
    if (state.is === 'on')
      return broken('danger', why, evidence, {
        by: state.by,
        ...(state.settings && { settings: state.settings }),
      });
  for (const { state } of states)
    if (state.is === 'unreadable')
      return unknown('powers-unreadable', evidence, { detail: state.detail.slice(0, 200) || '–' });
  // Where nobody could be asked for them there is nothing to be proud of.
  const isAside = seen.accessibility.is === 'none-here' && seen.screen.is === 'none-here';
  return isAside ? notApplicable('powers-unknown-here', evidence) : ok(evidence);
}

/** Nothing outside its home lends OpenClaw the person's screen, keyboard or commands. */
export const hostPowersOff: Safeguard = {
  id: 'host-powers-off',
  guide: ['least-privilege'],
  needs: ['engine-ready'],
  patience: 0,
  // What is lent is taken back where it was: in the system's settings, or the program that lends it.
  async check({ powers, sandbox, clock }, signal) {
    const [seen, there] = await Promise.all([powers.look(signal), sandbox.inspect(signal)]);
    return judgePowers(seen, desktopIn(there), clock.now());
  },
};
