/** What makes any container around OpenClaw's state hard, on every engine; pure. */

import { openFiles, reservedByNode, stopSeconds } from '../every-home.ts';
import type { HomeSpec } from '../sandbox.ts';
import { agentUser, homeLabel, versionLabel } from './names.ts';

const MiB = 1024 ** 2;

/** What the engine can do on this system. */
export interface Strengths {
  /** Which group limits the kernel enforces. */
  readonly limits: { readonly memory: boolean; readonly pids: boolean; readonly cpu: boolean };
  /** Whether a limit of processes counts this home's only, and not all of the person's. */
  readonly countsProcessesPerHome: boolean;
}

/** The filter of system calls: the file that the engine's program reads, and its contents; null: the engine's own filter. */
export type Filter = { readonly file: string; readonly contents: string } | null;

/**
 * 1. a user of its own, not the person's and not root, and no powers at all;
 * 2. no way to more powers, and a filter of system calls;
 * 3. a program tree that can't be written to, and little else that can;
 * 4. limits of memory, processor and processes, as far as the kernel keeps them;
 * 5. nothing taken over from the person's environment.
 */
export function hardening(spec: HomeSpec, strengths: Strengths, seccomp: Filter): string[] {
  const { limits, countsProcessesPerHome } = strengths;
  const memory = String(spec.memoryBytes);
  return [
    `--user=${agentUser}`,
    '--cap-drop=ALL',

    '--security-opt=no-new-privileges',
    ...(seccomp ? [`--security-opt=seccomp=${seccomp.file}`] : []),

    '--read-only',
    `--tmpfs=/tmp:rw,noexec,nosuid,nodev,size=${512 * MiB},mode=1777`,
    `--tmpfs=/run:rw,noexec,nosuid,nodev,size=${16 * MiB},mode=755`,

    ...(limits.memory ? [`--memory=${memory}`, `--memory-swap=${memory}`] : []),
    ...(limits.pids ? [`--pids-limit=${spec.pids}`] : []),
    ...(limits.cpu ? [`--cpus=${spec.cpus}`] : []),
    ...(limits.memory ? [] : [ulimit('data', spec.memoryBytes + reservedByNode)]),
    // Where it counts all of the person's processes, a limit would hit the wrong ones.
    ...(countsProcessesPerHome ? [ulimit('nproc', spec.pids)] : []),
    ulimit('nofile', openFiles),
    ulimit('core', 0),
    // If memory gets short after all, the home goes before the person's programs.
    '--oom-score-adj=500',

    ...Object.entries(spec.environment).map(([name, value]) => `--env=${name}=${value}`),
    // Its timer wants a user systemd on Podman and starts a Node every half minute; ClawCove asks the gateway itself.
    '--no-healthcheck',
    '--pull=never',
  ];
}

function ulimit(name: string, value: number): string {
  return `--ulimit=${name}=${value}:${value}`;
}

/** Where a sandbox that shares nothing with the person has its shared folder. */
export function emptyShared(target: string): string {
  return `--tmpfs=${target}:rw,noexec,nosuid,nodev,size=${16 * MiB},mode=1777`;
}

/** How long a sandbox may take to end, and how much of what it prints is kept, in megabytes. */
export function lasting(logDriver: string, megabytes: number): string[] {
  return [`--stop-timeout=${stopSeconds}`, `--log-driver=${logDriver}`, `--log-opt=max-size=${megabytes}mb`];
}

export const oursLabel = `--label=${homeLabel}=1`;
export const versionLabelOf = (spec: HomeSpec) => `--label=${versionLabel}=${spec.version}`;

/** `--mount` is a line of comma-separated values on every engine: quoted like one, any folder name will do. */
export function bindMount(source: string, target: string, options: readonly string[]): string {
  const quoted = `"src=${source.replaceAll('"', '""')}"`;
  return ['type=bind', quoted, `dst=${target}`, ...options].join(',');
}
