import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Choices } from '../contract.ts';
import { systemClock } from './clock.ts';
import { ownByMode } from './own-only.ts';
import { createStore } from './store.ts';
import { testFolder } from './test-folder.ts';
import { createVault } from './vault.ts';

const defaults: Choices = {
  engine: 'Podman',
  otherComputer: null,
  isDedicated: false,
  language: 'zh-CN',
  appearance: 'system',
  startAtLogin: true,
  model: { provider: 'later' },
  port: 18_789,
  sharedFolder: '/home/anna/OpenClaw',
  agreed: false,
  movedIn: false,
  stopped: false,
  nearbyServices: [],
  channel: 'stable',
  automaticUpdates: true,
  updateHour: 3,
  postponedUntil: null,
};

describe('what ClawCove keeps', () => {
  let folder: string;
  let errors: string[];
  const open = () =>
    createStore({
      folder,
      defaults,
      clock: { ...systemClock, now: () => 1_795_000_000_000 },
      log: { info() {}, error: (message) => errors.push(message) },
    });
  const at = (...parts: string[]) => join(folder, ...parts);

  beforeEach(async () => {
    folder = join(await testFolder(), 'clawcove');
    errors = [];
  });

  it('is nothing before there is something to keep', async () => {
    const store = open();
    expect(store.choices()).toEqual(defaults);
    expect(store.receipts()).toEqual({
      sandbox: null,
      folderMade: null,
      engineInstalled: false,
      lastLook: null,
      npmWord: null,
      appLook: null,
      appRefusal: null,
      takenFiles: [],
      leftFiles: [],
      approvedSkills: [],
      proof: null,
      strangeBeforeWork: null,
      hostMove: null,
      homeMove: null,
      wentBack: null,
    });
    await expect(readdir(folder)).rejects.toThrow();
    expect(errors).toEqual([]);
  });

  it('has files that were moved away or may stay; such a list that is damaged takes nothing else with it', async () => {
    const place = { place: 'shared', untrustedPath: 'a\u202e/\udc80.txt' } as const;
    const kept = { keptFolder: '/home/ada/kept', keptName: '_.txt', at: 1 };
    const takenFiles = [{ ...place, folder: '/home/ada/OpenClaw', ...kept }];
    const leftFiles = [{ ...place, bytes: 1, changedAt: 2.5, kinds: ['passport' as const] }];
    await open().saveReceipts({ takenFiles, leftFiles, folderMade: '/home/ada/OpenClaw' });
    expect(open().receipts()).toMatchObject({ takenFiles, leftFiles });
    const written = JSON.parse(await readFile(at('receipts.json'), 'utf8'));
    await writeFile(at('receipts.json'), JSON.stringify({ ...written, takenFiles: 'none' }));
    expect(open().receipts()).toMatchObject({ takenFiles: [], leftFiles, folderMade: '/home/ada/OpenClaw' });
    expect(errors).toEqual([]);
  });

  it('is there again after a restart, for this person alone', async () => {
    await open().saveChoices({ port: 20_000, agreed: true });
    await open().saveReceipts({ sandbox: { image: 'i@sha256:1', version: '2026.9.6', madeAt: 5 } });
    expect(open().choices()).toEqual({ ...defaults, port: 20_000, agreed: true });
    expect(open().receipts().sandbox?.version).toBe('2026.9.6');
    const mode = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);
    expect([await mode(folder), await mode(at('choices.json')), await mode(at('receipts.json'))]).toEqual([
      '700',
      '600',
      '600',
    ]);
  });

  it('keeps every change of many at once', async () => {
    const store = open();
    await Promise.all([
      store.saveChoices({ port: 20_001 }),
      store.saveChoices({ agreed: true }),
      store.saveChoices({ language: 'en' }),
    ]);
    expect(open().choices()).toMatchObject({ port: 20_001, agreed: true, language: 'en' });
  });

  it('refuses what makes no sense, and keeps what was', async () => {
    const store = open();
    await expect(store.saveChoices({ port: 80 })).rejects.toThrow();
    expect(store.choices().port).toBe(18_789);
  });

  it.each([
    ['half a file', '{"port": 20'],
    ['another kind of thing', '[1, 2]'],
    ['a value out of range', '{"port": 1}'],
    ['nothing', ''],
  ])('sets %s aside and says so', async (_, text) => {
    await mkdir(folder, { recursive: true });
    await writeFile(at('choices.json'), text);
    expect(open().choices()).toEqual(defaults);
    expect(await readFile(at('choices.json.unreadable-1795000000000'), 'utf8')).toBe(text);
    expect(errors).toHaveLength(1);
  });

  it('connects no service that it does not accept, and keeps every other choice', async () => {
    const model = { provider: 'custom', baseUrl: 'https://api.openai.com@evil.example/v1', modelId: 'm' };
    await mkdir(folder, { recursive: true });
    await writeFile(at('choices.json'), JSON.stringify({ port: 20_004, model }));
    expect(open().choices()).toEqual({ ...defaults, port: 20_004, model: { provider: 'later' } });
    expect(errors).toEqual([]);
  });

  it('understands files of other versions of itself', async () => {
    await mkdir(folder, { recursive: true });
    await writeFile(at('choices.json'), '{"port": 20002, "somethingNew": true}');
    expect(open().choices()).toEqual({ ...defaults, port: 20_002 });
  });

  it.each([
    ['lastLook', { channel: 'canary', newest: null, at: 1, since: 1 }],
    ['npmWord', { ceilings: {}, takenBack: 'none', at: 1 }],
    ['appLook', { newest: 7 }],
    ['appRefusal', { why: 'app-too-new-a-reason', at: 1 }],
    ['proof', { at: 1, version: '2026.9.6', attempts: [{ id: 'fly', guide: 'isolated', result: {} }] }],
  ])('forgets a word that it does not understand, and nothing else: %s', async (name, word) => {
    const sandbox = { image: 'i@sha256:1', version: '2026.9.6', madeAt: 5 };
    const lastLook = { channel: 'beta', newest: '2026.9.7', at: 1, since: 1 };
    await mkdir(folder, { recursive: true });
    await writeFile(at('receipts.json'), JSON.stringify({ sandbox, lastLook, [name]: word }));
    expect(open().receipts()).toMatchObject({
      sandbox,
      lastLook: name === 'lastLook' ? null : lastLook,
      [name]: null,
    });
    expect(await readdir(folder)).toEqual(['receipts.json']);
    expect(errors).toEqual([]);
  });

  it('believes no receipt of the home that it does not understand', async () => {
    await mkdir(folder, { recursive: true });
    await writeFile(at('receipts.json'), '{"sandbox": {"image": 7}}');
    expect(open().receipts().sandbox).toBeNull();
    expect(await readdir(folder)).toEqual(['receipts.json.unreadable-1795000000000']);
  });

  it('keeps the journal of updates; one that can’t be read says that there was one', async () => {
    expect(open().updates()).toEqual({ open: null, failed: null, last: null });
    await open().saveUpdates({ open: { stage: 'preparing' } });
    expect(open().updates().open).toEqual({ stage: 'preparing' });
    await writeFile(at('updates.json'), '{"open": {"stage": "try');
    expect(open().updates().open).toEqual({ stage: 'lost' });
    expect(await readdir(folder)).toContain('updates.json.unreadable-1795000000000');
  });

  it('goes when told to, the backups only when told so', async () => {
    const store = open();
    await store.saveChoices({ port: 20_003 });
    await createVault(at('vault'), ownByMode).write('gateway-token', 'secret');
    for (const name of ['backups', 'download', 'window']) await mkdir(at(name), { recursive: true });
    await writeFile(at('clawcove.log'), 'log');
    await store.clear({ keepBackups: true });
    expect((await readdir(folder)).sort()).toEqual(['backups', 'clawcove.log', 'window']);
    expect(store.choices()).toEqual(defaults);
    await store.clear({ keepBackups: false });
    expect((await readdir(folder)).sort()).toEqual(['clawcove.log', 'window']);
    expect(store.backupFolder).toBe(at('backups'));
  });
});

describe('the vault', () => {
  it('keeps a secret for this person alone, until it is forgotten', async () => {
    const folder = join(await testFolder(), 'vault');
    const vault = createVault(folder, ownByMode);
    expect(await vault.read('gateway-token')).toBeNull();
    await vault.write('gateway-token', 'a token');
    await vault.write('gateway-token', 'another token');
    expect(await createVault(folder, ownByMode).read('gateway-token')).toBe('another token');
    const mode = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);
    expect([await mode(folder), await mode(join(folder, 'gateway-token'))]).toEqual(['700', '600']);
    await vault.forget('gateway-token');
    await vault.forget('gateway-token');
    expect(await vault.read('gateway-token')).toBeNull();
    expect(await readdir(folder)).toEqual([]);
  });
});
