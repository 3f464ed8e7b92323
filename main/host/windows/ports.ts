/** Who listens on a TCP port of Windows, and which ports it keeps for itself. */
import * as z from 'zod';
import type { HostComputer, Run } from '../../doors.ts';
import { ask, type Script } from './powershell.ts';
import type { Programs } from './programs.ts';

const timeoutMs = 10_000;

export interface Listening {
  readonly address: string;
  readonly pid: number;
  /** Name of the program without its ending; it chose that itself. */
  readonly program: string;
}

export const listenersScript: Script<
  { LocalAddress: string; OwningProcess: number; Program: string | null }[]
> = {
  body: 'Get-NetTCPConnection -LocalPort ([int]$env:CLAWCOVE_DATA) -State Listen -ErrorAction SilentlyContinue | ForEach-Object { [pscustomobject]@{ LocalAddress = $_.LocalAddress; OwningProcess = [int]$_.OwningProcess; Program = (Get-Process -Id $_.OwningProcess -ErrorAction SilentlyContinue).ProcessName } }',
  answer: z.array(
    z.object({
      LocalAddress: z.string().max(100),
      OwningProcess: z.number(),
      Program: z
        .string()
        .nullish()
        .transform((name) => name ?? null),
    }),
  ),
};

/** Reads the answer; pure. A process may call itself anything. */
export function listeningFrom(
  rows: readonly { LocalAddress: string; OwningProcess: number; Program: string | null }[],
): Listening[] {
  return rows.map(({ LocalAddress, OwningProcess, Program }) => ({
    address: LocalAddress,
    pid: OwningProcess,
    program: (Program ?? '?').replace(/[^\x20-\x7e]/g, '?').slice(0, 64),
  }));
}

/** Everybody who listens on a port; null: nobody can tell. */
export async function listenersOn(
  run: Run,
  programs: Programs,
  port: number,
  signal: AbortSignal,
): Promise<Listening[] | null> {
  const rows = await ask(run, programs, listenersScript, { signal, data: String(port) });
  return rows && listeningFrom(rows);
}

/** A range of ports, both ends included. */
export interface PortRange {
  readonly from: number;
  readonly to: number;
}

/** Reads `netsh interface ipv4 show excludedportrange`, whose words are translated, by its rows of two numbers; pure. */
export function excludedFrom(text: string): PortRange[] {
  return text.split(/\r*\n/).flatMap((line) => {
    const [, from, to] = /^\s*(\d{1,5})\s+(\d{1,5})\s*\*?\s*$/.exec(line) ?? [];
    return from === undefined ? [] : [{ from: Number(from), to: Number(to) }];
  });
}

/** Whether Windows keeps a port for itself (for Hyper-V and the like): then nobody listens, and nobody can. */
export async function isReserved(
  run: Run,
  { netsh }: Programs,
  port: number,
  signal: AbortSignal,
): Promise<boolean> {
  const args = ['interface', 'ipv4', 'show', 'excludedportrange', 'protocol=tcp'];
  const answer = await run({ file: netsh, args, timeoutMs, signal, encoding: 'latin1' });
  const ranges = answer.is === 'exited' && answer.code === 0 ? excludedFrom(answer.stdout) : [];
  return ranges.some(({ from, to }) => from <= port && port <= to);
}

/** Who holds a port. Windows itself, where it keeps it, has the number 4 of its kernel. */
export function createPortHolder(run: Run, programs: Programs): HostComputer['portHolder'] {
  return async (port, signal) => {
    const [first] = (await listenersOn(run, programs, port, signal)) ?? [];
    if (first) return { program: first.program, pid: first.pid };
    return (await isReserved(run, programs, port, signal)) ? { program: 'Windows', pid: 4 } : null;
  };
}
