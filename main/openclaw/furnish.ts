/** Puts OpenClaw's own configuration into the home's state, and mends it. The home must be stopped. */
import type { Doors } from '../doors.ts';
import { ProblemError } from '../problem.ts';
import type { ExecResult, HomeSpec } from '../sandbox/sandbox.ts';
import type { Job } from '../work/job.ts';
import { hardenedConfig, onboardArgs, onboardingTokenName } from './config.ts';

/** OpenClaw's commands start a Node of their own: seconds on a quick computer, much more on a slow one (ms). */
const commandTimeout = 180_000;

/** Whether there is a configuration at all. */
async function hasConfig(doors: Doors, spec: HomeSpec, job: Job): Promise<boolean> {
  const file = `${doors.sandbox.inside.state}/openclaw.json`;
  return (await inPassing(doors, spec, ['test', '-s', file], job)).exitCode === 0;
}

/** The first configuration, where there is none yet; an existing one is left as it is. */
export async function furnishIfBare(doors: Doors, spec: HomeSpec, job: Job): Promise<void> {
  if ((await doors.sandbox.hasState(job.signal)) && (await hasConfig(doors, spec, job))) return;
  await onboardAgain(doors, spec, job);
}

/**
 * Brings any configuration back to what ClawCove holds it to, with the least loss:
 * first only our own settings; if the file is beyond that, OpenClaw's doctor (it puts
 * back the last good one); if that fails too, a fresh one beside the old.
 */
export async function mendConfig(doors: Doors, spec: HomeSpec, job: Job): Promise<void> {
  job.step('mending-config');
  if ((await hasConfig(doors, spec, job)) && (await tryHarden(doors, spec, job))) return;
  await inPassing(doors, spec, ['openclaw', 'doctor', '--fix', '--non-interactive'], job);
  if ((await hasConfig(doors, spec, job)) && (await tryHarden(doors, spec, job))) return;
  const file = `${doors.sandbox.inside.state}/openclaw.json`;
  await inPassing(doors, spec, ['mv', '-f', file, `${file}.set-aside`], job);
  await onboardAgain(doors, spec, job);
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
  const result = await inPassing(doors, bare, onboardArgs(model, port), job);
  if (result.exitCode !== 0) throw failure('onboarding-failed', result, job);
}

async function harden(doors: Doors, spec: HomeSpec, job: Job): Promise<void> {
  job.step('hardening-config');
  const result = await setHardened(doors, spec, job);
  if (result.exitCode !== 0) throw failure('config-refused', result, job);
}

async function tryHarden(doors: Doors, spec: HomeSpec, job: Job): Promise<boolean> {
  return (await setHardened(doors, spec, job)).exitCode === 0;
}

function setHardened(doors: Doors, spec: HomeSpec, job: Job): Promise<ExecResult> {
  const batch = hardenedConfig(spec.port, doors.sandbox.inside.gatewaySecret);
  return inPassing(doors, spec, ['openclaw', 'config', 'set', '--batch-json', JSON.stringify(batch)], job);
}

function inPassing(doors: Doors, spec: HomeSpec, argv: readonly string[], job: Job): Promise<ExecResult> {
  return doors.sandbox.once(spec, argv, { network: false, timeoutMs: commandTimeout, signal: job.signal });
}

function failure(code: 'onboarding-failed' | 'config-refused', result: ExecResult, job: Job): ProblemError {
  const lines = `${result.untrustedOut}\n${result.untrustedErr}`.split('\n').filter((line) => line.trim());
  for (const line of lines.slice(-12)) job.log(line);
  return new ProblemError(code, { exitCode: result.exitCode }, ['try-again', 'open-log']);
}
