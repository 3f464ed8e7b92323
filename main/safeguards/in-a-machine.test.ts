/** The whole table, on a home that is in a machine of its own: what each row says of it, and whether that is true there. */
import { beforeEach, describe, expect, it } from 'vitest';
import { createApp } from '../app.ts';
import type { Finding, Intent, SafeguardId } from '../contract.ts';
import { safeguardIds } from '../contract.ts';
import { isSettled } from '../readings.ts';
import { type DistroTest, openDistroDoors } from '../testing/distro.ts';
import { settle } from '../testing/doors.ts';
import { appVersion, createMachine } from '../testing/machine.ts';
import { blankIn } from '../testing/sentences.ts';
import { translator } from '../text.ts';
import { checkOne } from '../work/inspect.ts';
import { safeguards } from './index.ts';

const day = 24 * 3_600_000;
/** What this family of engines gives no way to look into, see private-data/places.ts. */
const outOfReach: readonly SafeguardId[] = ['private-data'];

let test: DistroTest;

async function act(intent: Intent) {
  const app = createApp(test.doors, appVersion);
  const stop = app.state.subscribe(({ work }) => {
    if (work.is === 'asking') setImmediate(() => void app.act({ do: 'answer', answer: { is: 'yes' } }));
  });
  const reply = await app.act(intent);
  if (!reply.ok) throw new Error(JSON.stringify(reply.problem));
  const ending = await app.settled();
  stop();
  await settle();
  return ending;
}

/** What one row finds, with all that its sentences need. */
async function look(id: SafeguardId): Promise<Finding> {
  const safeguard = safeguards.find((row) => row.id === id);
  if (!safeguard) throw new Error(`no row ${id}`);
  const finding = await checkOne(safeguard, test.doors, new AbortController().signal);
  expect(blankIn(finding)).toEqual([]);
  return finding;
}

/** Everything that a person reads of a finding. */
function wordsOf(finding: Finding): string[] {
  return (['en', 'zh-CN'] as const).flatMap((language) => {
    const say = translator(language, 'QEMU');
    return [
      ...('why' in finding ? [say(`reason.${finding.why}`, finding.facts)] : []),
      ...finding.evidence.map(({ code, facts }) => say(`evidence.${code}`, facts)),
      ...(finding.is === 'ok' ? finding.notes.map(({ code, facts }) => say(`note.${code}`, facts)) : []),
    ];
  });
}

beforeEach(async () => {
  test = await openDistroDoors(createMachine());
  expect(await act({ do: 'set-up', consent: [] })).toMatchObject({ is: 'done' });
  await act({ do: 'move-in' });
});

it('is set up and healthy: every row is green, and says what was really looked at', async () => {
  for (const id of safeguardIds) {
    const finding = await look(id);
    if (outOfReach.includes(id)) expect([id, finding]).toMatchObject([id, { why: 'workspace-shut' }]);
    else expect([id, isSettled(finding), finding]).toEqual([id, true, finding]);
    for (const words of wordsOf(finding)) expect(words).not.toMatch(/container|Podman|Docker|容器/i);
  }
});

it('says of the walls what was seen around the machine as well as in it', async () => {
  const codes = (await look('sandbox-hardened')).evidence.map(({ code }) => code);
  expect(codes).toEqual(
    expect.arrayContaining(['process-capabilities', 'process-seccomp', 'machine-confined', 'memory-limit']),
  );
  expect(await look('agent-account')).toMatchObject({
    evidence: [{ facts: { process: 'openclaw', uid: 1000, hostUid: 1000 } }, { facts: { count: 0 } }],
  });
});

const proc = (end: string, from: RegExp, to: string) => () =>
  void test.bench.proc.set(end, (text) => {
    expect(text).toMatch(from);
    return text.replace(from, to);
  });

