import type { Finding, Note } from '../contract.ts';
import type { Doors } from '../doors.ts';
import { ProblemError } from '../problem.ts';
import type { EngineState } from '../sandbox/sandbox.ts';
import { askAdministrator } from '../work/ask-administrator.ts';
import { adminTaskFor } from '../work/plan.ts';
import { broken, ok, type Safeguard, saw } from './safeguard.ts';

/** What the engine's state means for a home; pure. `at`: when it was seen, ms since 1970. */
export function judgeEngine(state: EngineState, at: number): Finding {
  const engine = state.engine ?? 'Podman';
  const looked = [saw(at, 'engine-looked-at', { engine })];
  switch (state.is) {
    case 'ready': {
      const seen = [saw(at, 'engine-answers', { engine, version: state.version })];
      const notes: Note[] = state.limits === 'enforced' ? [] : [{ code: 'limits-not-enforced', facts: {} }];
      return ok(seen, notes);
    }
    case 'absent':
      return broken('attention', 'engine-absent', [saw(at, 'engine-not-found', { engine })], { engine });
    case 'too-old': {
      const { version, needs } = state;
      return broken('attention', 'engine-too-old', [saw(at, 'engine-answers', { engine, version })], {
        engine,
        version,
        needs,
      });
    }
    case 'no-subordinate-ids':
      return broken(
        'attention',
        'engine-no-subordinate-ids',
        [saw(at, 'engine-answers', { engine, version: state.version })],
        {
          user: state.user,
        },
      );
    case 'no-runtime-for-cgroups':
      return broken('attention', 'engine-no-runtime', [
        saw(at, 'engine-answers', { engine, version: state.version }),
      ]);
    case 'no-fence':
      return broken('attention', 'engine-no-fence', [
        saw(at, 'engine-answers', { engine, version: state.version }),
      ]);
    case 'stuck':
      return broken('attention', 'engine-stuck', [
        saw(at, 'engine-failed', { engine, detail: state.detail }),
      ]);
    case 'broken':
      return broken(
        'attention',
        'engine-broken',
        [saw(at, 'engine-failed', { engine, detail: state.detail.slice(0, 300) })],
        { engine },
      );
    case 'feature-missing':
      return broken('attention', 'engine-feature-missing', looked, { engine });
    case 'restart-needed':
      return broken('attention', 'engine-restart-needed', looked, { engine });
    case 'virtualization-off':
      return broken('attention', 'engine-virtualization-off', looked);
    case 'virtualization-missing':
      return broken('attention', 'engine-virtualization-missing', looked);
    case 'hypervisor-off':
      return broken('attention', 'engine-hypervisor-off', looked);
    case 'blocked':
      return state.by === 'policy'
        ? broken('attention', 'engine-blocked-by-policy', looked, { engine })
        : broken('attention', 'engine-blocked-by-guard', looked, { engine });
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

/** What to tell the person where they have to do something that no administrator's prompt does; null: nothing of the kind. */
function onlyByHand({ is }: EngineState) {
  switch (is) {
    case 'restart-needed':
    case 'virtualization-off':
    case 'virtualization-missing':
      return is;
    case 'blocked':
      return 'engine-blocked';
    default:
      return null;
  }
}

/**
 * ClawCove goes on by itself after the restart: it starts at login until the person has moved in, when their own choice
 * comes into force.
 */
async function comeBack({ desktop, store, log }: Doors): Promise<void> {
  if (store.choices().movedIn) return;
  try {
    await desktop.setStartAtLogin(true);
  } catch (error) {
    log.error('could not set the start at login', error);
  }
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
    if (adminTaskFor(state) === 'install-engine') {
      await askAdministrator('install-engine', 'installing-engine', doors, job);
      if (state.is === 'absent') await doors.store.saveReceipts({ engineInstalled: true });
    }
    const now = await doors.sandbox.probe(job.signal);
    // Only an engine that is there can say that it lacks these.
    if (now.is === 'no-subordinate-ids')
      await askAdministrator('grant-subordinate-ids', 'granting-ids', doors, job);
    const problem = onlyByHand(now);
    if (problem === 'restart-needed') await comeBack(doors);
    if (problem !== null) throw new ProblemError(problem, { engine: now.engine ?? 'Podman' }, ['check-now']);
  },
};
