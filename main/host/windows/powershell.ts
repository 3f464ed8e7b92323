/**
 * Asks Windows PowerShell. Scripts are constants without a double quote in them, handed over as one argument that a
 * person or a protection program can read: what is encoded (`-EncodedCommand`) is stopped by many of those, and what
 * comes on standard input is read line by line in the console's old encoding. Data never stands in a script: it comes
 * in the environment, which is Unicode, and goes back as JSON in UTF-8.
 */
import type * as z from 'zod';
import type { Command, Run } from '../../doors.ts';
import type { Programs } from './programs.ts';

/** PowerShell alone takes a second to start, many on a computer that has just started. */
const timeoutMs = 30_000;
const maxBytes = 4 * 1024 * 1024;

/** A script that answers with one value as JSON. */
export interface Script<T> {
  /** What makes the value; `$env:CLAWCOVE_DATA` is what it is asked about. */
  readonly body: string;
  readonly answer: z.ZodType<T>;
}

/** The whole text that PowerShell gets. `-Depth` is for lists of things with a few values each. */
export function scriptText({ body }: Pick<Script<unknown>, 'body'>): string {
  return [
    `$ErrorActionPreference = 'Stop'`,
    // Where a policy keeps scripts from calling .NET, names with other letters than ASCII come out wrong, and nothing worse.
    'try { [Console]::OutputEncoding = New-Object System.Text.UTF8Encoding $false } catch { }',
    `$answer = @(${body})`,
    'ConvertTo-Json -InputObject $answer -Compress -Depth 4',
  ].join('; ');
}

/** The command line of a script, for whoever runs or shows it. */
export function powershellArguments(text: string): string[] {
  if (text.includes('"')) throw new Error('a script for PowerShell must not hold a double quote');
  return ['-NoLogo', '-NoProfile', '-NonInteractive', '-Command', text];
}

/** Asks; null when PowerShell isn't allowed, fails, or answers with something else: "could not look". */
export async function ask<T>(
  run: Run,
  programs: Programs,
  script: Script<T>,
  { signal, data = '' }: Pick<Command, 'signal'> & { readonly data?: string },
): Promise<T | null> {
  const outcome = await run({
    file: programs.powershell,
    args: powershellArguments(scriptText(script)),
    environment: { CLAWCOVE_DATA: data },
    timeoutMs,
    maxBytes,
    signal,
  });
  if (outcome.is !== 'exited' || outcome.code !== 0) return null;
  try {
    return script.answer.safeParse(JSON.parse(outcome.stdout.replace(/^\uFEFF/, ''))).data ?? null;
  } catch {
    return null;
  }
}
