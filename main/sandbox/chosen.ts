/** The engine that the person has chosen, as one sandbox: whoever has it need not know that there are others. */
import type { EngineName } from '../contract.ts';
import type { Sandbox } from './sandbox.ts';

/** Every engine that this system can have a home by. Nothing is run before a verb is called. */
export interface Homes {
  readonly engines: readonly EngineName[];
  /** @throws Error for one that this system can't have */
  of(engine: EngineName): Sandbox;
}

/** Puts sandboxes together; the first is the one that ClawCove recommends where all can be had. */
export function homesOf(sandboxes: readonly Sandbox[]): Homes {
  return {
    engines: sandboxes.map(({ engine }) => engine),
    of(engine) {
      const found = sandboxes.find((sandbox) => sandbox.engine === engine);
      if (!found) throw new Error(`this system has no home by ${engine}`);
      return found;
    },
  };
}

/** A sandbox whose every part is that of the engine which is chosen at that moment. */
export function chosenSandbox(homes: Homes, chosen: () => EngineName): Sandbox {
  const now = () => homes.of(chosen());
  return new Proxy({} as Sandbox, {
    get: (_, part) => Reflect.get(now(), part),
    has: (_, part) => Reflect.has(now(), part),
    ownKeys: () => Reflect.ownKeys(now()),
    getOwnPropertyDescriptor: (_, part) => {
      const found = Reflect.getOwnPropertyDescriptor(now(), part);
      // What a proxy shows must be changeable where its own target lacks it.
      return found && { ...found, configurable: true };
    },
  });
}
