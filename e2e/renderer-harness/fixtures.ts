/** A Snapshot for every screen and state, made of codes that main really sends. */
import en from '../../assets/text/en.json' with { type: 'json' };
import type {
  Evidence,
  Finding,
  Plan,
  Question,
  Row,
  SafeguardId,
  Snapshot,
  Work,
} from '../../main/contract.ts';

/** When the fixtures were "looked at"; the harness holds the clock a little later. */
export const lookedAt = Date.UTC(2026, 10, 22, 7, 4, 11);
const saw = (code: Evidence['code'], facts: Evidence['facts'] = {}): Evidence => ({
  code,
  facts,
  at: lookedAt,
});

const evidence: Record<SafeguardId, Evidence[]> = {
  'not-administrator': [saw('runs-as-ordinary-user')],
  'room-to-work': [saw('free-disk', { bytes: 186_000_000_000 }), saw('memory', { bytes: 16_600_000_000 })],
  'engine-ready': [saw('engine-answers', { version: '5.4.2' })],
  'folder-dedicated': [
    saw('folder-chosen', { path: '/home/lin/ClawCove' }),
    saw('folders-visible', { count: 1, paths: '/home/lin/ClawCove' }),
  ],
  'private-data': [saw('files-searched', { count: 214 }), saw('workspace-searched')],
  'sandbox-exists': [saw('home-found', { version: '2026.9.6', digest: 'sha256:4f1c9be2' })],
  'sandbox-hardened': [
    saw('process-capabilities', { mask: '0000000000000000' }),
    saw('process-no-new-privileges', { value: 1 }),
    saw('process-seccomp', { value: 2 }),
    saw('process-root', { mode: 'ro' }),
    saw('memory-limit', { bytes: 3_000_000_000 }),
    saw('process-limit', { count: 512 }),
  ],
  'agent-account': [saw('process-user', { process: 'openclaw', uid: 1000, hostUid: 100999 })],
  'host-powers-off': [saw('power-node-off'), saw('desktop-inside', { count: 0 })],
  'gateway-running': [saw('home-runs'), saw('gateway-let-in', { port: 18789 }), saw('gateway-ready')],
  'network-fenced': [
    saw('fence-tried', { count: 3, addresses: '192.168.1.23:41207, 169.254.169.254:80, 192.168.1.1:443' }),
    saw('internet-reached', { service: 'api.deepseek.com:443' }),
  ],
  'gateway-local-only': [
    saw('ports-published', { ports: '127.0.0.1:18789' }),
    saw('addresses-tried', { port: 18789, count: 2, addresses: '192.168.1.23, fd00::17' }),
  ],
  'gateway-locked': [
    saw('stranger-knocked', { answer: '401' }),
    saw('we-knocked', { answer: '200' }),
    saw('token-length', { count: 64 }),
  ],
  'host-clean': [saw('host-processes', { count: 0 }), saw('host-no-folder')],
  'computer-dedicated': [saw('no-signs'), saw('own-door-shut'), saw('own-fixes-on')],
  'skills-trusted': [
    saw('skills-looked', { count: 2 }),
    saw('skill-approved', { id: 'a'.repeat(24), kind: 'skill', name: 'trip-planner', approvedAt: lookedAt }),
    saw('skill-off', { id: 'b'.repeat(24), kind: 'plugin', name: 'home-lamps', approvedAt: 0 }),
  ],
  'settings-agreed': [saw('settings-looked', { count: 64 })],
  'openclaw-audit': [saw('audit-asked', { critical: 0, warnings: 0 })],
  'agent-version': [
    saw('version-running', { version: '2026.9.6' }),
    saw('version-newest', { version: '2026.9.6' }),
  ],
  'sandbox-patched': [saw('system-made', { date: '2026-11-01', age: 1_814_400 })],
  'automatic-updates': [saw('updates-on', { hour: '03:00' }), saw('updates-looked', { ago: 14_400 })],
  'backup-recent': [saw('backups-found', { count: 3, good: 3 }), saw('backup-newest', { age: 14_400 })],
  'app-current': [
    saw('app-running', { version: '0.1.0' }),
    saw('app-looked', { newest: '0.1.0', ago: 7_200 }),
  ],
};

const guide: Record<SafeguardId, Row['guide']> = {
  'not-administrator': ['least-privilege'],
  'room-to-work': [],
  'engine-ready': ['isolated'],
  'folder-dedicated': ['no-private-data', 'least-privilege'],
  'private-data': ['no-private-data'],
  'sandbox-exists': ['isolated'],
  'sandbox-hardened': ['isolated', 'least-privilege'],
  'agent-account': ['least-privilege'],
  'host-powers-off': ['least-privilege'],
  'gateway-running': [],
  'network-fenced': ['isolated'],
  'gateway-local-only': ['not-exposed'],
  'gateway-locked': ['not-exposed'],
  'host-clean': ['isolated'],
  'computer-dedicated': ['isolated', 'not-exposed'],
  'skills-trusted': ['trusted-skills'],
  'settings-agreed': ['least-privilege'],
  'openclaw-audit': ['not-exposed', 'least-privilege', 'trusted-skills'],
  'agent-version': ['up-to-date'],
  'sandbox-patched': ['up-to-date'],
  'automatic-updates': ['up-to-date'],
  'backup-recent': ['up-to-date'],
  'app-current': ['up-to-date'],
};

