import { expect, it } from 'vitest';
import { check } from '../testing/checks.ts';
import { createMachine } from '../testing/machine.ts';
import { notAdministrator } from './not-administrator.ts';

it('is ok for an ordinary person', async () => {
  expect(await check(notAdministrator, createMachine())).toMatchObject({ is: 'ok' });
});

it('is a danger with administrator rights, and nothing that ClawCove could put right itself', async () => {
  expect(await check(notAdministrator, createMachine({ isAdministrator: true }))).toMatchObject({
    is: 'broken',
    why: 'runs-as-administrator',
    gravity: 'danger',
  });
  expect(notAdministrator.fix).toBeUndefined();
});
