/** What systemd says about the home in the normal form of all engines; pure. */
import type { Inspection, Mount } from '../sandbox.ts';
import type { MachineSeen } from './machine.ts';
import { homeSlice, homeUnit, inside, recordFile } from './names.ts';
import { type HomeRecord, parseRecord } from './record.ts';

const properties = [
  'ActiveState',
  'SubState',
  'ExecMainStatus',
  'ExecMainCode',
  'ExecMainStartTimestamp',
  'NRestarts',
  'User',
  'Group',
  'CapabilityBoundingSet',
  'AmbientCapabilities',
  'NoNewPrivileges',
  'RootDirectory',
  'ProtectSystem',
  'BindPaths',
  'BindReadOnlyPaths',
  'TemporaryFileSystem',
  'DropInPaths',
  'ReadWritePaths',
].map((name) => `--property=${name}`);

/**
 * One question for everything: the note of what the home is, its unit as it lies there, what systemd knows of it and
 * of its limits, and the system's name, each ended by a zero byte. Constant.
 */
const script = `cat "$1" 2> /dev/null; printf '\\0'; cat "/etc/systemd/system/$2" 2> /dev/null; printf '\\0'
slice=$3 unit=$2
shift 3
systemctl show --timestamp=unix "$@" "$unit"; printf '\\0'
systemctl show --property=MemoryMax --property=TasksMax "$slice"; printf '\\0'; uname -n`;
export const inspectionQuestion = [
  '/bin/sh',
  '-c',
  script,
  'inspect',
  recordFile,
  homeUnit,
  homeSlice,
  ...properties,
] as const;

/** What is seen of the machine from this computer. */
type Outside = Pick<MachineSeen, 'ports' | 'sharedFolders'>;

/** The home as its machine shows it. */
export interface HomeInMachine {
  readonly record: HomeRecord;
  /** Whether its unit is what it was made with, and nothing stands beside it. */
  readonly isAsMade: boolean;
  readonly inspection: Extract<Inspection, { is: 'present' }>;
}

function fieldsOf(text: string): ReadonlyMap<string, string> {
  return new Map(
    text
      .split('\n')
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)] as const),
  );
}

/** Reads the answer to {@link inspectionQuestion}; null when there is no home. */
export function homeFrom(untrustedAnswer: string, seen: Outside): HomeInMachine | null {
  const [note = '', unit = '', shown = '', slice = '', name = ''] = untrustedAnswer.split('\0');
  const record = parseRecord(note);
  if (!record) return null;
  const fields = fieldsOf(shown);
  const limits = fieldsOf(slice);
  const field = (key: string) => fields.get(key) ?? '';
  const isRunning =
    ['active', 'deactivating', 'reloading'].includes(field('ActiveState')) && field('SubState') !== 'exited';
  const started = Number(/^@(\d+)/.exec(field('ExecMainStartTimestamp'))?.[1] ?? Number.NaN);
  // 0: nothing has ended yet.
  const hasEnded = !isRunning && field('ExecMainCode') !== '0';
  return {
    record,
    isAsMade: unit === record.unit && field('DropInPaths') === '',
    inspection: {
      ...restingHome(record, seen),
      state: isRunning ? 'running' : 'stopped',
      exitCode: hasEnded ? Number(field('ExecMainStatus')) : null,
      startedAt: isRunning && Number.isFinite(started) ? started * 1000 : null,
      restarts: Number(field('NRestarts')) || 0,
      user: `${field('User')}:${field('Group')}`,
      privileged: field('RootDirectory') === '',
      addedCapabilities: [field('CapabilityBoundingSet'), field('AmbientCapabilities')]
        .flatMap((list) => list.split(' '))
        .filter((capability) => capability !== ''),
      noNewPrivileges: field('NoNewPrivileges') === 'yes',
      readOnlyRoot: field('ProtectSystem') === 'strict' && field('ReadWritePaths') === '',
      mounts: [...sharedBy(seen), ...mountsOf(fields)],
      limits: {
        memoryBytes: Number(limits.get('MemoryMax')) || 0,
        pids: Number(limits.get('TasksMax')) || 0,
        cpus: record.limits.cpus,
      },
      hostname: name.trim(),
    },
  };
}

/** The home while its machine is asleep: what it was made as. */
export function restingHome(record: HomeRecord, seen: Outside): Extract<Inspection, { is: 'present' }> {
  return {
    is: 'present',
    state: 'stopped',
    exitCode: null,
    startedAt: null,
    restarts: 0,
    image: record.image,
    imageDigest: record.imageDigest,
    version: record.version,
    user: record.user,
    privileged: false,
    addedCapabilities: [],
    noNewPrivileges: true,
    readOnlyRoot: true,
    hostNamespaces: [],
    // Who rests sees nothing, and will see what it was made with.
    mounts:
      seen.sharedFolders.length > 0 || record.sharedFolder === null
        ? sharedBy(seen)
        : sharedBy({ sharedFolders: [record.sharedFolder] }),
    ports: seen.ports,
    limits: record.limits,
    secrets: record.secrets,
    hostname: '',
    command: record.command,
  };
}

/** Folders of this computer that the machine was given: seen from outside it, whatever it does with them. */
const sharedBy = ({ sharedFolders }: Pick<Outside, 'sharedFolders'>): Mount[] =>
  sharedFolders.map((source) => ({ source, target: inside.shared, kind: 'bind', writable: true }));

/** Everything else, `/from:/to:rbind …` as systemd writes it. What lies in the machine itself is no folder of this computer's. */
function mountsOf(fields: ReadonlyMap<string, string>): Mount[] {
  const pairs = (name: string) =>
    (fields.get(name) ?? '')
      .split(' ')
      .filter((entry) => entry !== '')
      .map((entry) => entry.replace(/^-/, '').split(':'));
  const binds = (name: string, writable: boolean) =>
    pairs(name)
      .filter(([source, target = source]) => target !== inside.shared)
      .map(([source = '', target = source]): Mount => ({ source, target, kind: 'volume', writable }));
  return [
    ...binds('BindPaths', true),
    ...binds('BindReadOnlyPaths', false),
    ...pairs('TemporaryFileSystem').map(
      ([target = '', options = '']): Mount => ({
        source: '',
        target,
        kind: 'tmpfs',
        writable: !options.split(',').includes('ro'),
      }),
    ),
  ];
}
