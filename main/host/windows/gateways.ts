/** Which gateways run on Windows itself. What runs in WSL or in any other machine is no process of Windows'. */
import * as z from 'zod';
import type { Run } from '../../doors.ts';
import type { FoundHome, Profile } from '../../moving-in/found.ts';
import { isGateway, profileIn, profileOf } from '../host-openclaw/names.ts';
import type { Gateways, RunningGateway } from '../host-openclaw/parts.ts';
import { unanswered } from '../host-openclaw/unreadable.ts';
import { type Lock, locksOf } from './locks.ts';
import { ask, type Script } from './powershell.ts';
import type { Programs } from './programs.ts';
import { wordsOf } from './words.ts';

const taskkillTimeout = 5_000;

/** A line is at most 32,767 characters long on Windows. */
const Text = z
  .string()
  .max(40_000)
  .nullish()
  .transform((text) => text ?? null);
const Process = z.object({
  Id: z.number().int().positive(),
  Parent: z.number().int().nonnegative(),
  /** When it was started, to the last digit that Windows knows. */
  Born: Text,
  File: Text,
  Line: Text,
  Sid: Text,
  Session: z.number().int(),
  /** The line of whoever started it, where that one still runs. */
  ParentLine: Text,
});
const Running = z.object({
  Sid: z.string().regex(/^S-1-\d+(?:-\d+)*$/),
  Session: z.number().int(),
  Processes: z.array(Process).max(5_000),
});
export type Running = z.infer<typeof Running>;

/** Everything that runs on Node or Bun, whose it is, and who asks. */
export const processesScript: Script<Running[]> = {
  body: [
    '$all = @(Get-CimInstance -ClassName Win32_Process)',
    '$me = $all | Where-Object { $_.ProcessId -eq $PID } | Select-Object -First 1',
    "$found = @($all | Where-Object { $_.Name -match '^(node|bun)\\.exe$' } | ForEach-Object { $one = $_; $parent = $all | Where-Object { $_.ProcessId -eq $one.ParentProcessId -and $_.CreationDate -le $one.CreationDate } | Select-Object -First 1; [pscustomobject]@{ Id = [int]$one.ProcessId; Parent = [int]$one.ParentProcessId; Born = $(if ($one.CreationDate) { $one.CreationDate.ToUniversalTime().ToString('o') }); File = $one.ExecutablePath; Line = $one.CommandLine; Session = [int]$one.SessionId; Sid = (Invoke-CimMethod -InputObject $one -MethodName GetOwnerSid -ErrorAction SilentlyContinue).Sid; ParentLine = $(if ($parent) { $parent.CommandLine }) } })",
    '[pscustomobject]@{ Sid = (Invoke-CimMethod -InputObject $me -MethodName GetOwnerSid).Sid; Session = [int]$me.SessionId; Processes = $found }',
  ].join('; '),
  answer: z.array(Running).length(1),
};

/**
 * Ends one process, `number birth`. Its number can't become another's while somebody holds it (`Handle`), so what is seen of
 * it then is what is ended.
 */
export const endScript: Script<number[]> = {
  body: [
    "$id, $born = $env:CLAWCOVE_DATA -split ' '",
    '$process = Get-Process -Id ([int]$id) -ErrorAction SilentlyContinue',
    '$held = $process.Handle',
    "$seen = Get-CimInstance -ClassName Win32_Process -Filter ('ProcessId = ' + [int]$id)",
    "if ($held -and $seen.CreationDate.ToUniversalTime().ToString('o') -eq $born) { Stop-Process -InputObject $process -Force }",
    '1',
  ].join('; '),
  answer: z.array(z.number()),
};

/** As names.ts knows paths. */
const plain = (word: string) =>
  word
    .replaceAll('\\', '/')
    .toLowerCase()
    .replace(/\.exe$/, '');

/** A process may have been started a little before its clock was read for the lock. */
const slack = 2_000;

/** The folder of which a line starts the gateway: `…\.openclaw-work\gateway.cmd`. */
function profileStartedBy(line: string | null): Profile | null {
  const [, folder] = /[\\/](\.[^\\/"]+)[\\/]gateway\.(?:cmd|vbs)/i.exec(line ?? '') ?? [];
  return folder === undefined ? null : profileOf(folder, true);
}

/**
 * The gateways of this person; pure. Null where nobody can say: a program of theirs whose words are kept secret, because it
 * runs with an administrator's rights, may be one.
 */
export function gatewaysFrom(
  { Sid, Session, Processes }: Running,
  homes: readonly FoundHome[],
  locks: readonly Lock[],
): RunningGateway[] | null {
  const mine = Processes.filter(
    (each) => each.Sid === Sid || (each.Sid === null && each.Session === Session),
  );
  const readable = mine.flatMap(({ Line, Born, ...rest }) =>
    Line === null || Born === null ? [] : [{ ...rest, Line, Born }],
  );
  if (readable.length < mine.length) return null;
  const found = readable.filter(({ Line, File }) =>
    isGateway(wordsOf(Line).map(plain), plain(File ?? wordsOf(Line)[0] ?? '')),
  );
  const own = (each: (typeof found)[number]): Profile | null => {
    const lock = locks.find(({ pid, since }) => pid === each.Id && since >= Date.parse(each.Born) - slack);
    return lock?.profile ?? profileIn(wordsOf(each.Line)) ?? profileStartedBy(each.ParentLine);
  };
  // OpenClaw may start itself once more: one of the two has the folder, and it is the other's as well.
  const kin = (each: (typeof found)[number]) =>
    found.filter(({ Id, Parent }) => Parent === each.Id || Id === each.Parent);
  return found.map((each) => {
    const profile = [each, ...kin(each)].map(own).find((one) => one !== null);
    const home = homes.find((one) => one.profile.toLowerCase() === profile?.toLowerCase());
    return { pid: each.Id, birth: each.Born, profile: home?.profile ?? null };
  });
}

export interface WindowsGatewaysOptions {
  readonly run: Run;
  readonly programs: Programs;
  /** Everybody's temporary files, `%TEMP%`. */
  readonly temporary: string;
}

export function createWindowsGateways({ run, programs, temporary }: WindowsGatewaysOptions): Gateways {
  async function look(homes: readonly FoundHome[], signal: AbortSignal): Promise<RunningGateway[] | null> {
    const [running] = (await ask(run, programs, processesScript, { signal })) ?? [];
    return running ? gatewaysFrom(running, homes, await locksOf(homes, temporary)) : null;
  }
  return {
    async find(homes, signal) {
      // One that was just ending has no words either, and is gone the next time.
      const found = (await look(homes, signal)) ?? (await look(homes, signal));
      if (found === null) throw unanswered('PowerShell');
      return found;
    },
    /** Only a program with a window is asked at all, and says so; OpenClaw itself does it in this way, too. */
    async ask(running, signal) {
      let isAsked = false;
      for (const { pid } of running) {
        const args = ['/PID', String(pid), '/T'];
        const answer = await run({ file: programs.taskkill, args, timeoutMs: taskkillTimeout, signal });
        if (answer.is === 'exited' && answer.code === 0) isAsked = true;
      }
      return isAsked;
    },
    async end(running, signal) {
      for (const { pid, birth } of running)
        await ask(run, programs, endScript, { signal, data: `${pid} ${birth}` });
    },
  };
}