describe('a weakened home', () => {
  it.each<[SafeguardId, string, () => unknown]>([
    [
      'not-administrator',
      'danger runs-as-administrator',
      () => Object.assign(test.machine, { isAdministrator: true }),
    ],
    ['room-to-work', 'attention home-clock-off', () => Object.assign(test.bench, { ahead: -day })],
    ['folder-dedicated', 'danger folder-not-the-only-one', () => addFolder('/home/ada/Music')],
    ['folder-dedicated', 'danger folder-holds-home', () => addFolder('/home/ada')],
    [
      'folder-dedicated',
      'danger folder-not-the-only-one',
      proc('700/mountinfo', /$/, '109 100 0:77 / /mnt/more rw - 9p more rw\n'),
    ],
    [
      'private-data',
      'danger private-file-found',
      () =>
        test.machine.privateFiles.push({
          place: 'shared',
          untrustedPath: 'card.txt',
          untrustedWithin: null,
          kinds: ['bank-card'],
          bytes: 1,
          changedAt: 1,
        }),
    ],
    [
      'sandbox-hardened',
      'danger home-has-capabilities',
      proc('700/status', /CapBnd:\t0+/, 'CapBnd:\t0000000000000400'),
    ],
    [
      'sandbox-hardened',
      'danger home-can-gain-privileges',
      proc('700/status', /NoNewPrivs:\t1/, 'NoNewPrivs:\t0'),
    ],
    ['sandbox-hardened', 'danger home-unfiltered-calls', proc('700/status', /Seccomp:\t2/, 'Seccomp:\t0')],
    [
      'sandbox-hardened',
      'danger home-root-writable',
      proc('700/mountinfo', /ro,nosuid,nodev - overlay overlay ro/, 'rw - overlay overlay rw'),
    ],
    [
      'sandbox-hardened',
      'danger home-can-gain-privileges',
      () => test.bench.shown.set('NoNewPrivileges', 'no'),
    ],
    ['sandbox-hardened', 'danger home-privileged', () => test.bench.shown.set('RootDirectory', '')],
    ['sandbox-hardened', 'attention home-unlimited', proc('memory.max', /\d+/, 'max')],
    [
      'sandbox-hardened',
      'danger machine-unconfined',
      () => Object.assign(test.bench.seen, { unconfined: ['seccomp filter'] }),
    ],
    ['agent-account', 'danger agent-is-root', proc('700/status', /^Uid:.*$/m, 'Uid:\t0\t0\t0\t0')],
    ['agent-account', 'danger agent-in-admin-group', proc('700/status', /^Groups:.*$/m, 'Groups:\t0 1000')],
    ['agent-account', 'danger agent-can-become-root', () => test.bench.programs.push('sudo')],
    ['host-powers-off', 'danger desktop-inside', () => addFolder('/run/user/1000')],
    ['gateway-running', 'attention gateway-stopped', () => crash(1)],
    ['gateway-running', 'attention config-broken', () => crash(78)],
    ['network-fenced', 'danger network-open', () => test.machine.home?.holes.add('192.168.1.1')],
    [
      'gateway-local-only',
      'danger published-to-network',
      () =>
        Object.assign(test.bench.seen, { ports: [{ address: '0.0.0.0', port: 18_789, insidePort: 18_789 }] }),
    ],
    [
      'gateway-local-only',
      'danger reachable-from-network',
      () => test.machine.openAddresses.add('192.168.1.20'),
    ],
    [
      'gateway-locked',
      'attention gateway-other-token',
      () => Object.assign(test.machine, { vault: 'x'.repeat(40) }),
    ],
    ['gateway-locked', 'danger token-weak', () => Object.assign(test.machine, { vault: 'short' })],
    [
      'host-clean',
      'attention host-port-held',
      () => {
        crash(1);
        test.machine.squatters.set(test.machine.choices.port, 'nginx');
      },
    ],
    [
      'skills-trusted',
      'danger skills-not-approved',
      () =>
        test.machine.skills?.push({
          kind: 'skill',
          name: 'evil',
          path: 'skills/evil',
          keys: ['evil'],
          hash: 'a'.repeat(64),
          isOn: true,
        }),
    ],
    [
      'settings-agreed',
      'attention settings-changed',
      () => Object.assign(test.machine.state?.config ?? {}, { model: 'another' }),
    ],
    [
      'openclaw-audit',
      'danger audit-files',
      () => test.machine.critical.set('2026.9.6', ['fs.config.perms_world_readable']),
    ],
    [
      'sandbox-patched',
      'attention own-system-by-hand',
      () => test.bench.fixes.set('automatic', 'no apt-daily-upgrade.timer'),
    ],
    [
      'sandbox-patched',
      'attention own-system-restart',
      () => test.bench.fixes.set('restart', String(test.machine.now / 1000 - 9 * 86_400)),
    ],
    ['automatic-updates', 'attention updates-off', () => saveChoice({ automaticUpdates: false })],
    [
      'backup-recent',
      'attention backup-missing',
      () => Object.assign(test.machine, { now: test.machine.now + 30 * day }),
    ],
    [
      'app-current',
      'attention app-behind',
      () =>
        Object.assign(test.machine, {
          receipts: {
            ...test.machine.receipts,
            appLook: { newest: '9.0.0', safeFrom: null, at: test.machine.now, since: test.machine.now },
          },
        }),
    ],
  ])('is red in the row %s: %s', async (id, result, weaken) => {
    await weaken();
    const finding = await look(id);
    expect(finding.is === 'broken' ? `${finding.gravity} ${finding.why}` : JSON.stringify(finding)).toBe(
      result,
    );
    for (const words of wordsOf(finding)) expect(words).not.toMatch(/container|容器/i);
  });

  it.each<[SafeguardId, string, () => unknown]>([
    ['sandbox-hardened', 'process-unreadable', () => test.bench.silentTools.add('look')],
    ['agent-account', 'process-unreadable', () => test.bench.silentTools.add('look')],
    ['sandbox-patched', 'own-system-unreadable', () => test.bench.silentTools.add('fixes')],
    ['skills-trusted', 'skills-unreadable', () => Object.assign(test.machine, { skills: null })],
  ])('that can’t be looked into is grey in the row %s, never green or red', async (id, why, silence) => {
    silence();
    expect(await look(id)).toMatchObject({ is: 'unknown', why });
  });
});

