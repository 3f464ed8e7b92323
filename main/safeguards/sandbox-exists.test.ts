import { describe, expect, it } from 'vitest';
import { noReceipts } from '../host/store.ts';
import type { HomeFault, Inspection } from '../sandbox/sandbox.ts';
import { movedInMachine } from '../testing/apps.ts';
import { check, expectWhole, fix } from '../testing/checks.ts';
import { createMachine, imageOf, type Machine, sharedFolder } from '../testing/machine.ts';
import { judgeHome, sandboxExists } from './sandbox-exists.ts';

const { reference, digest } = imageOf('2026.9.6');
const present = { is: 'present', version: '2026.9.6', imageDigest: digest } as Inspection;
const faulty = (why: HomeFault['why']) => ({ ...present, fault: { why, detail: 'base' } }) as Inspection;

describe('judgeHome', () => {
  it.each<[Inspection, string | null, string]>([
    [{ is: 'missing' }, reference, 'attention home-missing'],
    [{ is: 'foreign', name: 'openclaw' }, reference, 'danger home-foreign'],
    [present, null, 'attention home-unknown'],
    [present, imageOf('2026.9.5').reference, 'danger home-other-image'],
    [present, reference.replace('sha256:', 'sha256:x'), 'danger home-other-image'],
    [present, `${digest}@somewhere`, 'danger home-other-image'],
    [faulty('disk-damaged'), reference, 'attention home-disk-damaged'],
    [faulty('host-key-changed'), reference, 'danger home-key-changed'],
  ])('%j with a receipt for %s: %s', (there, image, result) => {
    const finding = expectWhole(judgeHome(there, image, 3), 3);
    expect(finding.is === 'broken' && `${finding.gravity} ${finding.why}`).toBe(result);
  });

  it('leaves a full disk to the row about room', () => {
    expect(judgeHome(faulty('host-disk-full'), reference, 3).is).toBe('ok');
  });

  it('is ok by the digest that was verified, wherever the image is called from', () => {
    expect(judgeHome(present, reference, 3).is).toBe('ok');
    expect(judgeHome(present, `mirror.example/openclaw@${digest}`, 3).is).toBe('ok');
  });
});

describe('a home of its own', () => {
  it('is ok when it is the one that ClawCove made', async () => {
    expect(await check(sandboxExists, await movedInMachine())).toMatchObject({ is: 'ok' });
  });

  it('is missing on a fresh computer', async () => {
    expect(await check(sandboxExists, createMachine())).toMatchObject({ why: 'home-missing' });
  });

  it.each<[string, (machine: Machine) => void]>([
    ['missing', (machine) => Object.assign(machine, { home: null })],
    ['somebody else’s', (machine) => Object.assign(machine, { home: null, isForeign: true })],
    ['one without a receipt', (machine) => Object.assign(machine, { receipts: noReceipts })],
    [
      'made from another image',
      ({ home }) => Object.assign(home ?? {}, { tampered: { imageDigest: 'sha256:evil' } }),
    ],
  ])('that is %s is made around the same memories', async (_, spoil) => {
    const machine = await movedInMachine();
    spoil(machine);
    expect(await check(sandboxExists, machine)).toMatchObject({ is: 'broken' });
    expect(await fix(sandboxExists, machine)).toMatchObject({ is: 'done' });
    expect(await check(sandboxExists, machine)).toMatchObject({ is: 'ok' });
    expect(machine.state?.memories).toEqual(['my name is Ada']);
  });

  it('needs no running gateway: it is made and left to the safeguards after it', async () => {
    const machine = createMachine({ folders: new Set([sharedFolder]) });
    await fix(sandboxExists, machine);
    expect(machine.home?.isRunning).toBe(false);
  });
});
