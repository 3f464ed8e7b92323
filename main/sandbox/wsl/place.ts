/** Where the distribution's disk may lie. */
import { lstat, readdir } from 'node:fs/promises';
import * as z from 'zod';
import type { Run } from '../../doors.ts';
import { ask, type Script } from '../../host/windows/powershell.ts';
import type { Programs } from '../../host/windows/programs.ts';

/** Windows' own words for what a folder is, e.g. `Directory, Compressed`; they are never translated. */
export const attributesScript: Script<string[]> = {
  body: '[string](Get-Item -LiteralPath $env:CLAWCOVE_DATA -Force).Attributes',
  answer: z.array(z.string()),
};

/** WSL's disks don't work on what is packed or locked (microsoft/WSL#4103); what is a link, or comes from a cloud, isn't ours to fill. */
const unfit = /\b(?:Compressed|Encrypted|ReparsePoint|Offline)\b/;

/** Whether anything speaks against a folder; pure. */
export function isFit(attributes: string): boolean {
  return !unfit.test(attributes);
}

/** Whether a folder is free for a new disk: not there, or empty and no link to elsewhere. */
export async function isFree(folder: string): Promise<boolean> {
  const found = await lstat(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (!found) return true;
  return found.isDirectory() && (await readdir(folder)).length === 0;
}

/** Whether what lies above the disk lets it work; where nobody can tell, WSL itself has the last word. */
export async function isFitAbove(
  run: Run,
  programs: Programs,
  folder: string,
  signal: AbortSignal,
): Promise<boolean> {
  const [attributes] = (await ask(run, programs, attributesScript, { signal, data: folder })) ?? [];
  return attributes === undefined || isFit(attributes);
}