const ids = Object.keys(guide) as SafeguardId[];
const unfixable: readonly SafeguardId[] = ['not-administrator', 'room-to-work', 'host-powers-off'];
const ok = (id: SafeguardId): Finding => ({ is: 'ok', evidence: evidence[id], notes: [] });
const row = (id: SafeguardId, finding: Finding | null, blame: SafeguardId | null = null): Row => ({
  id,
  guide: guide[id],
  finding,
  blame,
  fixable: !unfixable.includes(id),
});

/** All rows good, but for the ones given. */
const rowsBut = (changed: Partial<Record<SafeguardId, Row>> = {}): Row[] =>
  ids.map((id) => changed[id] ?? row(id, ok(id)));
/** Good up to and without `id`, not yet made from there on. */
const rowsUpTo = (id: SafeguardId): Row[] =>
  ids.map((each, index) => {
    if (index < ids.indexOf(id)) return row(each, ok(each));
    const unmade: Finding = { is: 'unknown', why: 'waiting', facts: {}, evidence: [] };
    return index === ids.indexOf(id) ? row(each, null) : row(each, unmade, id);
  });

const broken = (
  gravity: 'danger' | 'attention',
  why: Extract<Finding, { is: 'broken' }>['why'],
  facts: Evidence['facts'] = {},
  seen: Evidence[] = [],
): Finding => ({ is: 'broken', gravity, why, facts, evidence: seen });

const good: Snapshot = {
  appVersion: '0.1.0',
  choices: {
    engine: 'Podman',
    otherComputer: null,
    isDedicated: false,
    language: 'en',
    appearance: 'light',
    startAtLogin: true,
    model: { provider: 'deepseek' },
    port: 18789,
    sharedFolder: '/home/lin/ClawCove',
    agreed: true,
    movedIn: true,
    stopped: false,
    nearbyServices: [],
    channel: 'stable',
    automaticUpdates: true,
    updateHour: 3,
    postponedUntil: null,
  },
  computer: {
    systemName: 'Ubuntu 26.04 LTS',
    processor: 'Intel Core i5-1240P',
    cores: 12,
    memoryBytes: 16_600_000_000,
    freeDiskBytes: 186_000_000_000,
    virtualization: true,
  },
  plan: null,
  rows: rowsBut(),
  light: 'good',
  lookedAt,
  looking: false,
  work: { is: 'idle' },
  log: [],
  openClawVersion: '2026.9.6',
  removal: null,
  versionNews: { is: 'none' },
  backups: [],
  privateFiles: {
    found: { shown: [], total: 0 },
    taken: { shown: [], total: 0 },
    left: { shown: [], total: 0 },
    keptFolder: '/home/lin/ClawCove – private files',
  },
  skills: [
    { id: 'a'.repeat(24), kind: 'skill', name: 'trip-planner', state: 'approved', at: lookedAt },
    { id: 'b'.repeat(24), kind: 'plugin', name: 'home-lamps', state: 'off', at: null },
  ],
  homes: [
    { engine: 'Podman', kind: 'container', is: 'recommended', why: 'light', needs: [] },
    { engine: 'Docker', kind: 'container', is: 'possible', why: 'controls-computer', needs: [] },
    {
      engine: 'QEMU',
      kind: 'virtual-machine',
      is: 'not-here',
      why: 'strongest',
      needs: [{ code: 'virtualization-on', facts: {} }],
    },
    {
      engine: 'SSH',
      kind: 'other-computer',
      is: 'possible',
      why: 'other-computer',
      needs: [{ code: 'computer-named', facts: {} }],
    },
  ],
  formerHome: null,
  hostMovedAt: null,
  proof: null,
};

const backups: Snapshot['backups'] = (
  ['set-aside', 'schedule', 'update', 'person', 'elsewhere'] as const
).map((why, days) => ({
  id: `2026-11-${21 - days}T06-30-00Z-${why}`,
  at: lookedAt - days * 86_400_000 - 1_800_000,
  why,
  version: '2026.9.6',
  bytes: 61_000_000 - days * 3_000_000,
  verifiedAt: why === 'set-aside' ? null : lookedAt,
}));

