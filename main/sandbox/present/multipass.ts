/** Multipass, Canonical's keeper of Ubuntu machines. */
import semver from 'semver';
import * as z from 'zod';
import type { Outcome } from '../../doors.ts';
import { parseJson } from '../../parse-json.ts';
import type { Asking } from './asking.ts';
import { type Presence, tenantsFrom, unknownFrom } from './presence.ts';

/** The first with snapshots. Source: its release notes. */
const oldestVersion = '1.13.0';

/** `multipassd` is missing when its service doesn't answer. */
const Version = z.object({ multipass: z.string(), multipassd: z.string().nullish() });
const Listed = z.object({ list: z.array(z.object({ name: z.string(), state: z.string() })) });
const Told = z.object({ info: z.record(z.string(), z.object({ state: z.string() })) });

/** Why an order to Multipass failed, as far as that concerns its service; null: it has answered. */
export function multipassTrouble(outcome: Outcome): Presence | null {
  if (outcome.is !== 'exited') return unknownFrom(outcome);
  if (outcome.code === 0) return null;
  // The same words whether nobody is there or the socket may not be used.
  if (outcome.code === 3 || /cannot connect to the multipass socket/.test(outcome.stderr))
    return { is: 'not-running' };
  return unknownFrom(outcome);
}

/** What its version says of it. */
export function multipassFrom(outcome: Outcome): Presence {
  const trouble = multipassTrouble(outcome);
  if (trouble !== null) return trouble;
  const version = outcome.is === 'exited' ? Version.safeParse(parseJson(outcome.stdout)).data : undefined;
  if (version === undefined) return unknownFrom(outcome);
  if (!version.multipassd) return { is: 'not-running' };
  const plain = semver.coerce(version.multipassd);
  if (plain === null) return unknownFrom(outcome);
  return semver.lt(plain, oldestVersion)
    ? { is: 'too-old', version: plain.version, needs: oldestVersion }
    : { is: 'ready', version: plain.version, tenants: [] };
}

/** The machines in it, by `multipass list` or `multipass info`, in JSON. */
export function multipassMachines(outcome: Outcome): readonly { name: string; isRunning: boolean }[] {
  if (outcome.is !== 'exited' || outcome.code !== 0) return [];
  const said = parseJson(outcome.stdout);
  const listed =
    Listed.safeParse(said).data?.list ??
    Object.entries(Told.safeParse(said).data?.info ?? {}).map(([name, { state }]) => ({ name, state }));
  return listed.map(({ name, state }) => ({ name, isRunning: state === 'Running' }));
}

/** Looks; starts nothing. */
export async function lookForMultipass({ ask }: Asking): Promise<Presence> {
  const presence = multipassFrom(await ask('version', '--format', 'json'));
  if (presence.is !== 'ready') return presence;
  const list = await ask('list', '--format', 'json');
  const trouble = multipassTrouble(list);
  return trouble ?? { ...presence, tenants: tenantsFrom(multipassMachines(list)) };
}
