/** What engines that answer like Docker say about a container, in the normal form of all engines; pure. */
import * as z from 'zod';
import type { Inspection, Mount, PublishedPort } from '../sandbox.ts';

export const Strings = z.array(z.string()).nullish();
export const Labels = z.record(z.string(), z.string()).nullish();
export const Bindings = z
  .record(z.string(), z.array(z.object({ HostIp: z.string(), HostPort: z.string() })).nullable())
  .nullish();
type Bindings = z.infer<typeof Bindings>;

export const State = z.object({
  Status: z.string(),
  Pid: z.number(),
  ExitCode: z.number(),
  StartedAt: z.string(),
  FinishedAt: z.string(),
});
export const Mounts = z
  .array(
    z.object({
      Type: z.string(),
      Name: z.string().optional(),
      Source: z.string(),
      Destination: z.string(),
      RW: z.boolean(),
    }),
  )
  .nullish();
export const Tmpfs = z.record(z.string(), z.string()).nullish();

export type Present = Extract<Inspection, { is: 'present' }>;

/** One container as a driver needs it: the normal form, and what the driver itself decides by. */
export interface Container {
  readonly id: string;
  readonly name: string;
  readonly isOurs: boolean;
  /** What it was made from; empty when it is not ours. */
  readonly specDigest: string;
  /** ms since 1970. */
  readonly createdAt: number;
  readonly isPaused: boolean;
  readonly isStopping: boolean;
  /** Process number of its init on this computer, 0 when it doesn't run. */
  readonly pid: number;
  readonly inspection: Present;
}

/** Status words in which processes of the container exist. */
const running = ['running', 'paused', 'stopping', 'restarting'];
/** Go's zero time: this never happened. */
const never = '0001-01-01T00:00:00Z';

/** How it runs, or ended. */
export function stateOf(state: z.infer<typeof State>): Pick<Present, 'state' | 'exitCode' | 'startedAt'> {
  const isRunning = running.includes(state.Status);
  const hasEnded = !isRunning && state.FinishedAt !== never;
  return {
    state: isRunning ? 'running' : 'stopped',
    exitCode: hasEnded ? state.ExitCode : null,
    startedAt: isRunning ? Date.parse(state.StartedAt) : null,
  };
}

/** Whether no process in it can gain privileges. */
export function gainsNothing(securityOptions: z.infer<typeof Strings>): boolean {
  return (securityOptions ?? []).some((option) => /^no-new-privileges(?::true)?$/.test(option));
}

/** Which kinds of namespace it shares with this computer, by the modes it was given. */
export function sharedKinds(modes: Readonly<Record<string, string>>): string[] {
  return Object.entries(modes)
    .filter(([, mode]) => mode === 'host')
    .map(([kind]) => kind);
}

export function mountsOf(mounts: z.infer<typeof Mounts>, tmpfs: z.infer<typeof Tmpfs>): Mount[] {
  const own = (mounts ?? []).map(
    ({ Type, Name, Source, Destination, RW }): Mount => ({
      source: Type === 'volume' ? (Name ?? '') : Type === 'tmpfs' ? '' : Source,
      target: Destination,
      kind: Type === 'bind' || Type === 'volume' || Type === 'tmpfs' ? Type : 'other',
      writable: RW,
    }),
  );
  const more = Object.entries(tmpfs ?? {}).map(
    ([target, options]): Mount => ({
      source: '',
      target,
      kind: 'tmpfs',
      writable: !options.split(',').includes('ro'),
    }),
  );
  return [...own, ...more];
}

/** What was ordered and what is in force: `--publish-all` shows only in the latter. */
export function portsOf(all: readonly Bindings[]): PublishedPort[] {
  const found = new Map<string, PublishedPort>();
  for (const bindings of all) {
    for (const [inside, outsides] of Object.entries(bindings ?? {})) {
      for (const { HostIp, HostPort } of outsides ?? []) {
        const port = {
          address: HostIp === '' ? '0.0.0.0' : HostIp,
          port: Number(HostPort),
          insidePort: Number.parseInt(inside, 10),
        };
        found.set(JSON.stringify(port), port);
      }
    }
  }
  return [...found.values()];
}