const log = [
  '15:03:41 engine-ready: podman 5.4.2 answers',
  '15:03:41 folder-dedicated: made /home/lin/ClawCove (mode 0700)',
  '15:03:42 sandbox-exists: asking ghcr.io for openclaw 2026.9.6',
  '15:03:43 $ podman pull --quiet ghcr.io/openclaw/openclaw@sha256:4f1c9be2d07a5c0e7a41b5f9f3d5d1b0c3a2e6f87c9d4411aa02b7c65e3f9d10',
  '15:03:58 layer 3/9 verified',
  '15:04:03 layer 4/9 verified',
];
const admin = [
  {
    id: 'install-engine' as const,
    commands: ['apt-get update', 'apt-get install --yes --no-install-recommends podman uidmap slirp4netns'],
  },
];
const changes: NonNullable<Snapshot['plan']>['changes'] = [
  { code: 'install-engine', facts: {} },
  { code: 'make-folder', facts: { path: '/home/lin/ClawCove' } },
  { code: 'download-openclaw', facts: {} },
  { code: 'make-home', facts: {} },
  { code: 'start-at-login', facts: {} },
];
const size = (bytes: number) => ({ is: 'said', bytes }) as const;
const plan: Plan = {
  changes,
  parts: [
    { what: 'engine', download: size(58_200_000), disk: size(201_000_000) },
    { what: 'openclaw', download: size(684_000_000), disk: { is: 'measured', bytes: 1_790_000_000 } },
    { what: 'state', download: size(0), disk: { is: 'measured', bytes: 300_000_000 } },
  ],
  downloadBytes: 742_200_000,
  diskBytes: 2_291_000_000,
  memoryBytes: 3 * 1024 ** 3,
  mostDiskBytes: null,
  admin,
  movesIn: null,
};

const fresh: Snapshot = {
  ...good,
  choices: { ...good.choices, agreed: false, movedIn: false, model: { provider: 'later' } },
  rows: ids.map((id) => row(id, null)),
  light: 'unknown',
  lookedAt: null,
  openClawVersion: null,
};
const engineAbsent = broken('attention', 'engine-absent', {}, [saw('engine-not-found')]);
const looked: Snapshot = {
  ...fresh,
  lookedAt,
  plan,
  rows: rowsUpTo('engine-ready').map((each) => {
    if (each.id === 'host-clean')
      return row('host-clean', rowsBut().find(({ id }) => id === 'host-clean')?.finding ?? null);
    return each.id === 'engine-ready' ? row('engine-ready', engineAbsent) : each;
  }),
};
const onComputer = [
  saw('host-processes', { count: 1 }),
  saw('host-folder', { path: '/home/lin/.openclaw' }),
  saw('host-service-starts', { name: 'openclaw-gateway.service' }),
  saw('host-program', { path: '/home/lin/.npm-global/lib/node_modules/openclaw' }),
];
const runsOnComputer = row('host-clean', broken('danger', 'host-openclaw-runs', {}, onComputer));
const oldOne = { profile: 'default', folder: '/home/lin/.openclaw', version: '2026.8.2', runs: true };
const askedToMoveIn = (found: (typeof oldOne)[], livedIn: boolean): Work => ({
  is: 'asking',
  job: 'fix',
  question: { is: 'move-in', found, livedIn },
});
const atHome = { ...good, light: 'danger' as const, rows: rowsBut({ 'host-clean': runsOnComputer }) };
const setUp = (work: Work, at: SafeguardId): Snapshot => ({
  ...good,
  choices: { ...good.choices, movedIn: false },
  rows: rowsUpTo(at),
  light: work.is === 'failed' ? 'attention' : 'working',
  openClawVersion: null,
  plan,
  work,
  log,
});
const downloading: Work = {
  is: 'running',
  job: 'set-up',
  safeguard: 'sandbox-exists',
  step: 'downloading',
  progress: { done: 311_000_000, of: 742_000_000, unit: 'bytes', secondsLeft: 118 },
  canCancel: true,
};
const dangerRows = rowsBut({
  'gateway-local-only': row(
    'gateway-local-only',
    broken('danger', 'reachable-from-network', { addresses: '192.168.1.23' }, [
      saw('ports-published', { ports: '0.0.0.0:18789' }),
      saw('addresses-tried', { port: 18789, count: 2, addresses: '192.168.1.23, fd00::17' }),
    ]),
  ),
  'agent-version': row(
    'agent-version',
    broken('attention', 'version-behind', { version: '2026.9.2', newest: '2026.9.6' }, [
      saw('version-running', { version: '2026.9.2' }),
    ]),
  ),
});
const waiting = (id: SafeguardId) =>
  row(id, { is: 'unknown', why: 'waiting', facts: {}, evidence: [] }, 'gateway-running');
