import type { AdminTaskId, Finding, Note, ProblemCode, ReasonCode, StepCode } from '../contract.ts';
import type { Doors } from '../doors.ts';
import { prepareComputer } from '../other-computer/prepare.ts';
import { ProblemError } from '../problem.ts';
import type { EngineState, NoVirtualization, Unsuited } from '../sandbox/sandbox.ts';
import { askAdministrator } from '../work/ask-administrator.ts';
import type { Job } from '../work/job.ts';
import { adminTaskFor } from '../work/plan.ts';
import { broken, ok, type Safeguard, saw, unknown } from './safeguard.ts';

/** Why there is no virtualization, as it stands in the row, and as the person is told who asked to put it right. */
const noVirtualization: Record<
  NoVirtualization,
  { readonly why: ReasonCode; readonly problem: ProblemCode }
> = {
  'switched-off': { why: 'engine-virtualization-off', problem: 'virtualization-off' },
  missing: { why: 'engine-virtualization-missing', problem: 'virtualization-missing' },
  'off-or-missing': { why: 'engine-virtualization-off-or-missing', problem: 'virtualization-off-or-missing' },
  'not-started': { why: 'engine-virtualization-not-started', problem: 'engine-not-ready' },
  'not-allowed': { why: 'engine-virtualization-not-allowed', problem: 'engine-not-ready' },
  'not-this-copy': { why: 'engine-not-permitted', problem: 'machine-not-permitted' },
  'does-not-work': { why: 'engine-virtualization-broken', problem: 'virtualization-broken' },
};

/** Why another computer can't carry a home. */
const unsuited: Record<Unsuited, ReasonCode> = {
  system: 'computer-system-unsuited',
  processor: 'computer-processor-unsuited',
  memory: 'computer-memory-short',
};

/** What the engine's state means for a home; pure. `at`: when it was seen, ms since 1970. */
export function judgeEngine(state: EngineState, at: number): Finding {
  const looked = [saw(at, 'engine-looked-at')];
  const answered = (version: string) => [saw(at, 'engine-answers', { version })];
  switch (state.is) {
    case 'ready': {
      const codes = [
        ...(state.notes ?? []),
        ...(state.limits === 'enforced' ? [] : (['limits-not-enforced'] as const)),
      ];
      return ok(
        answered(state.version),
        codes.map((code): Note => ({ code, facts: {} })),
      );
    }
    case 'absent':
      return broken('attention', 'engine-absent', [saw(at, 'engine-not-found')]);
    case 'asleep':
      return broken('attention', 'engine-asleep', [saw(at, 'engine-silent')]);
    case 'not-allowed':
      return broken('attention', 'engine-not-allowed', [saw(at, 'engine-refuses')]);
    case 'too-old': {
      const { version, needs } = state;
      return broken('attention', 'engine-too-old', answered(version), { version, needs });
    }
    case 'no-subordinate-ids': {
      const { version, user } = state;
      return broken('attention', 'engine-no-subordinate-ids', answered(version), { user });
    }
    case 'no-runtime-for-cgroups':
      return broken('attention', 'engine-no-runtime', answered(state.version));
    case 'no-fence':
      return broken('attention', 'engine-no-fence', answered(state.version));
    case 'no-virtualization':
      return broken(
        'attention',
        noVirtualization[state.why].why,
        state.why === 'not-this-copy' ? [saw(at, 'signature-read')] : looked,
      );
    case 'system-too-old': {
      const { system, needs } = state;
      return broken('attention', 'engine-system-too-old', [saw(at, 'system-seen', { system })], {
        system,
        needs,
      });
    }
    case 'wrong-processor':
      return broken('attention', 'engine-wrong-processor', [saw(at, 'processor-asked')]);
    case 'incomplete':
      return broken('attention', 'engine-incomplete', [saw(at, 'app-part-missing')]);
    case 'no-room': {
      const { freeBytes, neededBytes } = state;
      return broken('attention', 'engine-no-room', [saw(at, 'free-disk', { bytes: freeBytes })], {
        freeBytes,
        neededBytes,
      });
    }
    case 'feature-missing':
      return broken('attention', 'engine-feature-missing', looked);
    case 'restart-needed':
      return broken('attention', 'engine-restart-needed', looked);
    case 'blocked':
      return broken(
        'attention',
        state.by === 'policy' ? 'engine-blocked-by-policy' : 'engine-blocked-by-guard',
        looked,
      );
    case 'not-prepared':
      return broken(
        'attention',
        state.lacks === 'name' ? 'computer-not-named' : 'computer-not-prepared',
        looked,
      );
    // Nothing is known of what is there: it may be as well as ever.
    case 'unreachable':
      return unknown('computer-unreachable', [saw(at, 'computer-silent', { host: state.host })], {
        host: state.host,
      });
    case 'other-key':
      return broken('danger', 'computer-other-key', [saw(at, 'computer-key-seen', { host: state.host })], {
        host: state.host,
      });
    case 'unsuited':
      return broken('attention', unsuited[state.why], looked);
    case 'stuck':
      return broken('attention', 'engine-stuck', [saw(at, 'engine-failed', { detail: state.detail })]);
    case 'no-answer':
      return broken('attention', 'engine-no-answer', [saw(at, 'machine-silent')]);
    case 'broken':
      return broken('attention', 'engine-broken', [
        saw(at, 'engine-failed', { detail: state.detail.slice(0, 300) }),
      ]);
  }
}

