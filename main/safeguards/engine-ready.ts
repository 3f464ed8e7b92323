import type { Finding, Note } from '../contract.ts';
import type { Doors } from '../doors.ts';
import { ProblemError } from '../problem.ts';
import type { EngineState } from '../sandbox/sandbox.ts';
import { askAdministrator } from '../work/ask-administrator.ts';
import { broken, ok, type Safeguard, saw } from './safeguard.ts';

const noVirtualization = {
  'switched-off': 'engine-virtualization-off',
  'not-allowed': 'engine-virtualization-not-allowed',
  'does-not-work': 'engine-virtualization-broken',
} as const;

/** What the engine's state means for a home; pure. `at`: when it was seen, ms since 1970. */
export function judgeEngine(state: EngineState, at: number): Finding {
  switch (state.is) {
    case 'ready': {
      const seen = [saw(at, 'engine-answers', { version: state.version })];
      const codes = [
        ...(state.notes ?? []),
        ...(state.limits === 'enforced' ? [] : (['limits-not-enforced'] as const)),
      ];
      return ok(
        seen,
        codes.map((code): Note => ({ code, facts: {} })),
      );
    }
    case 'absent':
      return broken('attention', 'engine-absent', [saw(at, 'engine-not-found')]);
    case 'asleep':
      return broken('attention', 'engine-asleep', [saw(at, 'engine-silent')]);
    case 'not-allowed':
      return broken('attention', 'engine-not-allowed', [saw(at, 'engine-refuses')]);
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
    case 'no-fence':
      return broken('attention', 'engine-no-fence', [saw(at, 'engine-answers', { version: state.version })]);
    case 'no-virtualization':
      return broken('attention', noVirtualization[state.why], [
        saw(at, 'engine-answers', { version: state.version }),
      ]);
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
    // Installing another one doesn't wake it, and nobody is let in.
    if (state.is === 'asleep' || state.is === 'not-allowed')
      throw new ProblemError('engine-not-ready', { state: state.is }, ['check-now']);
    if (state.is !== 'ready' && state.is !== 'no-subordinate-ids') {
      await askAdministrator('install-engine', 'installing-engine', doors, job);
      if (state.is === 'absent') await doors.store.saveReceipts({ engineInstalled: true });
    }
    // Only an engine that is there can say that it lacks these.
    if ((await doors.sandbox.probe(job.signal)).is === 'no-subordinate-ids')
      await askAdministrator('grant-subordinate-ids', 'granting-ids', doors, job);
  },
};