const silentRows = rowsBut({
  'gateway-running': row('gateway-running', broken('attention', 'gateway-silent', {}, [saw('home-runs')])),
  'gateway-locked': waiting('gateway-locked'),
  'agent-version': waiting('agent-version'),
});
const unasked = {
  'agent-version': row('agent-version', {
    is: 'unknown',
    why: 'newest-unknown',
    facts: { version: '2026.9.6' },
    evidence: [saw('version-running', { version: '2026.9.6' })],
  }),
};
const blind: Snapshot = {
  ...good,
  light: 'unknown',
  rows: rowsBut({
    'sandbox-hardened': row('sandbox-hardened', {
      is: 'unknown',
      why: 'could-not-look',
      facts: { detail: 'podman inspect: exit status 125' },
      evidence: [],
    }),
    ...unasked,
  }),
};
const found: Snapshot['privateFiles']['found']['shown'] = [
  {
    id: '00',
    place: 'shared',
    untrustedName: 'holiday/passport.pdf',
    untrustedWithin: null,
    kinds: ['passport'],
  },
  {
    id: '01',
    place: 'shared',
    untrustedName: 'old computer/documents.zip',
    untrustedWithin: '家庭/身份证和银行卡.docx',
    kinds: ['chinese-id', 'bank-card', 'recovery-phrase', 'password-export'],
  },
  {
    id: '02',
    place: 'workspace',
    untrustedName: `notes/${'a-very-long-name-that-somebody-chose-'.repeat(5)}.md`.slice(-180),
    untrustedWithin: null,
    kinds: ['api-key'],
  },
];
const privateFiles: Snapshot['privateFiles'] = {
  ...good.privateFiles,
  found: { shown: found, total: 61 },
  taken: {
    shown: [
      { id: '03', place: 'shared', untrustedName: 'tax/2025/身份证.jpg.txt', at: lookedAt - 3_600_000 },
      { id: '04', place: 'workspace', untrustedName: '.env', at: lookedAt - 90_000_000 },
    ],
    total: 2,
  },
  left: {
    shown: [
      {
        id: '05',
        place: 'shared',
        untrustedName: 'example.csv',
        untrustedWithin: null,
        kinds: ['bank-card'],
      },
    ],
    total: 1,
  },
};
const privateRow = row(
  'private-data',
  broken('danger', 'private-files-found', { count: 61 }, [
    saw('files-searched', { count: 214 }),
    saw('workspace-searched'),
    saw('found-chinese-id', { count: 12 }),
    saw('found-passport', { count: 1 }),
  ]),
);
const withPrivate: Snapshot = {
  ...good,
  light: 'danger',
  rows: rowsBut({ 'private-data': privateRow }),
  privateFiles,
};
const newerApp: Snapshot = {
  ...good,
  light: 'attention',
  rows: rowsBut({
    'app-current': row(
      'app-current',
      broken('attention', 'app-ready', { version: '0.1.0', newest: '0.2.0' }, [
        saw('app-running', { version: '0.1.0' }),
        saw('app-looked', { newest: '0.2.0', ago: 7_200 }),
        saw('app-downloaded', { newest: '0.2.0' }),
      ]),
    ),
  }),
};
const appAside: Snapshot = {
  ...good,
  rows: rowsBut({
    'app-current': row('app-current', {
      is: 'not-applicable',
      why: 'app-by-system',
      facts: {},
      evidence: [saw('app-running', { version: '0.1.0' })],
    }),
  }),
};
const removal: Snapshot['removal'] = {
  goes: [
    { code: 'home', facts: {} },
    { code: 'packages', facts: {} },
    { code: 'keys', facts: {} },
    { code: 'own-settings', facts: {} },
  ],
  stays: [
    { code: 'shared-folder', facts: { path: '/home/lin/ClawCove' } },
    { code: 'engine', facts: {} },
  ],
};

const day = 86_400_000;
const ready: Extract<Snapshot['versionNews'], { is: 'available' }> = {
  is: 'available',
  version: '2026.9.7',
  publishedAt: lookedAt - day,
  urgent: false,
  coming: { is: 'at', at: Date.UTC(2026, 10, 24, 3) },
};
type ProofShown = NonNullable<Snapshot['proof']>;
type Attempted = ProofShown['attempts'][number]['result'];
/** All attempts stopped, save what is said otherwise. */
const proven = (results: Partial<Record<string, Attempted>> = {}): ProofShown => ({
  at: lookedAt,
  version: '2026.9.6',
  attempts: (Object.keys(en.attempt) as ProofShown['attempts'][number]['id'][]).map((id, index) => ({
    id,
    guide: index < 14 ? 'least-privilege' : 'isolated',
    result: results[id] ?? {
      is: 'stopped',
      by: (['not-there', 'refused', 'read-only'] as const)[index % 3] ?? 'refused',
      witness: index < 5 ? 'outside' : 'inside',
    },
  })),
});
const nobodyThere: Attempted = { is: 'could-not-try', why: 'nobody-there' };
const proofUnderWay: ProofShown = {
  ...proven(),
  attempts: proven().attempts.map((attempt, index) => {
    if (index < 9) return attempt;
    return { ...attempt, result: { is: index === 9 ? 'running' : 'waiting' } };
  }),
};
const proving: Work = {
  is: 'running',
  job: 'prove',
  safeguard: null,
  step: 'proving',
  progress: null,
  canCancel: true,
};

