/** Makes the home as a unit of the system's, with a note of what it was made from. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import type { Clock } from '../../doors.ts';
import { givenTo } from './furnish.ts';
import type { HomeInMachine } from './inspect.ts';
import type { Guest } from './machine.ts';
import { homeUnit, passingUnitFolder, recordFile, unitFolder } from './names.ts';
import type { Parts } from './parts.ts';
import type { HomeRecord } from './record.ts';
import { putFiles } from './system.ts';
import { homeUnitText, sliceText } from './unit.ts';

/** Of everything a home is made from: two homes with the same one are the same. */
function digestOf(unit: string, { spec, ingredients, machineSpec, secrets }: Parts): string {
  const { command, environment, version } = spec;
  const secretIds = [...secrets.values()].map(({ id }) => id);
  const parts = [
    unit,
    sliceText(ingredients),
    machineSpec,
    command,
    environment,
    spec.secrets,
    version,
    secretIds,
  ];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

/** Whether a home is what would be made of these parts. */
export function isAsAsked(there: HomeInMachine, parts: Parts): boolean {
  return there.isAsMade && there.record.digest === digestOf(homeUnitText(parts.ingredients), parts);
}

/**
 * In the place of an older home, which rests. A failure half way leaves no home, and the state as it is.
 *
 * @param recordCopy file of this computer for the note, for when the machine is asleep
 */
export async function makeHome(
  guest: Guest,
  parts: Parts,
  recordCopy: string,
  clock: Pick<Clock, 'now'>,
  signal: AbortSignal,
): Promise<void> {
  const { spec, image, ingredients } = parts;
  const unit = homeUnitText(ingredients);
  const record: HomeRecord = {
    id: randomBytes(16).toString('hex'),
    digest: digestOf(unit, parts),
    madeAt: clock.now(),
    image: spec.image,
    imageDigest: image.digest,
    version: spec.version,
    user: `${ingredients.agentId}:${ingredients.agentId}`,
    sharedFolder: parts.sharedFolder,
    port: spec.port,
    limits: ingredients.limits,
    command: [...spec.command],
    secrets: spec.secrets.map(({ id }) => id),
    unit,
  };
  const note = JSON.stringify(record);
  const files = [
    { gone: recordFile },
    { gone: `${unitFolder}/${homeUnit}.d` },
    { gone: `${passingUnitFolder}/${homeUnit}.d` },
    ...givenTo('home', parts),
    { path: `${unitFolder}/${homeUnit}`, text: unit, mode: '644' },
    // With the note it is a home.
    { path: recordFile, text: note, mode: '600' },
  ];
  await rm(recordCopy, { force: true });
  await putFiles(guest, files, signal, ['systemctl', 'daemon-reload']);
  await mkdir(dirname(recordCopy), { recursive: true, mode: 0o700 });
  await writeFileAtomic(recordCopy, note, { mode: 0o600 });
}
