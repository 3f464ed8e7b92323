/** What Docker says about itself, and what that means for a home; pure. */
import semver from 'semver';
import * as z from 'zod';
import { parseJson } from '../../parse-json.ts';
import { type Exited, errorLine } from '../container/call.ts';
import type { Strengths } from '../container/hardening.ts';
import { Strings } from '../container/inspection.ts';
import type { EngineNote, EngineState } from '../sandbox.ts';

/** `create --pull=never` came with it. */
export const oldestVersion = '20.10.0';
/** From this kernel on the limit of processes is counted for each user namespace, before for each person. */
const countsPerNamespace = '5.14.0';

/** Docker's answer to `context inspect`. */
const Contexts = z.tuple([z.object({ Endpoints: z.object({ docker: z.object({ Host: z.string() }) }) })]);

/** The part of `docker info` that ClawCove reads; same on 20.10 and 28. */
export const DockerInfo = z.object({
  ServerVersion: z.string().min(1),
  Architecture: z.string(),
  KernelVersion: z.string(),
  OperatingSystem: z.string(),
  OSType: z.string(),
  DockerRootDir: z.string().startsWith('/'),
  CgroupDriver: z.string().nullish(),
  MemoryLimit: z.boolean(),
  CpuCfsQuota: z.boolean(),
  PidsLimit: z.boolean(),
  SecurityOptions: Strings,
});
export type DockerInfo = z.infer<typeof DockerInfo>;

/** What a home can be given here. */
export interface Means extends Strengths {
  /** The processor, by Go's word. */
  readonly arch: string;
  /** Where the engine keeps its own files, as it names them itself. */
  readonly rootFolder: string;
  /** Docker Desktop: everything is in a virtual machine, and whoever is inside may write to what is shared. */
  readonly isDesktop: boolean;
}

/** The words of a security option: `name=seccomp,profile=default`. */
const optionsOf = ({ SecurityOptions }: DockerInfo): string[] =>
  (SecurityOptions ?? []).map((option) => /(?:^|,)name=([^,]+)/.exec(option)?.[1] ?? option);

export const isDesktop = ({ OperatingSystem }: Pick<DockerInfo, 'OperatingSystem'>) =>
  OperatingSystem === 'Docker Desktop';

/** Numbers such as `20.10.24+dfsg1` or a kernel's `6.1.0-18-amd64` as plain versions. */
function isAtLeast(version: string, floor: string): boolean {
  const plain = semver.coerce(version);
  return plain !== null && semver.gte(plain, floor);
}

/** The engine that the person's own `docker context` leads to, if it is one of this computer. */
export function hostFrom(answer: Exited): string | null {
  if (answer.code !== 0) return null;
  const contexts = Contexts.safeParse(parseJson(answer.stdout)).data;
  return contexts?.[0].Endpoints.docker.Host ?? null;
}

/** Whether an engine's address is of this computer: another one's would get the person's files and secrets. */
export function isLocal(host: string): boolean {
  return /^(?:unix:\/\/\/|npipe:\/\/)/.test(host);
}

/** What the answer to `docker info` was; on a failure Docker prints an answer of zeros as well (seen on 28.2.2). */
export function infoFrom({ code, stdout }: Exited): DockerInfo | null {
  return code === 0 ? (DockerInfo.safeParse(parseJson(stdout)).data ?? null) : null;
}

/** Why Docker's own program got no answer from the engine; null: something else went wrong. */
export function whyNoAnswer(stderr: string): 'not-allowed' | 'asleep' | null {
  // 29 and later word it "Docker API" instead of "Docker daemon socket".
  if (/permission denied while trying to connect/i.test(stderr)) return 'not-allowed';
  const isAsleep =
    /cannot connect to the docker|is the docker daemon running|error during connect|cannot find the file specified/i;
  return isAsleep.test(stderr) ? 'asleep' : null;
}

/** Why there is no answer to `docker info`. */
export function stateWithoutInfo({ stderr, stdout }: Exited): EngineState {
  const why = whyNoAnswer(stderr);
  if (why !== null) return { is: why };
  return { is: 'broken', detail: stderr === '' ? `docker info: ${stdout.slice(0, 200)}` : errorLine(stderr) };
}

/** Whether a home can be made. */
export function engineStateFrom(info: DockerInfo): EngineState {
  const version = info.ServerVersion;
  if (!isAtLeast(version, oldestVersion)) return { is: 'too-old', version, needs: oldestVersion };
  if (info.OSType !== 'linux') return { is: 'broken', detail: `Docker runs ${info.OSType} containers` };
  if (!optionsOf(info).includes('seccomp'))
    return { is: 'broken', detail: 'Docker can filter no system calls on this computer' };
  const { memory, pids } = limitsOf(info);
  return {
    is: 'ready',
    version,
    limits: memory && pids ? 'enforced' : 'not-enforced',
    notes: notesOf(info),
  };
}

/**
 * Rootful Docker is an administrator's program: whoever may ask it for containers can ask it for all of the
 * computer. And unless it was told to number users anew (`userns-remap`), a home's users are this computer's.
 * Neither is so for a rootless one, nor for one in a virtual machine of its own.
 */
function notesOf(info: DockerInfo): EngineNote[] {
  if (isDesktop(info) || optionsOf(info).includes('rootless')) return [];
  return optionsOf(info).includes('userns')
    ? ['engine-controls-computer']
    : ['engine-controls-computer', 'engine-shares-users'];
}

function limitsOf(info: DockerInfo): Means['limits'] {
  // Rootless without systemd keeps none, whatever the kernel could do. Source: Docker, "Rootless mode".
  const keeps = info.CgroupDriver !== 'none';
  return {
    memory: keeps && info.MemoryLimit,
    pids: keeps && info.PidsLimit,
    cpu: keeps && info.CpuCfsQuota,
  };
}

const processors: Readonly<Record<string, string>> = { x86_64: 'amd64', aarch64: 'arm64', armv7l: 'arm' };

export function meansFrom(info: DockerInfo): Means {
  const hasOwnUsers = optionsOf(info).some((name) => name === 'rootless' || name === 'userns');
  return {
    arch: processors[info.Architecture] ?? info.Architecture,
    rootFolder: info.DockerRootDir,
    isDesktop: isDesktop(info),
    limits: limitsOf(info),
    countsProcessesPerHome: hasOwnUsers && isAtLeast(info.KernelVersion, countsPerNamespace),
  };
}