const told = (versionNews: Snapshot['versionNews']): Case => ({ snapshot: { ...good, versionNews } });

/** What is shown, and how to get there: `n` presses the last button below the page, a place is in the menu. */
export interface Case {
  readonly snapshot: Snapshot;
  readonly go?:
    | 'n'
    | 'nn'
    | 'nnn'
    | 'settings'
    | 'which-computer'
    | 'backups'
    | 'backups-save'
    | 'backups-bring'
    | 'proof'
    | 'remove'
    | 'remove-sure'
    | 'evidence'
    | 'nearby'
    | 'skills'
    | 'undo-move-in'
    | 'private-files'
    | 'notes'
    | 'log'
    | 'menu'
    | 'custom'
    | 'commands'
    | 'removed'
    | 'refused'
    | 'give-key';
}

const laptop = { host: '192.168.1.30', port: 22, account: 'lin' };
const letIn = (again: 'wrong-password' | null): Work => ({
  is: 'asking',
  job: 'set-up',
  question: {
    is: 'computer-let-in',
    host: laptop.host,
    account: laptop.account,
    commands: [
      "sudo sh << 'END-OF-CLAWCOVE'",
      'set -eu',
      'install -d -m 755 /usr/local/lib/clawcove',
      'END-OF-CLAWCOVE',
    ],
    again,
  },
});
const livedIn = (signs: Extract<Question, { is: 'computer-lived-in' }>['signs']): Work => ({
  is: 'asking',
  job: 'set-up',
  question: { is: 'computer-lived-in', host: laptop.host, signs },
});

