/** What the door to an OpenClaw on the computer itself is put together from, on each system in its own way. */
import type { FoundGateway, FoundHome, FoundService, Resting } from '../../moving-in/found.ts';

/** A gateway, and when it was started: another process may have its number later. */
export interface RunningGateway extends FoundGateway {
  readonly birth: string;
}

/** What is known already when what starts it is looked for. */
export interface AlreadySeen {
  readonly homes: readonly FoundHome[];
  readonly gateways: readonly RunningGateway[];
}

/** What starts it by itself. Names that are not of its own are left alone. */
export interface Services {
  /** @throws when it can't be known */
  look(signal: AbortSignal, seen: AlreadySeen): Promise<FoundService[]>;
  /** Ends those that would start it again, together with what they started. */
  stop(services: Resting['services'], signal: AbortSignal): Promise<void>;
  start(services: Resting['services'], signal: AbortSignal): Promise<void>;
  /** Keeps them from starting it; safe to repeat. */
  layAside(services: Resting['services'], mark: string, signal: AbortSignal): Promise<void>;
  /** The other way round; safe to repeat. */
  putBack(services: Resting['services'], mark: string, signal: AbortSignal): Promise<void>;
}

/** What runs of it. */
export interface Gateways {
  /** @throws when it can't be known */
  find(homes: readonly FoundHome[], signal: AbortSignal): Promise<RunningGateway[]>;
  /** Asks what is still the same process to end; whether any could be asked. */
  ask(running: readonly RunningGateway[], signal: AbortSignal): Promise<boolean>;
  /** Ends what is still the same process. */
  end(running: readonly RunningGateway[], signal: AbortSignal): Promise<void>;
}
