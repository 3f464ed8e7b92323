import type { Finding, Gravity, ReasonCode } from '../contract.ts';
import { makeHome } from '../openclaw/make.ts';
import { mendMachine } from '../openclaw/mend-machine.ts';
import type { HomeFault, Inspection } from '../sandbox/sandbox.ts';
import { broken, ok, type Safeguard, saw } from './safeguard.ts';

/** What is wrong with the machine that a home is in; null: another row says it (engine-ready, room-to-work). */
const faults: Readonly<
  Record<HomeFault['why'], { readonly why: ReasonCode; readonly gravity: Gravity } | null>
> = {
  'disk-damaged': { why: 'home-disk-damaged', gravity: 'attention' },
  'host-key-changed': { why: 'home-key-changed', gravity: 'danger' },
  'host-disk-full': null,
  'gives-no-answer': null,
  'no-virtualization': null,
};

/** Whether what has the home's name is a home of ours from a verified image; pure. */
export function judgeHome(there: Inspection, expectedImage: string | null, at: number): Finding {
  if (there.is === 'missing') return broken('attention', 'home-missing', [saw(at, 'home-not-found')]);
  if (there.is === 'foreign')
    return broken('danger', 'home-foreign', [saw(at, 'home-foreign', { name: there.name })]);
  const evidence = [
    saw(at, 'home-found', { version: there.version, digest: there.imageDigest.slice(0, 19) }),
  ];
  const fault = there.fault && faults[there.fault.why];
  if (fault)
    return broken(fault.gravity, fault.why, [
      ...evidence,
      saw(at, 'machine-looked-at', { detail: there.fault?.detail || '–' }),
    ]);
  if (expectedImage === null) return broken('attention', 'home-unknown', evidence);
  // The part behind the @ is what was verified; tags and names may move.
  if (!expectedImage.endsWith(`@${there.imageDigest}`)) return broken('danger', 'home-other-image', evidence);
  return ok(evidence);
}

/** The dedicated sandbox exists, is ours, and was made from the image that was verified. */
export const sandboxExists: Safeguard = {
  id: 'sandbox-exists',
  guide: ['isolated'],
  needs: ['engine-ready', 'room-to-work', 'folder-dedicated'],
  patience: 0,
  async check({ sandbox, store, clock }, signal) {
    return judgeHome(await sandbox.inspect(signal), store.receipts().sandbox?.image ?? null, clock.now());
  },
  async fix(doors, job) {
    await mendMachine(doors, job);
    await makeHome(doors, job);
  },
};
