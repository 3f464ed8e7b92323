/** What is called what. */

/** The distribution of our own: ASCII, at most 64 characters. */
export const distroName = 'ClawCove-OpenClaw';

/** Where the one shared folder is inside: apart from the agent's own folder, which is made later and by others. */
export const sharedInside = '/srv/openclaw/shared';

/** The task of Windows' own that keeps the home going from login on. */
export const taskName = '\\ClawCove\\OpenClaw';
