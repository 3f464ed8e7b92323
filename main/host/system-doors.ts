/** What differs from system to system of the doors; each system's own doors.ts opens them, host/doors.ts adds the rest. */
import type { Clock, Doors, Log, Net } from '../doors.ts';

/** What every system's doors are opened with. */
export interface SystemOptions {
  readonly environment: NodeJS.ProcessEnv;
  /** The person's home folder. */
  readonly home: string;
  /** ClawCove's own folder. */
  readonly dataFolder: string;
  readonly clock: Clock;
  readonly net: Net;
  readonly log: Log;
}

export interface SystemDoors extends Pick<Doors, 'computer' | 'admin' | 'homes' | 'powers' | 'hostOpenClaw'> {
  /** Absolute path of the shared folder before the person has chosen one. */
  readonly sharedFolder: string;
}
