import type { Sandbox } from '../sandbox.ts';

/** What a container hasn't: disks, a clock and a system of its own. They are this computer's. */
export const noOwnSystem: Pick<Sandbox, 'mend' | 'clockAhead' | 'setClock' | 'ownSystem' | 'fixOwnSystem'> = {
  mend: async () => ({ is: 'as-it-was' }),
  clockAhead: async () => null,
  async setClock() {},
  ownSystem: async () => ({ is: 'none' }),
  async fixOwnSystem() {},
};