/**
 * Gets an engine that is stuck, or a machine that hangs, going again, which costs nothing and asks nobody.
 *
 * @returns its state, and whether it was stuck: then the home may be gone, see {@link Sandbox.unstick}
 */
export async function unstick(
  { sandbox }: Doors,
  signal: AbortSignal,
): Promise<{ readonly state: EngineState; readonly wasStuck: boolean }> {
  const state = await sandbox.probe(signal);
  if (state.is !== 'stuck' && state.is !== 'no-answer') return { state, wasStuck: false };
  return { state: await sandbox.unstick(signal), wasStuck: true };
}

/** What the person is told where no administrator's prompt helps; null: there is nothing to tell. */
function onlyByHand(state: EngineState): ProblemCode | null {
  switch (state.is) {
    case 'ready':
      return null;
    case 'no-virtualization':
      return noVirtualization[state.why].problem;
    case 'restart-needed':
      return 'restart-needed';
    case 'blocked':
      return 'engine-blocked';
    case 'asleep':
      return 'engine-asleep';
    case 'not-allowed':
      return 'engine-not-allowed';
    case 'system-too-old':
      return 'machine-system-too-old';
    case 'wrong-processor':
      return 'machine-wrong-processor';
    case 'incomplete':
      return 'app-incomplete';
    case 'no-room':
      return 'no-room-on-disk';
    case 'not-prepared':
      return state.lacks === 'name' ? 'computer-not-named' : 'engine-not-ready';
    case 'unreachable':
      return 'computer-unreachable';
    case 'other-key':
      return 'computer-other-key';
    case 'unsuited':
      return 'computer-unsuited';
    // An administrator is asked, unless the engine is one that ClawCove doesn't install.
    case 'absent':
    case 'too-old':
    case 'no-subordinate-ids':
    case 'no-runtime-for-cgroups':
    case 'no-fence':
    case 'feature-missing':
    case 'stuck':
    case 'no-answer':
    case 'broken':
      return 'engine-not-ready';
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

const steps: Record<AdminTaskId, StepCode> = {
  'install-engine': 'installing-engine',
  'install-machine-engine': 'installing-engine',
  'grant-subordinate-ids': 'granting-ids',
  'grant-virtualization': 'granting-virtualization',
  'dedicate-computer': 'closing-computer',
  'undedicate-computer': 'opening-computer',
};

/** Has an administrator do what helps; answers with what was asked for, null where there is nothing to ask. */
async function haveDone(state: EngineState, doors: Doors, job: Job): Promise<AdminTaskId | null> {
  const task = adminTaskFor(doors.sandbox.engine, state);
  if (task === null) return null;
  await askAdministrator(task, steps[task], doors, job);
  if (state.is === 'absent') await doors.store.saveReceipts({ engineInstalled: true });
  return task;
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
    const { sandbox } = doors;
    const { engine } = sandbox;
    let { state: now } = await unstick(doors, job.signal);
    // What stopped working in the middle may work from the next start on; where it doesn't, that is found out there.
    if (now.is === 'no-virtualization' && now.why === 'does-not-work')
      now = await sandbox.unstick(job.signal);
    if (now.is === 'not-prepared') {
      await prepareComputer(doors, job);
      now = await sandbox.probe(job.signal);
    }
    const done = await haveDone(now, doors, job);
    if (done !== null) now = await sandbox.probe(job.signal);
    // Only an engine that is there can say what else it lacks.
    if (done !== null && adminTaskFor(engine, now) !== done && (await haveDone(now, doors, job)) !== null)
      now = await sandbox.probe(job.signal);
    // Asked for already: whether it helped, the look that follows says.
    if (adminTaskFor(engine, now) !== null) return;
    const problem = onlyByHand(now);
    if (problem === 'restart-needed') await comeBack(doors);
    if (problem !== null)
      throw new ProblemError(problem, 'host' in now ? { host: now.host } : {}, ['check-now']);
  },
};
