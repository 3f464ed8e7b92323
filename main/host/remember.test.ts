import { expect, it, vi } from 'vitest';
import { remember } from './remember.ts';

it('asks once, also for those who come while the answer is under way', async () => {
  const ask = vi.fn(async () => 'Debian');
  const system = remember(ask);
  expect(await Promise.all([system(), system()])).toEqual(['Debian', 'Debian']);
  expect(await system()).toBe('Debian');
  expect(ask).toHaveBeenCalledTimes(1);
});

it('asks anew after a failure', async () => {
  const ask = vi.fn(async () => 'Debian').mockRejectedValueOnce(new Error('not now'));
  const system = remember(ask);
  await expect(system()).rejects.toThrow('not now');
  expect(await system()).toBe('Debian');
});
