/** What is called what. */

/** The distribution of our own: ASCII, at most 64 characters. */
export const distroName = 'ClawCove-OpenClaw';

/** Where the one shared folder is inside. */
export const sharedInside = '/home/openclaw/shared';

/** The task of Windows' own that keeps the home going from login on. */
export const taskName = '\\ClawCove\\OpenClaw';
