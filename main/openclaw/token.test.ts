import { describe, expect, it } from 'vitest';
import { openDoors } from '../testing/doors.ts';
import { createMachine } from '../testing/machine.ts';
import { ensureToken, renewToken } from './token.ts';

const open = () => new AbortController().signal;
const inSandbox = (token: string) => JSON.stringify({ token });

describe('the gateway’s token', () => {
  it('is made once: 256 random bits that need no quoting, known to the vault and the home', async () => {
    const { doors, machine } = openDoors();
    const token = await ensureToken(doors, open());
    expect(token).toMatch(/^[\w-]{43}$/);
    expect(machine.vault).toBe(token);
    expect(machine.secrets.get('gateway')).toBe(inSandbox(token));
    expect(await ensureToken(doors, open())).toBe(token);
  });

  it('is handed over again when the home has lost it', async () => {
    const { doors, machine } = openDoors(createMachine({ vault: 'known' }));
    expect(await ensureToken(doors, open())).toBe('known');
    expect(machine.secrets.get('gateway')).toBe(inSandbox('known'));
  });

  it('is another one after renewing, everywhere', async () => {
    const { doors, machine } = openDoors();
    const before = await ensureToken(doors, open());
    const after = await renewToken(doors, open());
    expect(after).not.toBe(before);
    expect(machine).toMatchObject({ vault: after });
    expect(machine.secrets.get('gateway')).toBe(inSandbox(after));
  });
});
