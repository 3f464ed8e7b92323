/** The home as units of systemd's; pure. */

import { openFiles, reservedByNode, stopSeconds } from '../every-home.ts';
import type { HomeSpec } from '../sandbox.ts';
import {
  cacheFolder,
  fenceUnit,
  givenFolders,
  givenInside,
  homeSlice,
  imageFolder,
  imageUnit,
  inside,
  programs,
  rehearsalSlice,
  scratchFolder,
  scratchUnit,
  stateFolder,
  tools,
} from './names.ts';

const MiB = 1024 ** 2;

/** One setting of systemd's: a name and a value in its own syntax. No data of anybody's ever stands in one. */
export type Setting = readonly [name: string, value: string];

/** What the settings of any sandbox follow from. */
export interface Ingredients {
  /** Digest of the image, `sha256:…`. */
  readonly digest: string;
  readonly workingFolder: string;
  /** Number of the agent's account and group. */
  readonly agentId: number;
  /** Where the shared folder is in the machine. */
  readonly sharedInside: string;
  readonly limits: Pick<HomeSpec, 'memoryBytes' | 'cpus' | 'pids'>;
  /** Whether this system's kernel keeps limits of groups of processes. */
  readonly keepsLimits: boolean;
}

/** What a sandbox is made around. */
export interface Around {
  readonly kind: keyof typeof givenFolders;
  /** Whether it has the machine's network, behind the fence. */
  readonly network: boolean;
  /** The agent, or a root without any power. */
  readonly as: 'agent' | 'root';
  /** The state, or a copy of it. */
  readonly state: string;
}

/** System calls that nothing in a home needs; see seccomp.ts. Source: systemd.exec(5), SystemCallFilter. */
const deniedCalls =
  '@keyring @mount bpf fsconfig fsmount fsopen fspick io_uring_enter io_uring_register io_uring_setup mount_setattr name_to_handle_at open_by_handle_at perf_event_open userfaultfd';

/**
 * What makes any sandbox around OpenClaw's state hard, a lasting or a passing one; the same points as
 * container/hardening.ts. `RestrictSUIDSGID=` and `DynamicUser=` are missing: the gateway's lock fails with them
 * (ENOSYS, seen on 2026.9.6).
 */
export function hardening(
  { digest, workingFolder, agentId, sharedInside, limits, keepsLimits }: Ingredients,
  around: Around,
): Setting[] {
  const who = around.as === 'agent' ? String(agentId) : '0';
  return [
    ['User', who],
    ['Group', who],
    ['PrivateUsers', 'yes'],
    ['CapabilityBoundingSet', ''],
    ['AmbientCapabilities', ''],

    ['NoNewPrivileges', 'yes'],
    ['SystemCallFilter', '@system-service'],
    ['SystemCallFilter', `~${deniedCalls}`],
    ['SystemCallErrorNumber', 'EPERM'],
    ['SystemCallArchitectures', 'native'],
    ['RestrictNamespaces', 'yes'],
    ['RestrictAddressFamilies', 'AF_UNIX AF_INET AF_INET6 AF_NETLINK'],
    ['RestrictRealtime', 'yes'],
    ['LockPersonality', 'yes'],
    ['KeyringMode', 'private'],

    ['RootDirectory', imageFolder(digest)],
    ['MountAPIVFS', 'yes'],
    ['ProtectSystem', 'strict'],
    ['PrivateDevices', 'yes'],
    ['DevicePolicy', 'closed'],
    ['PrivateIPC', 'yes'],
    ['ProtectProc', 'invisible'],
    ['ProtectKernelTunables', 'yes'],
    ['ProtectKernelModules', 'yes'],
    ['ProtectKernelLogs', 'yes'],
    ['ProtectControlGroups', 'yes'],
    ['ProtectClock', 'yes'],
    ['ProtectHostname', 'yes'],
    ['WorkingDirectory', workingFolder],

    ['Slice', around.kind === 'rehearsal' ? rehearsalSlice : homeSlice],
    ...(keepsLimits
      ? []
      : ([
          ['LimitNPROC', String(limits.pids)],
          ['LimitDATA', String(limits.memoryBytes + reservedByNode)],
        ] as const)),
    ['LimitNOFILE', String(openFiles)],
    ['LimitCORE', '0'],
    ['OOMScoreAdjust', '500'],

    ['BindPaths', `${around.state}:${inside.state}`],
    ...(around.kind === 'rehearsal'
      ? ([
          ['TemporaryFileSystem', scratchOptions(`${inside.home}/.cache`)],
          ['TemporaryFileSystem', `${inside.shared}:rw,noexec,nosuid,nodev,size=${16 * MiB},mode=1777`],
          ['TemporaryFileSystem', scratchOptions('/tmp')],
        ] as const)
      : ([
          // Kept over restarts for the compiled code in it.
          ['BindPaths', `${cacheFolder}:${inside.home}/.cache`],
          ['BindPaths', `${sharedInside}:${inside.shared}`],
          ['BindPaths', `${scratchFolder}:/tmp`],
          ['RequiresMountsFor', sharedInside],
        ] as const)),
    // Otherwise systemd gives a folder of its own there, for everybody to write in.
    ['TemporaryFileSystem', '/run:ro,noexec,nosuid,nodev,mode=755'],
    ['BindReadOnlyPaths', `${givenFolders[around.kind]}:${givenInside}`],
    ['BindReadOnlyPaths', '/etc/resolv.conf'],
    ['BindReadOnlyPaths', '-/etc/hosts'],

    ...(around.network
      ? ([
          ['Requires', fenceUnit],
          ['After', `${fenceUnit} network-online.target`],
        ] as const)
      : ([['PrivateNetwork', 'yes']] as const)),
    ['Requires', `${imageUnit(digest)} ${scratchUnit}`],
    ['After', `${imageUnit(digest)} ${scratchUnit}`],
  ];
}

