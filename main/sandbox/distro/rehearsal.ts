/** Tries an OpenClaw out on a copy of the state, cut off from everything. */
import { ProblemError } from '../../problem.ts';
import type { ExecOptions, ExecResult, Report } from '../sandbox.ts';
import { runBeside } from './calls.ts';
import { furnish, givenTo } from './furnish.ts';
import type { Guest } from './machine.ts';
import { givenFolders, passingUnitFolder, rehearsalSlice, rehearsalUnit } from './names.ts';
import type { Parts } from './parts.ts';
import { copyFolder, dropCopy } from './state.ts';
import { lastLines, mustSucceed, putFiles, tool } from './system.ts';
import { type Around, type Ingredients, rehearsalUnitText } from './unit.ts';

const timeoutMs = 60_000;
const stopTimeout = 90_000;
/** Enough to see why it ended. */
const lines = 60;
const unitFile = `${passingUnitFolder}/${rehearsalUnit}`;

const around: Around & { readonly kind: 'rehearsal' } = {
  kind: 'rehearsal',
  network: false,
  as: 'agent',
  state: copyFolder('rehearsal'),
};

/** Ends one that runs and takes away what it was given; its copy of the state stays. */
export async function stopRehearsal(guest: Guest, signal: AbortSignal): Promise<void> {
  const stop = tool('home', 'stop', rehearsalUnit, rehearsalSlice);
  await mustSucceed(guest.run(stop, { timeoutMs: stopTimeout, signal }));
  await putFiles(guest, [{ gone: unitFile }, { gone: givenFolders.rehearsal }], signal);
}

/** Starts it; an older one that somebody left behind makes room. */
export async function startRehearsal(guest: Guest, parts: Parts, report: Report): Promise<void> {
  const { signal } = report;
  await stopRehearsal(guest, signal);
  const unit = { path: unitFile, text: rehearsalUnitText(parts.ingredients, around.state), mode: '644' };
  await furnish(guest, parts, [...givenTo('rehearsal', parts), unit], report);
  await mustSucceed(guest.run(['systemctl', 'start', rehearsalUnit], { timeoutMs, signal }));
}

/** @param ingredients of the one that was started; null: nobody has started one */
export async function inRehearsal(
  guest: Guest,
  ingredients: Ingredients | null,
  argv: readonly string[],
  options: ExecOptions,
): Promise<ExecResult> {
  if (!ingredients) throw new ProblemError('home-not-running', {}, ['try-again']);
  return runBeside(guest, ingredients, around, argv, options);
}

/** @returns the last lines it printed */
export async function endRehearsal(guest: Guest, signal: AbortSignal): Promise<string> {
  const said = await lastLines(guest, rehearsalUnit, lines, signal);
  await stopRehearsal(guest, signal);
  await dropCopy(guest, 'rehearsal', signal);
  return said;
}
