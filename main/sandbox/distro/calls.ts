/**
 * Runs commands beside the home, in units of their own with the very same settings: what is true of the home is true
 * of them, filter of system calls and limits included, which whoever merely entered the home's namespaces would lack.
 */
import { randomBytes } from 'node:crypto';
import { ProblemError } from '../../problem.ts';
import type { ExecOptions, ExecResult } from '../sandbox.ts';
import type { Guest } from './machine.ts';
import { givenFolders, homeUnit, imageUnit, rehearsalUnit } from './names.ts';
import { fenceProblem, guestProblem, noFence, tool } from './system.ts';
import { type Around, hardening, type Ingredients, type Setting, withGivenEnvironment } from './unit.ts';

const defaultMaxBytes = 1024 * 1024;
/** Beyond its own time, a call that nobody waits for any more is ended by systemd (s). */
const graceSeconds = 60;
/** How often and how many times a given-up call's unit is looked for. */
const endTries = 10;

/** What a call whose home doesn't run ends with; what runs inside can do the same, so somebody has to look. */
const notRunning = 69;
/** Constant: everything comes as arguments. */
const whileRunning = `systemctl is-active --quiet "$1" || exit ${notRunning}; shift; exec "$@"`;
const asItComes = ['/bin/sh', '-c', 'exec "$@"', 'clawcove'] as const;
/** Ends a unit whatever it does; it may only just be starting. Constant. */
const endScript = `gone=0
for round in $(seq ${endTries}); do
  if systemctl kill --signal=KILL "$1" 2> /dev/null || systemctl is-active --quiet "$1"; then gone=0; else gone=$((gone + 1)); fi
  [ "$gone" -ge 2 ] && exit 0
  sleep 0.2
done`;

/** systemd would put variables in; a dollar that is written twice is one. Source: systemd.service(5). */
const literally = (words: readonly string[]) => words.map((word) => word.replaceAll('$', '$$$$'));

function callArguments(
  unit: string,
  settings: readonly Setting[],
  argv: readonly string[],
  timeoutMs: number,
): string[] {
  const seconds = Math.ceil(timeoutMs / 1000) + graceSeconds;
  const all: readonly Setting[] = [...settings, ['RuntimeMaxSec', String(seconds)]];
  return [
    'systemd-run',
    '--quiet',
    '--wait',
    '--pipe',
    '--collect',
    '--service-type=exec',
    `--unit=${unit}`,
    ...all.map(([name, value]) => `--property=${name}=${value}`),
    '--',
    ...literally(argv),
  ];
}

async function call(
  guest: Guest,
  words: readonly string[],
  unit: string,
  options: ExecOptions,
): Promise<ExecResult> {
  try {
    return await guest.run(words, { maxBytes: defaultMaxBytes, ...options });
  } catch (error) {
    const idle = new AbortController().signal;
    // A machine that is gone has nothing left to end.
    await guest
      .run(['/bin/sh', '-c', endScript, 'end', unit], { timeoutMs: 30_000, signal: idle })
      .catch(() => {});
    throw error;
  }
}

/** How systemd says that nothing could be started. */
const ownFailure = /^(?:Failed to start|Job for|A dependency job)/m;

const newUnit = () => `clawcove-call-${randomBytes(8).toString('hex')}.service`;

const commandFor = (as: Around['as'], argv: readonly string[]) => [
  ...(as === 'agent' ? withGivenEnvironment : asItComes),
  ...argv,
];

/**
 * Runs a command beside the home or its rehearsal, while that runs.
 *
 * @throws ProblemError `home-not-running`
 */
export async function runBeside(
  guest: Guest,
  ingredients: Ingredients,
  around: Around & { readonly kind: 'home' | 'rehearsal' },
  argv: readonly string[],
  options: ExecOptions,
): Promise<ExecResult> {
  const beside = around.kind === 'home' ? homeUnit : rehearsalUnit;
  const unit = newUnit();
  const settings: Setting[] = [...hardening(ingredients, around), ['JoinsNamespaceOf', beside]];
  const words = callArguments(unit, settings, commandFor(around.as, argv), options.timeoutMs);
  const result = await call(
    guest,
    ['/bin/sh', '-c', whileRunning, 'beside', beside, ...words],
    unit,
    options,
  );
  if (result.exitCode === notRunning && result.untrustedOut === '') {
    const there = await guest.run(['systemctl', 'is-active', '--quiet', beside], {
      timeoutMs: 30_000,
      signal: options.signal,
    });
    if (there.exitCode !== 0) throw new ProblemError('home-not-running', {}, ['try-again']);
  }
  return result;
}

/** Runs a command in a passing sandbox around the state, and takes what that was given away; the home must rest. */
export async function runOnce(
  guest: Guest,
  ingredients: Ingredients,
  around: Around & { readonly kind: 'once' },
  argv: readonly string[],
  options: ExecOptions,
): Promise<ExecResult> {
  const unit = newUnit();
  const words = callArguments(
    unit,
    hardening(ingredients, around),
    commandFor('agent', argv),
    options.timeoutMs,
  );
  const fence = around.network ? 'fenced' : 'cut-off';
  const script = tool('home', 'run', fence, imageUnit(ingredients.digest), givenFolders.once, ...words);
  const result = await call(guest, script, unit, options).catch(async (error) => {
    // Whoever gave up has ended the script before it came to that.
    const idle = new AbortController().signal;
    await guest.run(['rm', '-rf', givenFolders.once], { timeoutMs: 30_000, signal: idle }).catch(() => {});
    throw error;
  });
  // The system's own failure, before anything ran; what runs inside may end with the same, but not silently.
  if (result.exitCode !== 0 && result.untrustedOut === '' && ownFailure.test(result.untrustedErr))
    throw result.exitCode === noFence ? fenceProblem(result) : guestProblem(result);
  return result;
}
