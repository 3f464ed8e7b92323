/** One safeguard on a machine in memory. */
import { expect } from 'vitest';
import type { Finding } from '../contract.ts';
import type { Safeguard } from '../safeguards/safeguard.ts';
import type { Ending } from '../work/job.ts';
import { openDoors } from './doors.ts';
import { testJobs } from './jobs.ts';
import type { Machine } from './machine.ts';
import { blankIn } from './sentences.ts';

/** Words that a check may use: it only looks. */
const onlyLooks =
  /^(sandbox\.(probe|inspect|observe|exec|workspaceFolder|listVersions|describeVersion|imageDate|clockAhead|ownSystem)|net\.(get|connect|resolve|listen)|vault\.read|backups\.list|privateData\.look|powers\.look|hostOpenClaw\.look|computer\.(look|routers|freeDisk|realPath|knownFolders|isPortFree|portHolder))$/;

/** A finding that brings along everything its sentences need, seen at `at`. */
export function expectWhole(finding: Finding, at?: number): Finding {
  expect(blankIn(finding)).toEqual([]);
  if (at !== undefined) for (const seen of finding.evidence) expect(seen.at).toBe(at);
  return finding;
}

/** Looks once, and makes sure that looking changed nothing. */
export async function check(safeguard: Safeguard, machine: Machine): Promise<Finding> {
  const before = structuredClone(machine);
  const { doors, calls } = openDoors(machine);
  const finding = await safeguard.check(doors, new AbortController().signal);
  expect(calls.filter((name) => !onlyLooks.test(name))).toEqual([]);
  expect(machine).toEqual(before);
  return expectWhole(finding, machine.now);
}

/** Has it put right in a job of its own; answers are "yes". */
export async function fix(
  safeguard: Safeguard,
  machine: Machine,
): Promise<Ending & { readonly calls: string[]; readonly log: string[] }> {
  const { run, doors, calls, state } = testJobs(machine);
  const ending = await run(
    async (job) => safeguard.fix?.(doors, job),
    () => ({ is: 'yes' }),
  );
  return { ...ending, calls, log: state.get().log };
}
