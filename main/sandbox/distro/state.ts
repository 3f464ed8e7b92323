/** The home's state in a machine, and copies of it beside it and in archives; see assets/guest/state.sh. */
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import * as z from 'zod';
import { ProblemError } from '../../problem.ts';
import { diskFull } from '../disk-full.ts';
import type { ExecResult, MadeBy, Report, StateCopy } from '../sandbox.ts';
import type { Guest } from './machine.ts';
import { homeSlice, kept } from './names.ts';
import { guestProblem, mustSucceed, tool } from './system.ts';

const timeoutMs = 60_000;
/** A state of many gigabytes on a slow disk may take its time (ms). */
const copyTimeout = 3_600_000;
/** Who waits for an answer of the home's gives up after about this long (s). */
const holdSeconds = 60;
/** `timeout` ends with this when time was up. Source: timeout(1). */
const timeIsUp = 124;
/** What the script ends with when there is no state, or no such copy. */
const gone = 66;

const Note = z.object({ image: z.string().max(300), version: z.string().max(128) });
const copies = `${kept}/copies`;
/** Where a copy lies that a rehearsal is made around. */
export const copyFolder = (copy: StateCopy): string => `${copies}/${copy}/state`;

function problemOf(result: ExecResult): ProblemError {
  if (result.exitCode === gone) return new ProblemError('state-gone', {}, ['check-now']);
  if (result.exitCode === timeIsUp)
    return new ProblemError('engine-too-slow', { command: 'copy' }, ['try-again']);
  return guestProblem(result);
}

async function change(guest: Guest, words: readonly string[], input: string, signal: AbortSignal) {
  const result = await guest.run(tool('state', ...words), { input, timeoutMs: copyTimeout, signal });
  if (result.exitCode !== 0) throw problemOf(result);
  return result;
}

const noteOf = ({ image, version }: MadeBy) => JSON.stringify({ image, version });
const idle = () => new AbortController().signal;

export async function hasState(guest: Guest, signal: AbortSignal): Promise<boolean> {
  return (await guest.run(tool('state', 'has'), { timeoutMs, signal })).exitCode === 0;
}

/** Copies the state as it is at one moment: whatever runs beside it is held still for that. */
export async function copyState(
  guest: Guest,
  copy: StateCopy,
  of: MadeBy,
  isRunning: boolean,
  { signal }: Report,
): Promise<void> {
  const limit = isRunning ? String(holdSeconds) : String(copyTimeout / 1000);
  const words = ['copy', copy, ...tool('hold', homeSlice, limit)];
  await change(guest, words, noteOf(of), signal).catch(async (error) => {
    await letGo(guest);
    throw error;
  });
}

/** Lets a home go on that somebody was killed over while holding it. */
export async function letGo(guest: Guest): Promise<void> {
  await guest.run(tool('hold', homeSlice, '0'), { timeoutMs: 30_000, signal: idle() });
}

export async function findCopy(guest: Guest, copy: StateCopy, signal: AbortSignal): Promise<MadeBy | null> {
  const { untrustedOut } = await change(guest, ['note', copy], '', signal);
  if (untrustedOut === '') return null;
  try {
    return Note.parse(JSON.parse(untrustedOut));
  } catch {
    return { image: '', version: '' };
  }
}

export const exchangeState = (guest: Guest, copy: StateCopy, was: MadeBy) =>
  change(guest, ['exchange', copy], noteOf(was), idle());

/** How long the files of a copy say that they are (bytes). */
export async function sizeOfCopy(guest: Guest, copy: StateCopy, signal: AbortSignal): Promise<number> {
  const { untrustedOut } = await change(guest, ['size', copy], '', signal);
  const [digits] = /^\d+(?=\s)/.exec(untrustedOut) ?? [];
  if (digits === undefined)
    throw new ProblemError('engine-failed', { detail: 'du' }, ['try-again', 'open-log']);
  return Number(digits);
}

/** Writes a copy to one archive, for this person's eyes only; an older one is replaced at the end. */
export async function saveCopy(guest: Guest, copy: StateCopy, file: string, report: Report): Promise<void> {
  if (!(await findCopy(guest, copy, report.signal))) throw new ProblemError('state-gone', {}, ['check-now']);
  const part = `${file}.part`;
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  try {
    const words = ['tar', '--create', '--numeric-owner', `--directory=${copyFolder(copy)}`, '--file=-', '.'];
    await mustSucceed(guest.receive(words, part, report));
    const written = await open(part, 'r+');
    await written.sync().finally(() => written.close());
    await rename(part, file);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}

/**
 * Unpacks an archive; a broken one or a full disk leave no copy behind. GNU tar lays no link that leads outside before
 * everything else is in its place.
 */
export async function loadCopy(
  guest: Guest,
  copy: StateCopy,
  file: string,
  of: MadeBy,
  agentId: number,
  report: Report,
): Promise<void> {
  const { signal } = report;
  await change(guest, ['begin'], '', signal);
  const making = `${copies}/.making/state`;
  await mustSucceed(guest.run(['mkdir', '-m', '700', making], { timeoutMs, signal }));
  try {
    const words = ['tar', '--extract', '--numeric-owner', '--same-owner', '--preserve-permissions'];
    const result = await guest.send(file, [...words, `--directory=${making}`, '--file=-'], report);
    if (result.exitCode !== 0)
      throw diskFull.test(result.untrustedErr)
        ? guestProblem(result)
        : new ProblemError('archive-damaged', {}, ['open-log']);
    await change(guest, ['settle', String(agentId)], '', signal);
    await change(guest, ['finish', copy], noteOf(of), signal);
  } catch (error) {
    await change(guest, ['drop', '.making'], '', idle());
    throw error;
  }
}

export const dropCopy = (guest: Guest, copy: StateCopy, signal: AbortSignal) =>
  change(guest, ['drop', copy], '', signal);

/** What must not outlive the work it was made for goes; what was held still goes on. */
export async function tidyState(guest: Guest, signal: AbortSignal): Promise<void> {
  await letGo(guest);
  await change(guest, ['tidy'], '', signal);
}
