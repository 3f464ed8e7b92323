/**
 * This computer's own virtualization, where a person may use it: it carries a machine, or is found out in bounded time.
 * One kind that is found out is the kernel's `kvm_pvm`, which accepts QEMU and can't run Debian's kernel.
 */
import { access, constants } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { problemOf } from '../../problem.ts';
import { idle, silentReport } from '../silent-report.ts';
import { openTestMachine } from './test-machine.ts';

const canTry = await access('/dev/kvm', constants.R_OK | constants.W_OK).then(
  () => true,
  () => false,
);
const test = canTry ? await openTestMachine() : null;
const patience = { start: 300_000, firstWord: 90_000, answer: 15_000, stop: 90_000 };

describe.skipIf(test === null)('virtualization', { timeout: 1_800_000 }, () => {
  it('carries a machine, or is found out, said and remembered', async () => {
    if (test === null) return;
    const machine = test.another({ accelerator: 'kvm', patience });
    try {
      expect(await machine.probe(idle())).toMatchObject({ is: 'ready' });
      await machine.create({ ...test.spec, port: 18_995 }, silentReport());
      const began = performance.now();
      const problem = await machine.start(silentReport()).then(() => null, problemOf);
      expect(performance.now() - began).toBeLessThan(patience.start + 120_000);
      if (problem === null) {
        expect(await machine.state(idle())).toMatchObject({ is: 'running' });
        return await machine.stop(idle());
      }
      expect(problem).toMatchObject({
        code: 'virtualization-broken',
        facts: { detail: expect.stringMatching(/KVM|no progress/i) },
      });
      // Nothing goes on by itself, and nothing is lost.
      expect(await machine.state(idle())).toEqual({ is: 'stopped' });
      expect(await machine.probe(idle())).toMatchObject({ is: 'no-virtualization', why: 'does-not-work' });
    } finally {
      await test.close();
    }
  });
});
