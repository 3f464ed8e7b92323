/** Docker, as Docker Desktop or as its engine alone. */
import semver from 'semver';
import * as z from 'zod';
import type { Outcome } from '../../doors.ts';
import { parseJson } from '../../parse-json.ts';
import { isDesktop as isOfDesktop, oldestVersion, whyNoAnswer } from '../docker/probe.ts';
import type { Asking } from './asking.ts';
import { type Presence, tenantsFrom, unknownFrom } from './presence.ts';

/** The part of `docker version --format '{{json .}}'` that tells; without a daemon there is no server in it. */
const Version = z.object({
  Server: z.object({ Version: z.string(), Platform: z.object({ Name: z.string() }).nullish() }).nullish(),
});
/** The part of `docker info --format '{{json .}}'` that tells; all zeros and empty without a daemon. */
const Info = z.object({ ServerVersion: z.string(), OperatingSystem: z.string() });
/** A line of `docker ps --all --format '{{json .}}'`. */
const Container = z.object({ Names: z.string(), State: z.string() });

/** A line of `docker context ls --format '{{json .}}'`: where orders go. */
const Context = z.object({ Current: z.boolean(), DockerEndpoint: z.string() });

/** Why an order to Docker failed, as far as that concerns Docker and not the order; null: Docker has answered. */
export function dockerTrouble(outcome: Outcome): Presence | null {
  if (outcome.is !== 'exited') return unknownFrom(outcome);
  if (outcome.code === 0) return null;
  const why = whyNoAnswer(outcome.stderr);
  if (why !== null) return { is: why === 'asleep' ? 'not-running' : 'not-permitted' };
  if (/no such (?:object|container|image)/i.test(outcome.stderr)) return null;
  return unknownFrom(outcome);
}

/** What Docker's version says of it. */
export function dockerFrom(outcome: Outcome): Presence {
  const trouble = dockerTrouble(outcome);
  if (trouble !== null) return trouble;
  const server = outcome.is === 'exited' ? Version.safeParse(parseJson(outcome.stdout)).data?.Server : null;
  if (!server) return unknownFrom(outcome);
  const plain = semver.coerce(server.Version);
  if (plain === null || semver.lt(plain, oldestVersion))
    return { is: 'too-old', version: server.Version, needs: oldestVersion };
  return { is: 'ready', version: server.Version, tenants: [] };
}

/** Whether it is Docker Desktop, which keeps containers in a machine of its own; null: not to be told. */
export function isDesktop(info: Outcome): boolean | null {
  if (info.is !== 'exited' || info.code !== 0) return null;
  const said = Info.safeParse(parseJson(info.stdout)).data;
  return said === undefined || said.ServerVersion === '' ? null : isOfDesktop(said);
}

/** Whether orders go to another computer; a context of which nobody says where it leads is none of those. */
export function isElsewhere(contexts: Outcome): boolean {
  if (contexts.is !== 'exited' || contexts.code !== 0) return false;
  const current = contexts.stdout
    .split('\n')
    .map((line) => Context.safeParse(parseJson(line)).data)
    .find((context) => context?.Current === true);
  return (
    current !== undefined &&
    current.DockerEndpoint !== '' &&
    !/^(?:unix|npipe|fd):/.test(current.DockerEndpoint)
  );
}

/** The containers in it. */
export function dockerTenants(ps: Outcome): readonly { name: string; isRunning: boolean }[] {
  if (ps.is !== 'exited' || ps.code !== 0) return [];
  return ps.stdout
    .split('\n')
    .map((line) => Container.safeParse(parseJson(line)).data)
    .filter((container) => container !== undefined)
    .map(({ Names, State }) => ({ name: Names, isRunning: State === 'running' }));
}

/** Looks; starts nothing. */
export async function lookForDocker({
  ask,
}: Asking): Promise<{ presence: Presence; isDesktop: boolean | null }> {
  const presence = dockerFrom(await ask('version', '--format', '{{json .}}'));
  if (presence.is !== 'ready') return { presence, isDesktop: null };
  if (isElsewhere(await ask('context', 'ls', '--format', '{{json .}}')))
    return { presence: { is: 'elsewhere' }, isDesktop: null };
  const [info, ps] = [
    await ask('info', '--format', '{{json .}}'),
    await ask('ps', '--all', '--format', '{{json .}}'),
  ];
  return { presence: { ...presence, tenants: tenantsFrom(dockerTenants(ps)) }, isDesktop: isDesktop(info) };
}
