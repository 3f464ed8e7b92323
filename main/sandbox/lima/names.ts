/** What Lima's machine of ours is called, and where things are in it. */

/** The machine's name in its own LIMA_HOME: no other is ever named in an order that changes something. */
export const machineName = 'clawcove';
/** Stands in its settings, so that we know it for ours. */
export const ours = 'Made by ClawCove';
/** Where the shared folder is inside. */
export const sharedInside = '/srv/shared';
/**
 * The account inside by which Lima comes in; with sudo, and nobody's but ClawCove's. Never with the person's own
 * number: that is the agent's, since the shared folder's files belong to it inside as well.
 */
export const keeperFor = (uid: number) =>
  ({ name: 'keeper', uid: uid === 2000 ? 2001 : 2000, home: '/home/keeper' }) as const;
/** By which a guest reaches this computer, its loopback included. Source: Lima's network documentation. */
export const computerInside = '192.168.5.2';
