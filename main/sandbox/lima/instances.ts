/** What Lima says of its machines; pure. */
import * as z from 'zod';
import { parseJson } from '../../parse-json.ts';
import type { MachineFault, MachineState } from '../distro/machine.ts';
import { machineName, ours } from './names.ts';

/** A rule about which of the machine's ports come to this computer. */
const PortForward = z.object({
  guestIP: z.string().nullish(),
  guestIPMustBeZero: z.boolean().nullish(),
  guestPort: z.number().nullish(),
  guestPortRange: z.array(z.number()).nullish(),
  hostIP: z.string().nullish(),
  hostPort: z.number().nullish(),
  hostPortRange: z.array(z.number()).nullish(),
  proto: z.string().nullish(),
  ignore: z.boolean().nullish(),
});
export type PortForward = z.infer<typeof PortForward>;

/** The settings in force: Lima's own and everybody's defaults are in them already. */
const Config = z.object({
  message: z.string().nullish(),
  vmType: z.string().nullish(),
  mountType: z.string().nullish(),
  mounts: z.array(z.object({ location: z.string(), writable: z.boolean().nullish() })).nullish(),
  networks: z.array(z.unknown()).nullish(),
  portForwards: z.array(PortForward).nullish(),
  ssh: z.object({ forwardAgent: z.boolean().nullish() }).nullish(),
});

/** The part of a line of `limactl list --json` that ClawCove reads; same from 0.8 to 2.2. */
const Instance = z.object({
  name: z.string(),
  status: z.string(),
  dir: z.string(),
  cpus: z.number().nullish(),
  memory: z.number().nullish(),
  disk: z.number().nullish(),
  sshLocalPort: z.number().nullish(),
  hostAgentPID: z.number().nullish(),
  driverPID: z.number().nullish(),
  /** Before 1.0, in the driver's place. */
  qemuPID: z.number().nullish(),
  errors: z.array(z.string()).nullish(),
  config: Config.nullish(),
});
export type Instance = z.infer<typeof Instance>;

/** `unreadable`: there were lines that say nothing we understand; ours may be one of them. */
export interface Listed {
  readonly instances: readonly Instance[];
  readonly unreadable: number;
}

/** Reads `limactl list --json`, one machine on each line. */
export function instancesFrom(text: string): Listed {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const read = lines.map((line) => Instance.safeParse(parseJson(line)).data);
  const instances = read.filter((instance) => instance !== undefined);
  return { instances, unreadable: lines.length - instances.length };
}

/** Ours, or what has its name. */
export function findMachine({ instances }: Listed): Instance | null {
  return instances.find(({ name }) => name === machineName) ?? null;
}

/**
 * Whether we made it. One whose settings can't be read lies in our own folder under our name: nobody
 * else's order is needed to mend it.
 */
export function isOurs({ config, status, errors }: Instance): boolean {
  if (config) return config.message === ours;
  return status === 'Broken' || (errors ?? []).length > 0;
}

/** Why Lima calls a machine broken. */
const faults: readonly (readonly [RegExp, MachineFault])[] = [
  [/no space left on device/i, 'host-disk-full'],
  // Its settings, its disk or the base under it are gone or can't be read.
  [/lima\.yaml|diffdisk|basedisk|no such file|unmarshal|yaml/i, 'disk-damaged'],
];

/** How a machine is. `startedAt`: when its own process began, ms since 1970. */
export function machineStateFrom(instance: Instance | null, startedAt: number | null): MachineState {
  if (!instance) return { is: 'missing' };
  if (!isOurs(instance)) return { is: 'foreign', name: instance.name };
  const detail = (instance.errors ?? []).join('; ').slice(0, 300);
  switch (instance.status) {
    case 'Running':
      return { is: 'running', startedAt };
    case 'Stopped':
    case 'Uninitialized':
      return { is: 'stopped' };
    default: {
      const socket = /ha\.sock|host agent|driver is running|hostagent/i.test(detail);
      const why = socket ? undefined : faults.find(([words]) => words.test(detail))?.[1];
      return { is: 'faulty', why: why ?? 'gives-no-answer', detail: detail || instance.status };
    }
  }
}

/**
 * Whether a rule keeps every port that no rule before it names from this computer. With `guestIPMustBeZero` it would
 * mean those only that are open to everybody inside. Source: Lima's pkg/hostagent, forwardingAddresses.
 */
export function isEndOfForwards(rule: PortForward): boolean {
  const { ignore, guestPortRange, guestIP, guestIPMustBeZero, proto } = rule;
  const [first = 0, last = 0] = guestPortRange ?? [];
  if (guestIPMustBeZero === true) return false;
  return ignore === true && first <= 1 && last >= 65_535 && guestIP === '0.0.0.0' && proto === 'any';
}
