import type { Finding, Note, ProblemCode } from '../contract.ts';
import type { Doors } from '../doors.ts';
import { ProblemError } from '../problem.ts';
import type { EngineState } from '../sandbox/sandbox.ts';
import { askAdministrator } from '../work/ask-administrator.ts';
import { broken, ok, type Safeguard, saw } from './safeguard.ts';

/** What the engine's state means for a home; pure. `at`: when it was seen, ms since 1970. */
export function judgeEngine(state: EngineState, at: number): Finding {
  switch (state.is) {
    case 'ready': {
      const seen = [saw(at, 'engine-answers', { version: state.version })];
      const notes: Note[] = state.limits === 'enforced' ? [] : [{ code: 'limits-not-enforced', facts: {} }];
      return ok(seen, notes);
    }
    case 'absent':
      return broken('attention', 'engine-absent', [saw(at, 'engine-not-found')]);
    case 'too-old':
      return broken('attention', 'engine-too-old', [saw(at, 'engine-answers', { version: state.version })], {
        version: state.version,
        needs: state.needs,
      });
    case 'no-subordinate-ids':
      return broken(
        'attention',
        'engine-no-subordinate-ids',
        [saw(at, 'engine-answers', { version: state.version })],
        {
          user: state.user,
        },
      );
    case 'no-runtime-for-cgroups':
      return broken('attention', 'engine-no-runtime', [
        saw(at, 'engine-answers', { version: state.version }),
      ]);
    case 'system-too-old':
      return broken(
        'attention',
        'engine-system-too-old',
        [saw(at, 'system-seen', { system: state.system })],
        {
          system: state.system,
          needs: state.needs,
        },
      );
    case 'wrong-processor':
      return broken('attention', 'engine-wrong-processor', [saw(at, 'processor-asked')]);
    case 'no-virtualization':
      return broken('attention', 'engine-no-virtualization', [saw(at, 'processor-asked')]);
    case 'not-permitted':
      return broken('attention', 'engine-not-permitted', [saw(at, 'signature-read')]);
    case 'no-room':
      return broken('attention', 'engine-no-room', [saw(at, 'free-disk', { bytes: state.freeBytes })], {
        freeBytes: state.freeBytes,
        neededBytes: state.neededBytes,
      });
    case 'incomplete':
      return broken('attention', 'engine-incomplete', [saw(at, 'app-part-missing')]);
    case 'no-fence':
      return broken('attention', 'engine-no-fence', [saw(at, 'engine-answers', { version: state.version })]);
    case 'stuck':
      return broken('attention', 'engine-stuck', [saw(at, 'engine-failed', { detail: state.detail })]);
    case 'broken':
      return broken('attention', 'engine-broken', [
        saw(at, 'engine-failed', { detail: state.detail.slice(0, 300) }),
      ]);
  }
}

/**
 * Gets an engine that is stuck going again, which costs nothing and asks nobody.
 *
 * @returns its state, and whether it was stuck: then the home is gone, see {@link Sandbox.unstick}
 */
export async function unstick(
  { sandbox }: Doors,
  signal: AbortSignal,
): Promise<{ readonly state: EngineState; readonly wasStuck: boolean }> {
  const state = await sandbox.probe(signal);
  if (state.is !== 'stuck') return { state, wasStuck: false };
  return { state: await sandbox.unstick(signal), wasStuck: true };
}

/** What no administrator can put right by installing something, and what the person is told instead. */
const beyondHelp: Partial<Record<EngineState['is'], ProblemCode>> = {
  'system-too-old': 'machine-system-too-old',
  'wrong-processor': 'machine-wrong-processor',
  'no-virtualization': 'machine-no-virtualization',
  'not-permitted': 'machine-not-permitted',
  'no-room': 'no-room-on-disk',
  incomplete: 'app-incomplete',
};

/** An engine that really isolates is installed, working and recent enough. */
export const engineReady: Safeguard = {
  id: 'engine-ready',
  guide: ['isolated'],
  needs: ['not-administrator'],
  patience: 60_000,
  async check({ sandbox, clock }, signal) {
    return judgeEngine(await sandbox.probe(signal), clock.now());
  },
  async fix(doors, job) {
    const { state } = await unstick(doors, job.signal);
    const hopeless = beyondHelp[state.is];
    if (hopeless !== undefined) throw new ProblemError(hopeless, {}, ['check-now']);
    if (state.is !== 'ready' && state.is !== 'no-subordinate-ids') {
      await askAdministrator('install-engine', 'installing-engine', doors, job);
      if (state.is === 'absent') await doors.store.saveReceipts({ engineInstalled: true });
    }
    // Only an engine that is there can say that it lacks these.
    if ((await doors.sandbox.probe(job.signal)).is === 'no-subordinate-ids')
      await askAdministrator('grant-subordinate-ids', 'granting-ids', doors, job);
  },
};