const scratchOptions = (target: string) => `${target}:rw,noexec,nosuid,nodev,size=${512 * MiB},mode=1777`;

/** Settings that belong to a unit as such, not to a service. */
const ofUnits = ['Requires', 'After', 'RequiresMountsFor', 'Description', 'JoinsNamespaceOf'];

/** A unit's text out of settings. */
function unitText(kind: 'Service' | 'Slice' | 'Mount', settings: readonly Setting[], install = ''): string {
  const lines = (isOfUnit: boolean) =>
    settings
      .filter(([name]) => ofUnits.includes(name) === isOfUnit)
      .map(([name, value]) => `${name}=${value}\n`);
  return `[Unit]\n${lines(true).join('')}\n[${kind}]\n${lines(false).join('')}${install}`;
}

/**
 * The command lies where the secrets do, a word in every file: so nothing of it has to be written in anybody's syntax.
 * Constant.
 */
export const runGivenCommand = `for file in ${givenInside}/command/*; do set -- "$@" "$(cat "$file"; echo .)"; done; i=$#; while [ "$i" -gt 0 ]; do word=$1; shift; set -- "$@" "\${word%.}"; i=$((i - 1)); done; exec "$@"`;
/** Everything that the home finds in its environment, a variable in every file. Constant. */
const becomeEnvironment = `for file in ${givenInside}/environment/*; do [ -f "$file" ] && [ -r "$file" ] && { value=$(cat "$file"; echo .); export "\${file##*/}=\${value%.}"; }; done`;

/** A command that finds what it was given in its environment: it comes as arguments. Constant. */
export const withGivenEnvironment = ['/bin/sh', '-c', `${becomeEnvironment}; exec "$@"`, 'clawcove'] as const;

/** How systemd takes a line apart: `"` for us, and no `%` or `$` in it. Constant: see above. */
const startLine = `/bin/sh /run/clawcove/begin`;
/** The file that {@link startLine} names. */
export const beginScript = `${becomeEnvironment}\n${runGivenCommand}\n`;

/** The service that is the home. A gateway that refuses its configuration (78) must not be started for ever. */
export function homeUnitText(ingredients: Ingredients): string {
  const around: Around = { kind: 'home', network: true, as: 'agent', state: stateFolder };
  return unitText(
    'Service',
    [
      ['Description', 'OpenClaw, kept by ClawCove'],
      ['Type', 'exec'],
      ['ExecStart', startLine],
      ['Restart', 'on-failure'],
      ['RestartSec', '5'],
      ['RestartPreventExitStatus', '78'],
      ['TimeoutStopSec', String(stopSeconds)],
      ['KillMode', 'mixed'],
      ...hardening(ingredients, around),
    ],
    '\n[Install]\nWantedBy=multi-user.target\n',
  );
}

/** The same on a copy of the state, cut off from everything. */
export function rehearsalUnitText(ingredients: Ingredients, state: string): string {
  const around: Around = { kind: 'rehearsal', network: false, as: 'agent', state };
  return unitText('Service', [
    ['Description', 'OpenClaw, tried out by ClawCove'],
    ['Type', 'exec'],
    ['ExecStart', startLine],
    ['TimeoutStopSec', String(stopSeconds)],
    ['KillMode', 'mixed'],
    ...hardening(ingredients, around),
  ]);
}

/** What the home, and what runs in it, may take together. */
export function sliceText({ limits }: Pick<Ingredients, 'limits'>): string {
  return unitText('Slice', [
    ['MemoryMax', String(limits.memoryBytes)],
    ['MemorySwapMax', '0'],
    ['TasksMax', String(limits.pids)],
    ['CPUQuota', `${Math.round(limits.cpus * 100)}%`],
  ]);
}

/**
 * An image as a folder: its layers over each other, ours on top, read-only.
 *
 * @param layers names of their folders, lowest first
 */
export function imageUnitText(digest: string, layers: readonly string[]): string {
  const folders = [
    `${programs}/top`,
    ...layers.toReversed().map((name) => `${programs}/layers/${name}`),
    `${programs}/empty`,
  ];
  return unitText('Mount', [
    ['What', 'overlay'],
    ['Where', imageFolder(digest)],
    ['Type', 'overlay'],
    ['Options', `ro,nosuid,nodev,lowerdir=${folders.join(':')}`],
  ]);
}

export function scratchUnitText(): string {
  const [, options = ''] = /^[^:]*:(.*)$/.exec(scratchOptions('')) ?? [];
  return unitText('Mount', [
    ['What', 'tmpfs'],
    ['Where', scratchFolder],
    ['Type', 'tmpfs'],
    ['Options', options],
  ]);
}

/** The fence stands before the home, and no home without it; it is never taken down. */
export function fenceUnitText(): string {
  return unitText(
    'Service',
    [
      ['Description', 'The fence around OpenClaw’s network, kept by ClawCove'],
      ['After', 'network-online.target'],
      ['Type', 'oneshot'],
      ['RemainAfterExit', 'yes'],
      ['ExecStart', `/bin/sh ${tools}/fence.sh`],
      ['ExecReload', `/bin/sh ${tools}/fence.sh`],
    ],
    '\n[Install]\nWantedBy=multi-user.target\n',
  );
}