/** Every screen and state, by name. */
export const cases: Readonly<Record<string, Case>> = {
  welcome: { snapshot: fresh },
  'looking-first': { snapshot: { ...fresh, computer: null, looking: true }, go: 'n' },
  looking: { snapshot: looked, go: 'n' },
  'looking-blocked': {
    snapshot: {
      ...looked,
      rows: looked.rows.map((each) =>
        each.id === 'room-to-work'
          ? row(
              'room-to-work',
              broken('danger', 'disk-short', { freeBytes: 1_900_000_000, neededBytes: 6_000_000_000 }),
            )
          : each,
      ),
    },
    go: 'n',
  },
  choices: { snapshot: looked, go: 'nn' },
  'choices-computer': {
    snapshot: { ...looked, choices: { ...looked.choices, engine: 'SSH' } },
    go: 'nn',
  },
  'choices-custom': { snapshot: looked, go: 'custom' },
  'choices-refused': { snapshot: looked, go: 'refused' },
  'looking-openclaw': {
    snapshot: {
      ...looked,
      rows: looked.rows.map((each) => (each.id === 'host-clean' ? runsOnComputer : each)),
    },
    go: 'n',
  },
  'review-move-in': {
    snapshot: {
      ...looked,
      plan: {
        ...plan,
        changes: [...changes, { code: 'move-in', facts: { path: '/home/lin/.openclaw' } }],
        movesIn: 'default',
      },
    },
    go: 'nnn',
  },
  review: { snapshot: looked, go: 'nnn' },
  'review-commands': { snapshot: looked, go: 'commands' },
  'review-no-admin': { snapshot: { ...looked, plan: { ...plan, admin: [] } }, go: 'nnn' },
  'review-preparing': { snapshot: { ...looked, plan: null }, go: 'nnn' },
  working: { snapshot: setUp(downloading, 'sandbox-exists') },
  'working-late': {
    snapshot: setUp(
      {
        ...downloading,
        safeguard: 'gateway-running',
        step: 'waiting-until-ready',
        progress: null,
        canCancel: true,
      },
      'gateway-running',
    ),
  },
  'working-log': { snapshot: setUp(downloading, 'sandbox-exists'), go: 'log' },
  'working-paused': { snapshot: { ...setUp({ is: 'idle' }, 'sandbox-exists'), light: 'unknown' } },
  'working-admin': {
    snapshot: setUp(
      {
        is: 'asking',
        job: 'set-up',
        question: { is: 'admin', task: 'install-engine', commands: admin[0]?.commands ?? [] },
      },
      'engine-ready',
    ),
  },
  'working-key': {
    snapshot: setUp(
      { is: 'asking', job: 'set-up', question: { is: 'model-key', model: { provider: 'deepseek' } } },
      'gateway-running',
    ),
  },
  'working-computer-key': {
    snapshot: setUp(
      {
        is: 'asking',
        job: 'set-up',
        question: {
          is: 'computer-key',
          host: laptop.host,
          fingerprint: 'SHA256:ZkAslGjFiUHdGf/WUL8rQvkib4PTvQatUV0OUQSncCA',
        },
      },
      'engine-ready',
    ),
  },
  'working-computer-let-in': { snapshot: setUp(letIn(null), 'engine-ready') },
  'working-computer-shut': { snapshot: setUp(letIn('wrong-password'), 'engine-ready') },
  'working-computer-fresh': { snapshot: setUp(livedIn([]), 'engine-ready') },
  'working-computer-lived-in': {
    snapshot: setUp(
      livedIn([
        { sign: 'accounts', count: 2 },
        { sign: 'browser', count: 3 },
        { sign: 'mail', count: 1 },
        { sign: 'documents', count: 1460 },
      ]),
      'engine-ready',
    ),
  },
  'working-failed': {
    snapshot: setUp(
      {
        is: 'failed',
        job: 'set-up',
        safeguard: 'engine-ready',
        problem: {
          code: 'admin-refused',
          facts: { commands: (admin[0]?.commands ?? []).join('\n'), detail: '' },
          next: ['try-again', 'copy-commands'],
        },
      },
      'engine-ready',
    ),
  },
  'working-give-key': {
    snapshot: setUp(
      {
        is: 'failed',
        job: 'set-up',
        safeguard: 'gateway-running',
        problem: { code: 'onboarding-failed', facts: {}, next: ['give-model-key', 'try-again', 'open-log'] },
      },
      'gateway-running',
    ),
    go: 'give-key',
  },
  done: { snapshot: { ...good, choices: { ...good.choices, movedIn: false, model: { provider: 'later' } } } },
  'done-open': {
    snapshot: {
      ...good,
      light: 'unknown',
      rows: rowsBut(unasked),
      choices: { ...good.choices, movedIn: false },
    },
  },
  'done-newer-app': { snapshot: { ...newerApp, choices: { ...good.choices, movedIn: false } } },
  home: { snapshot: good },
  'home-evidence': { snapshot: good, go: 'evidence' },
  'home-menu': { snapshot: good, go: 'menu' },
  'home-notes': {
    snapshot: {
      ...good,
      rows: rowsBut({
        'sandbox-hardened': row('sandbox-hardened', {
          is: 'ok',
          evidence: evidence['sandbox-hardened'],
          notes: [{ code: 'memory-not-limited', facts: {} }],
        }),
      }),
    },
  },
  'home-outside': { snapshot: atHome },
  'home-move-in': { snapshot: { ...atHome, work: askedToMoveIn([oldOne], true) } },
  'home-move-in-many': {
    snapshot: {
      ...atHome,
      work: askedToMoveIn(
        [oldOne, { profile: 'work', folder: '/home/lin/.openclaw-work', version: '2026.9.6', runs: false }],
        false,
      ),
    },
  },
  'home-put-to-rest': { snapshot: { ...atHome, work: askedToMoveIn([], true) } },
  'home-moved-in': {
    snapshot: {
      ...good,
      rows: rowsBut({
        'host-clean': row('host-clean', {
          is: 'ok',
          evidence: [saw('host-processes', { count: 0 }), saw('host-no-folder'), ...onComputer.slice(3)],
          notes: [
            {
              code: 'host-moved-in',
              facts: { path: '/home/lin/.openclaw.moved-into-clawcove-2026-11-22T07-04-11' },
            },
            {
              code: 'host-program-left',
              facts: { path: '/home/lin/.npm-global/lib/node_modules/openclaw' },
            },
          ],
        }),
      }),
      hostMovedAt: lookedAt - 3_600_000,
    },
  },
  'home-undo-move-in': { snapshot: { ...good, hostMovedAt: lookedAt - 3_600_000 }, go: 'undo-move-in' },
  'home-nearby': {
    snapshot: {
      ...good,
      choices: { ...good.choices, nearbyServices: ['192.168.1.20:445', 'nas.local:8080'] },
    },
    go: 'nearby',
  },
  'home-skills': {
    snapshot: {
      ...good,
      light: 'danger',
      rows: rowsBut({
        'skills-trusted': row(
          'skills-trusted',
          broken('danger', 'skills-not-approved', { count: 1, names: 'free-crypto-wallet-helper' }),
        ),
      }),
      skills: [
        { id: 'c'.repeat(24), kind: 'skill', name: 'free-crypto-wallet-helper', state: 'on', at: null },
        {
          id: 'd'.repeat(24),
          kind: 'skill',
          name: 'mail-sorter',
          state: 'changed',
          at: lookedAt - 86_400_000,
        },
        ...good.skills,
      ],
    },
    go: 'skills',
  },
  'home-settings-changed': {
    snapshot: {
      ...good,
      light: 'attention',
      work: {
        is: 'asking',
        job: 'fix',
        question: {
          is: 'settings-changed',
          changes: [
            { power: 'commands', name: 'tools.exec.security', count: 2 },
            { power: 'channel', name: 'telegram', count: 3 },
            { power: 'other', name: 'ui.theme', count: 1 },
          ],
        },
      },
    },
  },
  'home-danger': { snapshot: { ...good, light: 'danger', rows: dangerRows } },
  'home-attention': { snapshot: { ...good, light: 'attention', rows: silentRows, openClawVersion: null } },
  'home-unknown': { snapshot: blind },
  'home-unknown-why': { snapshot: blind, go: 'evidence' },
  'home-stopped': {
    snapshot: {
      ...good,
      light: 'stopped',
      openClawVersion: null,
      choices: { ...good.choices, stopped: true },
      rows: rowsBut({
        'gateway-running': row('gateway-running', {
          is: 'unknown',
          why: 'stopped-on-purpose',
          facts: {},
          evidence: [saw('home-rests')],
        }),
        'gateway-locked': waiting('gateway-locked'),
        'agent-version': waiting('agent-version'),
      }),
    },
  },
  'home-first-look': {
    snapshot: {
      ...good,
      light: 'unknown',
      looking: true,
      lookedAt: null,
      rows: ids.map((id) => row(id, null)),
    },
  },
  'home-working': {
    snapshot: {
      ...good,
      light: 'working',
      rows: dangerRows,
      log,
      work: { ...downloading, job: 'fix', safeguard: 'agent-version' },
    },
  },
  'home-asking': {
    snapshot: {
      ...good,
      light: 'working',
      work: {
        is: 'asking',
        job: 'fix',
        question: { is: 'admin', task: 'install-engine', commands: admin[0]?.commands ?? [] },
      },
    },
  },
  'home-failed': {
    snapshot: {
      ...good,
      light: 'danger',
      rows: dangerRows,
      work: {
        is: 'failed',
        job: 'fix',
        safeguard: 'gateway-local-only',
        problem: { code: 'still-broken', facts: {}, next: ['try-again', 'open-log'] },
      },
    },
  },
  'home-key': {
    snapshot: {
      ...good,
      light: 'attention',
      rows: silentRows,
      work: {
        is: 'failed',
        job: 'save-model',
        safeguard: null,
        problem: {
          code: 'onboarding-failed',
          facts: { detail: '401' },
          next: ['give-model-key', 'try-again', 'open-log'],
        },
      },
    },
  },
  'home-version-ready': told(ready),
  'home-version-waits': told({ ...ready, coming: { is: 'waits', why: 'agent-busy' } }),
  'home-version-urgent': {
    snapshot: {
      ...good,
      light: 'danger',
      openClawVersion: '2026.6.1',
      rows: rowsBut({
        'agent-version': row(
          'agent-version',
          broken('danger', 'version-unsafe', { version: '2026.6.1', weaknesses: '< 2026.6.11' }, [
            saw('version-running', { version: '2026.6.1' }),
          ]),
        ),
      }),
      versionNews: { ...ready, urgent: true, coming: { is: 'by-hand' } },
    },
  },
  'home-version-postponed': told({ is: 'postponed', version: '2026.9.7', until: lookedAt + 7 * day }),
  'home-version-failed': {
    snapshot: {
      ...good,
      light: 'attention',
      rows: rowsBut({
        'automatic-updates': row(
          'automatic-updates',
          broken('attention', 'update-failed', { version: '2026.9.7' }, [
            saw('update-failed', { version: '2026.9.7' }),
          ]),
        ),
      }),
      versionNews: { is: 'failed', version: '2026.9.7', why: 'not-ready', at: lookedAt - 3_600_000 },
    },
  },
  'home-version-watched': told({ is: 'watched', version: '2026.9.7', until: lookedAt + 240_000 }),
  'home-version-updated': {
    snapshot: {
      ...good,
      openClawVersion: '2026.9.7',
      versionNews: {
        is: 'updated',
        version: '2026.9.7',
        from: '2026.9.6',
        at: lookedAt - 4 * 3_600_000,
        untrustedNotes: [
          'Updates: complete managed Gateway upgrades after installation paths change, and let normal work finish.',
          'Restart recovery: recover stranded conversations, and preserve active work during restarts.',
          'Usage: restore a complete 30-day history view.',
        ],
      },
    },
    go: 'notes',
  },
  'home-private': { snapshot: withPrivate },
  'home-private-open': { snapshot: withPrivate, go: 'private-files' },
  'home-private-settled': {
    snapshot: {
      ...good,
      rows: rowsBut({
        'private-data': row('private-data', {
          is: 'ok',
          evidence: evidence['private-data'],
          notes: [
            { code: 'files-left', facts: { count: 1 } },
            { code: 'files-unreadable', facts: { count: 3 } },
          ],
        }),
      }),
      privateFiles: { ...privateFiles, found: { shown: [], total: 0 } },
    },
    go: 'private-files',
  },
  'home-private-searching': {
    snapshot: {
      ...good,
      light: 'unknown',
      rows: rowsBut({
        'private-data': row('private-data', {
          is: 'unknown',
          why: 'search-not-whole',
          facts: { count: 48_213 },
          evidence: [saw('files-searched', { count: 48_213 })],
        }),
      }),
    },
  },
  'home-private-moving': {
    snapshot: {
      ...withPrivate,
      light: 'working',
      work: {
        is: 'running',
        job: 'fix',
        safeguard: 'private-data',
        step: 'moving-files',
        progress: { done: 7, of: 61, unit: 'files', secondsLeft: null },
        canCancel: true,
      },
    },
  },
  'done-private': { snapshot: { ...withPrivate, choices: { ...good.choices, movedIn: false } } },
  'home-app-ready': { snapshot: newerApp },
  'home-app-aside': { snapshot: appAside },
  settings: { snapshot: good, go: 'settings' },
  'settings-computer': {
    snapshot: { ...good, choices: { ...good.choices, otherComputer: laptop } },
    go: 'which-computer',
  },
  'home-computer-unreachable': {
    snapshot: {
      ...good,
      light: 'unknown',
      choices: { ...good.choices, engine: 'SSH', otherComputer: laptop },
      rows: good.rows.map((each) =>
        each.id === 'engine-ready'
          ? row('engine-ready', {
              is: 'unknown',
              why: 'computer-unreachable',
              facts: { host: laptop.host },
              evidence: [saw('computer-silent', { host: laptop.host })],
            })
          : each,
      ),
    },
  },
  'home-dedicated': { snapshot: { ...good, choices: { ...good.choices, isDedicated: true } } },
  'home-dedicated-lived-in': {
    snapshot: {
      ...good,
      light: 'attention',
      choices: { ...good.choices, isDedicated: true },
      rows: good.rows.map((each) =>
        each.id === 'computer-dedicated'
          ? row('computer-dedicated', broken('attention', 'computer-lived-in'))
          : each,
      ),
    },
  },
  'home-computer-other-key': {
    snapshot: {
      ...good,
      light: 'danger',
      choices: { ...good.choices, engine: 'SSH', otherComputer: laptop },
      rows: good.rows.map((each) =>
        each.id === 'engine-ready'
          ? row('engine-ready', broken('danger', 'computer-other-key', { host: laptop.host }))
          : each,
      ),
    },
  },
  'settings-moved': { snapshot: { ...good, formerHome: 'Docker' }, go: 'settings' },
  'settings-app-ready': { snapshot: newerApp, go: 'settings' },
  'settings-app-aside': { snapshot: appAside, go: 'settings' },
  'settings-beta': {
    snapshot: { ...good, choices: { ...good.choices, channel: 'beta', automaticUpdates: false } },
    go: 'settings',
  },
  'backups-none': { snapshot: good, go: 'backups' },
  backups: { snapshot: { ...good, backups }, go: 'backups' },
  'backups-save': { snapshot: { ...good, backups }, go: 'backups-save' },
  'backups-bring': { snapshot: { ...good, backups }, go: 'backups-bring' },
  'home-proven': { snapshot: { ...good, proof: proven({ 'cloud-metadata': nobodyThere }) } },
  'home-proof-failed': {
    snapshot: { ...good, proof: proven({ 'host-addresses': { is: 'got-through', witness: 'outside' } }) },
  },
  'proof-never': { snapshot: good, go: 'proof' },
  'proof-under-way': {
    snapshot: { ...good, light: 'working', work: proving, proof: proofUnderWay },
    go: 'proof',
  },
  proof: { snapshot: { ...good, proof: proven() }, go: 'proof' },
  'proof-untried': {
    snapshot: {
      ...good,
      proof: proven({
        'cloud-metadata': nobodyThere,
        'local-network': nobodyThere,
        'much-memory': { is: 'could-not-try', why: 'little-memory' },
      }),
    },
    go: 'proof',
  },
  'proof-through': {
    snapshot: {
      ...good,
      light: 'danger',
      rows: dangerRows,
      proof: proven({
        su: { is: 'got-through', witness: 'outside' },
        'write-programs': { is: 'got-through', witness: 'inside' },
        'host-addresses': { is: 'got-through', witness: 'outside' },
        'cloud-metadata': nobodyThere,
      }),
    },
    go: 'proof',
  },
  'remove-listing': { snapshot: good, go: 'remove' },
  remove: { snapshot: { ...good, removal }, go: 'remove' },
  'remove-sure': { snapshot: { ...good, removal }, go: 'remove-sure' },
  removed: { snapshot: { ...good, removal }, go: 'removed' },
  removing: {
    snapshot: {
      ...good,
      light: 'working',
      removal,
      work: {
        is: 'running',
        job: 'remove',
        safeguard: null,
        step: 'removing-home',
        progress: null,
        canCancel: false,
      },
    },
  },
};
