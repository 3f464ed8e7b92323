/** What of its folder does not go along into a home. Pure; paths within the folder, with slashes. */

/** What is made anew, what holds one computer's locks, and settings from before, to which it would fall back. */
const madeAnew = /^(?:tmp|cache|logs|openclaw\.json\.last-good|openclaw\.json\.bak[^/]*)$/;

/**
 * Its program, which its installer and its app for the Mac put into the same folder, and a Node for that: half a gigabyte,
 * and another system's. Source: install-cli.sh of OpenClaw 2026.9.6.
 */
const program =
  /^(?:lib\/node_modules\/(?:openclaw|clawdbot|moltbot)|tools\/node(?:-v[\d.]+)?|bin\/(?:openclaw|clawdbot|moltbot)(?:\.cmd)?)$/;

export const staysBehind = (path: string): boolean => madeAnew.test(path) || program.test(path);
