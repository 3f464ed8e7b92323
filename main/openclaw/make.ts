/** Makes the home, or makes it again around the same state. */
import type { Answer, ModelChoice } from '../contract.ts';
import type { Doors } from '../doors.ts';
import { ProblemError } from '../problem.ts';
import type { FetchedImage, HomeSpec } from '../sandbox/sandbox.ts';
import type { Job } from '../work/job.ts';
import { furnishIfBare, mendConfig, onboardAgain } from './furnish.ts';
import { gatherSpec } from './home.ts';
import { lookForRelease } from './look-for-release.ts';
import { isSameService, onboardingFor } from './models.ts';
import { ensureToken, renewToken } from './token.ts';

/** What to do about OpenClaw's configuration while the home is made. */
type Config = 'if-bare' | 'mend' | 'onboard';

/**
 * Makes the home as the choices say and leaves it stopped. Safe to repeat: whatever
 * is there already is used, and the state (memories, settings) always stays.
 */
export async function makeHome(doors: Doors, job: Job, config: Config = 'if-bare'): Promise<void> {
  const { sandbox, store } = doors;
  const image = await wantedImage(doors, job);
  await makeHomeFrom(doors, job, image, config);
  await store.saveReceipts({
    sandbox: { image: image.reference, version: image.version, madeAt: doors.clock.now() },
  });
  await sandbox.setAutostart(!store.choices().stopped, job.signal);
}

/** A new token, in the vault and in the home, which is left stopped: no older one opens it any more. */
export async function changeLock(doors: Doors, job: Job): Promise<void> {
  job.step('renewing-token');
  await doors.sandbox.stop(job.signal);
  await renewToken(doors, job.signal);
  await makeHome(doors, job, 'mend');
}

/** Makes the home from a given image, stopped. */
export async function makeHomeFrom(
  doors: Doors,
  job: Job,
  image: FetchedImage,
  config: Config,
): Promise<void> {
  const { sandbox } = doors;
  await ensureKeys(doors, job);
  const spec = await gatherSpec(doors, image, job.signal);
  await stopIfThere(doors, job);
  await setUpState(doors, spec, job, config);
  job.step('creating-home');
  await sandbox.create(spec, job);
}

/** The gateway's token and the model's key are where a home finds them; may ask the person. */
export async function ensureKeys(doors: Doors, job: Job): Promise<void> {
  await ensureToken(doors, job.signal);
  await ensureModelKey(doors, job);
}

async function setUpState(doors: Doors, spec: HomeSpec, job: Job, config: Config): Promise<void> {
  // A state of ours that is only half made is worth nothing; one with memories in it is never taken back.
  const isNew = !(await doors.sandbox.hasState(job.signal));
  if (isNew || config === 'if-bare') return furnishIfBare(doors, spec, job);
  return config === 'mend' ? mendConfig(doors, spec, job) : onboardAgain(doors, spec, job);
}

async function stopIfThere(doors: Doors, job: Job): Promise<void> {
  const there = await doors.sandbox.inspect(job.signal);
  if (there.is !== 'present' || there.state !== 'running') return;
  job.step('stopping-home');
  await doors.sandbox.stop(job.signal);
}

/** The image the home was made from if it is still here, else the newest one, fetched and verified. */
async function wantedImage(doors: Doors, job: Job): Promise<FetchedImage> {
  const { sandbox, store } = doors;
  const made = store.receipts().sandbox;
  if (made) {
    const here = await sandbox.findImage(made.version, job.signal);
    return here ?? (await fetchVersion(doors, job, made.version));
  }
  return fetchVersion(doors, job, await newestVersion(doors, job));
}

/** The newest version on the person's channel that the image source offers. */
export async function newestVersion(doors: Doors, job: Job): Promise<string> {
  job.step('finding-newest');
  const newest = await lookForRelease(doors, job.signal);
  if (!newest) throw new ProblemError('no-version-found');
  return newest;
}

/** Fetches the image of a version unless it is here already. */
export async function fetchVersion(doors: Doors, job: Job, version: string): Promise<FetchedImage> {
  const here = await doors.sandbox.findImage(version, job.signal);
  if (here) return here;
  job.step('downloading');
  return doors.sandbox.fetchImage(version, job);
}

/** The key travels from the person's answer into the sandbox and is kept nowhere else. */
async function ensureModelKey(doors: Doors, job: Job): Promise<void> {
  const { model } = doors.store.choices();
  if (onboardingFor(model).keyName === null) return;
  const question = { is: 'model-key', model } as const;
  // A key that the person has just given takes the place of the one that is kept.
  const given = job.foreseen(question);
  if (!given && (await doors.sandbox.hasSecret('model-key', job.signal))) return;
  const answer = given ?? (await job.ask(question));
  if (answer.is === 'model-key') await doors.sandbox.keepSecret('model-key', answer.key, job.signal);
  // Without a key there is nobody to talk to yet; the home itself doesn't need one.
  else await doors.store.saveChoices({ model: { provider: 'later' } });
}

/** The person's answer about the key of a service that isn't connected yet; null: none is needed. */
export async function askForKey({ store }: Doors, job: Job, model: ModelChoice): Promise<Answer | null> {
  if (isSameService(store.choices().model, model) || onboardingFor(model).keyName === null) return null;
  return job.ask({ is: 'model-key', model });
}

/**
 * Another model, with a new key where another service answers for it. The home is left stopped, or as it was.
 *
 * @param answer what {@link askForKey} has brought
 */
export async function chooseModel(
  doors: Doors,
  job: Job,
  model: ModelChoice,
  answer: Answer | null,
): Promise<void> {
  const { sandbox, store } = doors;
  if (answer !== null) {
    // Whatever happens in between, the key for one service must not go to another: at first to none.
    await store.saveChoices({ model: { provider: 'later' } });
    await makeHome(doors, job);
    if (answer.is !== 'model-key') return;
    await sandbox.keepSecret('model-key', answer.key, job.signal);
  }
  await store.saveChoices({ model });
}
