/** The person's word on OpenClaw's settings: what was changed without it, taking it, and keeping to it. */
import { randomBytes } from 'node:crypto';
import type { Doors } from '../doors.ts';
import { gatherSpec } from '../openclaw/home.ts';
import { patchConfig } from '../openclaw/patch-config.ts';
import { parseJson } from '../parse-json.ts';
import { ProblemError } from '../problem.ts';
import type { Job } from '../work/job.ts';
import { type Agreed, keepAgreed, readAgreed } from './agreed.ts';
import { mergePatch } from './merge-patch.ts';
import { patchBack } from './put-back.ts';
import { changedBetween, inRunning, lookAtSettings, type RunInside, type SettingsSeen } from './seen.ts';

/** What is inside the home: where it rests, a passing one around its state is asked. */
async function insideOf(doors: Doors, signal: AbortSignal): Promise<RunInside> {
  const { sandbox, store } = doors;
  const there = await sandbox.inspect(signal);
  if (there.is === 'present' && there.state === 'running') return inRunning(sandbox);
  const made = store.receipts().sandbox;
  if (made === null || !(await sandbox.hasState(signal))) throw new ProblemError('settings-unreadable');
  const spec = await gatherSpec(doors, { reference: made.image, version: made.version }, signal);
  return (argv, options) => sandbox.once(spec, argv, { ...options, network: false });
}

async function look(
  doors: Doors,
  salt: string,
  what: 'hashes' | 'whole',
  signal: AbortSignal,
): Promise<SettingsSeen> {
  return lookAtSettings(await insideOf(doors, signal), doors.sandbox.inside, salt, what, signal);
}

/** What has changed since the person agreed; null: they never did, or nobody can tell. */
export async function strangeChanges(doors: Doors, signal: AbortSignal): Promise<string[] | null> {
  const agreed = await readAgreed(doors);
  if (!agreed) return null;
  const seen = await look(doors, agreed.salt, 'hashes', signal);
  return seen.is === 'seen' && !seen.isCut ? changedBetween(agreed.leaves, seen.leaves) : null;
}

async function seeWhole(
  doors: Doors,
  salt: string,
  signal: AbortSignal,
): Promise<Extract<SettingsSeen, { is: 'seen' }> & { readonly whole: string }> {
  const seen = await look(doors, salt, 'whole', signal);
  if (seen.is === 'unreadable' || seen.isCut || seen.whole === null)
    throw new ProblemError('settings-unreadable', {}, ['try-again', 'open-log']);
  return { ...seen, whole: seen.whole };
}

/**
 * Takes the settings as they are as what the person agreed to.
 *
 * @param strange settings that they didn't: these stay as they were agreed before
 * @throws ProblemError `settings-unreadable`
 */
export async function agree(doors: Doors, strange: readonly string[], signal: AbortSignal): Promise<void> {
  const { clock } = doors;
  const before = await readAgreed(doors);
  const salt = strange.length > 0 && before ? before.salt : randomBytes(16).toString('hex');
  const seen = await seeWhole(doors, salt, signal);
  const leaves = { ...seen.leaves };
  for (const key of strange) {
    delete leaves[key];
    const hash = before?.leaves[key];
    if (hash !== undefined) leaves[key] = hash;
  }
  const now = parseJson(seen.whole);
  const settings = strange.length > 0 ? mergePatch(now, patchBack(before?.settings, strange)) : now;
  await keepAgreed(doors, { at: clock.now(), salt, leaves, settings: settings as Agreed['settings'] });
}

/**
 * Puts back what has changed since the person agreed.
 *
 * @throws ProblemError `settings-unreadable`, `config-refused`
 */
export async function putSettingsBack(doors: Doors, job: Job): Promise<void> {
  const agreed = await readAgreed(doors);
  const changed = await strangeChanges(doors, job.signal);
  if (agreed === null || changed === null)
    throw new ProblemError('settings-unreadable', {}, ['try-again', 'open-log']);
  // With a new start: not everything is followed while it runs.
  await patchConfig(doors, job, patchBack(agreed.settings, changed), false);
}

/**
 * Agrees to what ClawCove's own work, which is under way, has changed so far.
 *
 * @returns whether nothing of that is left; false, too, where nobody can tell
 */
export async function agreeToOwn(doors: Doors, signal: AbortSignal): Promise<boolean> {
  // The work may have found out more, see openclaw/furnish.ts.
  const strange = doors.store.receipts().strangeBeforeWork;
  const now = strange && (await strangeChanges(doors, signal));
  if (!now) return false;
  if (now.some((key) => !strange.includes(key))) await agree(doors, strange, signal);
  return true;
}

/**
 * Does ClawCove's own work on the home. What it changes in OpenClaw's settings needs no agreement of its own; what
 * had changed before still does. That is noted down first: work that is cut off is finished by another ClawCove,
 * which finds settings in the middle of a change. Where nobody can tell what had changed, nothing is agreed to.
 */
export async function withOwnChanges(
  doors: Doors,
  signal: AbortSignal,
  work: () => Promise<void>,
): Promise<void> {
  const { store, log } = doors;
  const quietly = async <T>(look: () => Promise<T>): Promise<T | null> => {
    try {
      return await look();
    } catch (error) {
      if (error instanceof ProblemError) log.info(`OpenClaw’s settings can’t be seen: ${error.problem.code}`);
      else log.error('could not tell what changed in OpenClaw’s settings', error);
      return null;
    }
  };
  const note = (strangeBeforeWork: readonly string[] | null) => store.saveReceipts({ strangeBeforeWork });
  const strange = store.receipts().strangeBeforeWork ?? (await quietly(() => strangeChanges(doors, signal)));
  if (strange) await note(strange);
  try {
    await work();
  } finally {
    await quietly(async () => {
      if (await agreeToOwn(doors, signal)) await note(null);
    });
  }
}
