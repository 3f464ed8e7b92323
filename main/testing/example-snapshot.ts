import { type Finding, type Row, type SafeguardId, type Snapshot, safeguardIds } from '../contract.ts';
import { noPrivateFiles } from '../private-data/list.ts';

/** For tests: a Snapshot in which all is well, with the given parts put in. */
export function exampleSnapshot(change: Partial<Snapshot> = {}): Snapshot {
  return {
    appVersion: '1.2.3',
    choices: {
      engine: 'Podman',
      otherComputer: null,
      isDedicated: false,
      language: 'en',
      appearance: 'system',
      startAtLogin: true,
      model: { provider: 'later' },
      port: 18789,
      sharedFolder: '/home/ann/OpenClaw',
      agreed: true,
      movedIn: true,
      stopped: false,
      nearbyServices: [],
      channel: 'stable',
      automaticUpdates: true,
      updateHour: 3,
      postponedUntil: null,
    },
    computer: null,
    plan: null,
    rows: safeguardIds.map((id) => exampleRow(id, { is: 'ok', evidence: [], notes: [] })),
    light: 'good',
    lookedAt: 1_000,
    looking: false,
    work: { is: 'idle' },
    log: [],
    openClawVersion: '2026.9.6',
    removal: null,
    versionNews: { is: 'none' },
    backups: [],
    privateFiles: noPrivateFiles,
    skills: [],
    homes: [],
    formerHome: null,
    hostMovedAt: null,
    proof: null,
    ...change,
  };
}

/** For tests: one row with a finding. */
export function exampleRow(id: SafeguardId, finding: Finding | null, change: Partial<Row> = {}): Row {
  return { id, guide: [], finding, blame: null, fixable: true, ...change };
}

/** For tests: the rows with some of them replaced. */
export function withRows(...changed: readonly Row[]): Row[] {
  return exampleSnapshot().rows.map((row) => changed.find(({ id }) => id === row.id) ?? row);
}
