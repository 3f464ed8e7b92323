/** Apple's own `container`: one small virtual machine for each container. */
import semver from 'semver';
import * as z from 'zod';
import type { Outcome } from '../../doors.ts';
import { parseJson } from '../../parse-json.ts';
import type { Asking } from './asking.ts';
import { type Presence, tenantsFrom, unknownFrom } from './presence.ts';

/** What it prints has another form before. */
const oldestVersion = '1.0.0';

const Status = z.object({ status: z.string(), apiServerVersion: z.string() });
const Versions = z.array(z.object({ appName: z.string(), version: z.string() }));
const Items = z.array(
  z.object({
    configuration: z.object({ id: z.string() }),
    /** From 1.0 on an object, a word before. */
    status: z.union([z.string(), z.object({ state: z.string() })]),
  }),
);

/** `container-apiserver version 1.2.2 (build: release, …)`, or the number alone. */
function numberIn(version: string): string | null {
  return /\d+\.\d+\.\d+(?:-[\w.]+)?/.exec(version)?.[0] ?? null;
}

function judged(version: string | null, outcome: Outcome): Presence {
  if (version === null) return unknownFrom(outcome);
  return semver.lt(version, oldestVersion)
    ? { is: 'too-old', version, needs: oldestVersion }
    : { is: 'ready', version, tenants: [] };
}

/** What its status says of it. Its service is not registered after a restart of the computer: starting it does that. */
export function appleContainerFrom(outcome: Outcome): Presence {
  if (outcome.is !== 'exited') return unknownFrom(outcome);
  const status = Status.safeParse(parseJson(outcome.stdout)).data;
  if (status?.status === 'running') return judged(numberIn(status.apiServerVersion), outcome);
  if (status?.status === 'not running' || status?.status === 'unregistered') return { is: 'not-running' };
  if (/XPC connection error|container system service has been started/.test(outcome.stderr))
    return { is: 'not-running' };
  return unknownFrom(outcome);
}

/** What `container system version` says of it. */
export function appleContainerVersion(outcome: Outcome): Presence {
  if (outcome.is !== 'exited' || outcome.code !== 0) return unknownFrom(outcome);
  const versions = Versions.safeParse(parseJson(outcome.stdout)).data ?? [];
  const own = versions.find(({ appName }) => appName === 'container')?.version;
  return judged(numberIn(own ?? outcome.stdout), outcome);
}

/** The containers in it, in either form. */
export function appleContainers(list: Outcome): readonly { name: string; isRunning: boolean }[] {
  if (list.is !== 'exited' || list.code !== 0) return [];
  return (Items.safeParse(parseJson(list.stdout)).data ?? []).map(({ configuration, status }) => ({
    name: configuration.id,
    isRunning: (typeof status === 'string' ? status : status.state) === 'running',
  }));
}

/** Looks; starts nothing. */
export async function lookForAppleContainer({ ask }: Asking): Promise<Presence> {
  const presence = appleContainerFrom(await ask('system', 'status', '--format', 'json'));
  // One that is too old doesn't know the question.
  if (presence.is === 'unknown') {
    const version = appleContainerVersion(await ask('--version'));
    return version.is === 'too-old' ? version : presence;
  }
  if (presence.is !== 'ready') return presence;
  const list = await ask('list', '--all', '--format', 'json');
  return { ...presence, tenants: tenantsFrom(appleContainers(list)) };
}
