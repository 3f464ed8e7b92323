/** Puts OpenClaw's own configuration into the home's state, and mends it. The home must be stopped. */
import type { Doors } from '../doors.ts';
import { ProblemError } from '../problem.ts';
import type { ExecResult, HomeSpec } from '../sandbox/sandbox.ts';
import { readAgreed } from '../settings/agreed.ts';
import type { Job } from '../work/job.ts';
import { hardenedConfig, onboardArgs, onboardingTokenName } from './config.ts';
import { type Diagnosis, diagnose } from './diagnosis.ts';

/** OpenClaw's commands start a Node of their own: seconds on a quick computer, much more on a slow one (ms). */
const commandTimeout = 180_000;

/** Whether there is a configuration at all. */
async function hasConfig(doors: Doors, spec: HomeSpec, job: Job): Promise<boolean> {
  const file = `${doors.sandbox.inside.state}/openclaw.json`;
  const result = await inPassing(doors, spec, ['test', '-s', file], job);
  // 1 is its "no"; anything else means that nobody looked.
  if (result.exitCode > 1) throw failure('config-refused', result, job);
  return result.exitCode === 0;
}

/** The first configuration, where there is none yet; an existing one is left as it is. */
export async function furnishIfBare(doors: Doors, spec: HomeSpec, job: Job): Promise<void> {
  if ((await doors.sandbox.hasState(job.signal)) && (await hasConfig(doors, spec, job))) return;
  await onboardAgain(doors, spec, job);
}

/**
 * Brings any configuration back to what ClawCove holds it to, with the least loss:
 * first only our own settings; if the file is beyond that, what the person last agreed to;
 * else OpenClaw's doctor (it puts back the last good one, whoever wrote that); if that fails
 * too, a fresh one beside the old.
 *
 * @throws ProblemError when it failed for another reason than the configuration itself:
 *   a fresh one would fare no better, and the person's own would be gone for nothing
 */
export async function mendConfig(doors: Doors, spec: HomeSpec, job: Job): Promise<void> {
  job.step('mending-config');
  if (await tryHarden(doors, spec, job)) return;
  if (await putAgreedBack(doors, spec, job)) return;
  await ask(doors, spec, ['openclaw', 'doctor', '--fix', '--non-interactive'], job);
  if (await tryHarden(doors, spec, job)) return;
  const file = `${doors.sandbox.inside.state}/openclaw.json`;
  await inPassing(doors, spec, ['mv', '-f', file, `${file}.set-aside`], job);
  await onboardAgain(doors, spec, job);
}

/**
 * Writes what it reads in the place of a file: whole, or not at all. The file before stays beside it: somebody's
 * own words may stand in what nobody can read. A program for the home's Node.
 */
export const writeWhole = `
const fs = require('node:fs');
const [file] = process.argv.slice(1);
const next = file + '.next';
fs.rmSync(next, { force: true });
fs.writeFileSync(next, fs.readFileSync(0), { mode: 0o600, flag: 'wx' });
if (fs.existsSync(file)) fs.copyFileSync(file, file + '.unreadable');
fs.renameSync(next, file);
`;

/**
 * Whether what the person last agreed to is in force again. Nothing of a configuration that nobody could read
 * is left then: whatever differs afterwards is ClawCove's own work.
 */
async function putAgreedBack(doors: Doors, spec: HomeSpec, job: Job): Promise<boolean> {
  const { sandbox, store } = doors;
  const agreed = await readAgreed(doors);
  if (agreed === null) return false;
  const written = await sandbox.once(
    spec,
    ['node', '-e', writeWhole, `${sandbox.inside.state}/openclaw.json`],
    {
      input: JSON.stringify(agreed.settings, null, 2),
      network: false,
      timeoutMs: commandTimeout,
      signal: job.signal,
    },
  );
  if (diagnosisOf(written) === 'disk-full') throw new ProblemError('disk-full');
  if (written.exitCode !== 0) return false;
  await store.saveReceipts({ strangeBeforeWork: [] });
  if (await tryHarden(doors, spec, job)) return true;
  await store.saveReceipts({ strangeBeforeWork: null });
  return false;
}

/** OpenClaw's own set-up, first or again (another model); keeps memories and conversations. */
export async function onboardAgain(doors: Doors, spec: HomeSpec, job: Job): Promise<void> {
  await onboard(doors, spec, job);
  await harden(doors, spec, job);
}

async function onboard(doors: Doors, spec: HomeSpec, job: Job): Promise<void> {
  job.step('onboarding');
  const { model, port } = doors.store.choices();
  const bare: HomeSpec = {
    ...spec,
    environment: { ...spec.environment, [onboardingTokenName]: 'replaced-by-a-file-right-after' },
  };
  const result = await ask(doors, bare, onboardArgs(model, port), job);
  if (result.exitCode !== 0) throw failure('onboarding-failed', result, job);
}

async function harden(doors: Doors, spec: HomeSpec, job: Job): Promise<void> {
  job.step('hardening-config');
  const result = await setHardened(doors, spec, job);
  if (result.exitCode !== 0) throw failure('config-refused', result, job);
}

/** Whether our settings are in it; false only where there is none, or OpenClaw itself calls it invalid. */
async function tryHarden(doors: Doors, spec: HomeSpec, job: Job): Promise<boolean> {
  if (!(await hasConfig(doors, spec, job))) return false;
  const result = await setHardened(doors, spec, job);
  if (result.exitCode === 0) return true;
  const verdict = await ask(doors, spec, ['openclaw', 'config', 'validate', '--json'], job);
  if (verdict.exitCode !== 0 && diagnosisOf(verdict) === 'config-invalid') return false;
  throw failure('config-refused', result, job);
}

function setHardened(doors: Doors, spec: HomeSpec, job: Job): Promise<ExecResult> {
  const batch = hardenedConfig(spec.port, doors.sandbox.inside.gatewaySecret);
  return ask(doors, spec, ['openclaw', 'config', 'set', '--batch-json', JSON.stringify(batch)], job);
}

/** One of OpenClaw's own commands; what it says on a full disk is about the disk, not about the configuration. */
async function ask(doors: Doors, spec: HomeSpec, argv: readonly string[], job: Job): Promise<ExecResult> {
  const result = await inPassing(doors, spec, argv, job);
  if (result.exitCode !== 0 && diagnosisOf(result) === 'disk-full') throw new ProblemError('disk-full');
  return result;
}

function diagnosisOf({ untrustedOut, untrustedErr }: ExecResult): Diagnosis {
  return diagnose(`${untrustedOut}\n${untrustedErr}`);
}

function inPassing(doors: Doors, spec: HomeSpec, argv: readonly string[], job: Job): Promise<ExecResult> {
  return doors.sandbox.once(spec, argv, { network: false, timeoutMs: commandTimeout, signal: job.signal });
}

function failure(code: 'onboarding-failed' | 'config-refused', result: ExecResult, job: Job): ProblemError {
  const lines = `${result.untrustedOut}\n${result.untrustedErr}`.split('\n').filter((line) => line.trim());
  for (const line of lines.slice(-12)) job.log(line);
  if (diagnosisOf(result) === 'newer-state') return new ProblemError('state-is-newer', {}, ['open-log']);
  return new ProblemError(code, { exitCode: result.exitCode }, ['try-again', 'open-log']);
}
