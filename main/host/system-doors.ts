/** What differs from system to system of the doors; each system's own doors.ts opens them, host/doors.ts adds the rest. */
import type { Clock, Doors, Log, Net } from '../doors.ts';
import type { OpenStream } from './stream.ts';

/** What every system's doors are opened with. */
export interface SystemOptions {
  readonly environment: NodeJS.ProcessEnv;
  /** The person's home folder. */
  readonly home: string;
  /** ClawCove's own folder. */
  readonly dataFolder: string;
  readonly clock: Clock;
  readonly net: Net;
  /** For what is too large for {@link net}. */
  readonly open: OpenStream;
  readonly log: Log;
}

export interface SystemDoors
  extends Pick<
    Doors,
    'computer' | 'admin' | 'homes' | 'powers' | 'hostOpenClaw' | 'otherComputer' | 'dedication'
  > {
  /** Lets nobody but this person, and the system itself, into a folder that is there. */
  makePrivate(folder: string): Promise<void>;
  /** The proxy by which ClawCove itself gets out, as environment variables; one on this computer may be among them. */
  readonly proxies: Readonly<Record<string, string>>;
  /** Absolute path of the shared folder before the person has chosen one. */
  readonly sharedFolder: string;
}