describe('a faulty machine', () => {
  const known = ['my name is Ada'];
  beforeEach(() => test.machine.state?.memories.push(...known));

  it.each<[string, DistroTest['bench']['fault'], SafeguardId, string]>([
    [
      'whose disk is damaged',
      { why: 'disk-damaged', detail: 'no qcow2' },
      'sandbox-exists',
      'home-disk-damaged',
    ],
    ['whose base is cut off', { why: 'disk-damaged', detail: 'base' }, 'sandbox-exists', 'home-disk-damaged'],
    ['that shows another key', { why: 'host-key-changed', detail: '' }, 'sandbox-exists', 'home-key-changed'],
    ['that is held still', { why: 'host-disk-full', detail: 'io-error' }, 'room-to-work', 'home-held-still'],
    ['that hangs', { why: 'gives-no-answer', detail: 'silent' }, 'engine-ready', 'engine-no-answer'],
    [
      'that can’t go on',
      { why: 'no-virtualization', detail: 'internal-error' },
      'engine-ready',
      'engine-virtualization-broken',
    ],
  ])(
    '%s is one red row with its own reason, and one click mends it without a loss',
    async (_, fault, id, why) => {
      if (fault?.why === 'disk-damaged') {
        test.bench.isUp = false;
        crash(0);
      }
      test.bench.fault = fault;
      const app = createApp(test.doors, appVersion);
      await app.look();
      const own = app.state
        .get()
        .rows.filter(({ finding, blame }) => blame === null && finding?.is === 'broken');
      expect(own.map((row) => [row.id, row.finding && 'why' in row.finding && row.finding.why])).toEqual([
        [id, why],
      ]);
      // What stands on it is not called sound meanwhile.
      for (const other of ['sandbox-hardened', 'agent-account', 'gateway-running'] as const)
        expect(await look(other)).not.toMatchObject({
          is: 'ok',
          evidence: [{ code: 'process-capabilities' }],
        });
      expect(await act({ do: 'fix-all' })).toMatchObject({ is: 'done' });
      for (const each of safeguardIds.filter((row) => !outOfReach.includes(row)))
        expect([each, isSettled(await look(each))]).toEqual([each, true]);
      expect(test.machine.state?.memories).toEqual(known);
      expect(test.machine.home?.isRunning).toBe(true);
    },
  );

  it('of which nothing is left is made anew', async () => {
    test.bench.fault = { why: 'disk-damaged', detail: 'good' };
    test.bench.mended = { is: 'gone' };
    expect(await act({ do: 'fix-all' })).toMatchObject({ is: 'done' });
    expect(await look('sandbox-exists')).toMatchObject({ is: 'ok' });
    expect(test.machine.home?.isRunning).toBe(true);
  });

  it('that is killed comes back by the row about OpenClaw', async () => {
    Object.assign(test.bench, { isUp: false });
    Object.assign(test.machine.home ?? {}, { isRunning: false, startedAt: null, exitCode: null });
    expect(await look('gateway-running')).toMatchObject({ is: 'broken', why: 'gateway-stopped' });
    expect(await act({ do: 'fix', id: 'gateway-running' })).toMatchObject({ is: 'done' });
    expect(await look('gateway-running')).toMatchObject({ is: 'ok' });
    expect(test.machine.state?.memories).toEqual(known);
  });

  it('whose port was taken meanwhile moves to another one', async () => {
    const { port } = test.machine.choices;
    Object.assign(test.bench, { isUp: false });
    Object.assign(test.machine.home ?? {}, { isRunning: false, startedAt: null, exitCode: null });
    test.machine.squatters.set(port, 'nginx');
    expect(await look('gateway-running')).toMatchObject({
      is: 'broken',
      why: 'port-taken',
      facts: { port, program: 'nginx' },
    });
    expect(await act({ do: 'fix', id: 'gateway-running' })).toMatchObject({ is: 'done' });
    expect(test.machine.choices.port).not.toBe(port);
    expect(await look('gateway-running')).toMatchObject({ is: 'ok' });
    expect(test.machine.state?.memories).toEqual(known);
  });

  it('whose process is not held in begins anew in its jail', async () => {
    Object.assign(test.bench.seen, { unconfined: ['net namespace'] });
    expect(await act({ do: 'fix', id: 'sandbox-hardened' })).toMatchObject({ is: 'done' });
    expect(await look('sandbox-hardened')).toMatchObject({ is: 'ok' });
  });
});

function addFolder(path: string): void {
  test.machine.folders.add(path);
  Object.assign(test.bench.seen, { sharedFolders: [test.machine.choices.sharedFolder, path] });
}

function crash(exitCode: number): void {
  Object.assign(test.machine.home ?? {}, { isRunning: false, startedAt: null, exitCode });
}

const saveChoice = (change: object) =>
  Object.assign(test.machine, { choices: { ...test.machine.choices, ...change } });
