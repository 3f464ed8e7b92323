/** Podman's machine, in which Podman keeps containers on systems without Linux. */
import semver from 'semver';
import * as z from 'zod';
import type { Outcome } from '../../doors.ts';
import { parseJson } from '../../parse-json.ts';
import type { Asking } from './asking.ts';
import { type Presence, tenantsFrom, unknownFrom } from './presence.ts';

/** As for Podman itself: before, nobody inside can be given this person's files. */
const oldestVersion = '4.3.0';

/** An entry of `podman machine list` or of `podman machine inspect`, each in JSON. */
const Machine = z.object({ Name: z.string(), Running: z.boolean().nullish(), State: z.string().nullish() });

const isRunning = ({ Running, State }: z.infer<typeof Machine>) => Running === true || State === 'running';

/** Why an order to Podman failed, as far as that concerns its machine; null: it did not. */
function podmanTrouble(outcome: Outcome): Presence | null {
  if (outcome.is !== 'exited') return unknownFrom(outcome);
  if (outcome.code === 0) return null;
  if (/cannot run command "podman machine .*" as root/.test(outcome.stderr)) return { is: 'not-permitted' };
  if (/VM does not exist/.test(outcome.stderr)) return { is: 'not-set-up' };
  if (/Cannot connect to Podman|unable to connect to Podman socket/.test(outcome.stderr))
    return { is: 'not-running' };
  return unknownFrom(outcome);
}

/**
 * What a list of its machines says of it.
 *
 * @param version of Podman
 */
export function podmanMachineFrom(outcome: Outcome, version: string): Presence {
  const trouble = podmanTrouble(outcome);
  if (trouble !== null) return trouble;
  const machines =
    outcome.is === 'exited' ? z.array(Machine).safeParse(parseJson(outcome.stdout)).data : undefined;
  if (machines === undefined) return unknownFrom(outcome);
  if (machines.length === 0) return { is: 'not-set-up' };
  if (!machines.some(isRunning)) return { is: 'not-running' };
  const tenants = machines.map((machine) => ({ name: machine.Name, isRunning: isRunning(machine) }));
  return { is: 'ready', version, tenants: tenantsFrom(tenants) };
}

/** Looks; starts nothing. */
export async function lookForPodmanMachine({ ask }: Asking): Promise<Presence> {
  const asked = await ask('--version');
  if (asked.is !== 'exited' || asked.code !== 0) return unknownFrom(asked);
  const version = /podman version (\S+)/.exec(asked.stdout)?.[1];
  const plain = semver.coerce(version);
  if (version === undefined || plain === null) return unknownFrom(asked);
  if (semver.lt(plain, oldestVersion)) return { is: 'too-old', version, needs: oldestVersion };
  return podmanMachineFrom(await ask('machine', 'list', '--format', 'json'), version);
}
