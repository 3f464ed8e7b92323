/** Brings into a system what it takes to make a home, or something beside it, of a spec. */
import { fenceFileFor } from '../fence.ts';
import type { Report } from '../sandbox.ts';
import { givenFiles } from './given.ts';
import { imageUnitFile, installImage } from './install-image.ts';
import type { Guest } from './machine.ts';
import {
  fenceFile,
  givenFolders,
  homeSlice,
  imageNote,
  passingUnitFolder,
  rehearsalSlice,
  unitFolder,
} from './names.ts';
import type { Parts } from './parts.ts';
import { type Gone, type GuestFile, putFiles, systemFiles, tool } from './system.ts';
import { sliceText } from './unit.ts';

/** What one kind of sandbox is given from outside; what an older one was given and this one isn't goes. */
export function givenTo(
  kind: keyof typeof givenFolders,
  { spec, image, secrets, ingredients }: Parts,
): (GuestFile | Gone)[] {
  const { agentId } = ingredients;
  return [
    { gone: givenFolders[kind] },
    ...givenFiles(kind, { spec, surroundings: image.surroundings, secrets, agentId }),
  ];
}

/**
 * Lays what a home needs of the system, and what is asked for beside it; the image, too, where it is missing. Changes
 * nothing where everything is as it should be.
 */
export async function furnish(
  guest: Guest,
  { image, ingredients, spec }: Parts,
  more: readonly (GuestFile | Gone)[],
  report: Report,
): Promise<void> {
  const { agentId } = ingredients;
  const slice = sliceText(ingredients);
  const files = [
    ...systemFiles,
    { path: fenceFile, text: fenceFileFor(agentId, spec.fence), mode: '644' },
    { path: `${unitFolder}/${homeSlice}`, text: slice, mode: '644' },
    { path: `${passingUnitFolder}/${rehearsalSlice}`, text: slice, mode: '644' },
    imageUnitFile(image),
    ...more,
  ];
  const settle = tool('home', 'settle', String(agentId), imageNote(image.digest));
  const said = await putFiles(guest, files, report.signal, settle);
  if (!said.includes('image-is-there')) await installImage(guest, image, report);
}
