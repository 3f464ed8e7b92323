import { join } from 'node:path';

/** The folder that ClawCove recommends: in plain sight in the person's home, and nobody else's. */
export function defaultSharedFolder(home: string): string {
  return join(home, 'OpenClaw');
}
