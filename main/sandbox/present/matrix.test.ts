/** Every sample of what engines print, and what comes of it: the right answer, and the right sentence in both languages. */
import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../doors.ts';
import { exited, strictRun } from '../../host/strict-run.ts';
import { translator } from '../../text.ts';
import { fixture } from '../fixtures.ts';
import { dockerTenants, dockerTrouble, isDesktop } from './docker.ts';
import { lookForEngines, type Places, placesOnMac } from './look.ts';
import { multipassMachines } from './multipass.ts';
import { podmanMachineFrom } from './podman-machine.ts';
import { type Found, type Presence, type PresentEngine, presentEngines } from './presence.ts';
import { sentenceOf } from './sentence.ts';
import { transcript } from './transcript.ts';
import { isRunning, virtualMachines } from './virtualbox.ts';

const signal = new AbortController().signal;
const notFound: Outcome = { is: 'not-found' };
const programs: Record<PresentEngine, string> = {
  docker: 'docker',
  'podman-machine': 'podman',
  'apple-container': 'container',
  multipass: 'multipass',
  virtualbox: 'VBoxManage',
};
const nowhere: Places = {
  docker: [],
  'podman-machine': [],
  'apple-container': [],
  multipass: [],
  virtualbox: [],
};

const used = new Set<string>();
const sample = (name: string) => {
  used.add(name);
  return fixture(name);
};
const recorded = (name: string) => {
  used.add(name);
  return transcript(name);
};

/** Sentences in both languages, with every blank filled. */
function sentences(found: Found): string[] {
  return (['en', 'zh-CN'] as const).map((language) => {
    const sentence = sentenceOf(found, translator(language));
    expect(sentence).not.toMatch(/\{\{|present\./);
    expect(sentence).toContain(found.name);
    return sentence;
  });
}

async function lookOnlyFor(engine: PresentEngine, answers: Record<string, Outcome>): Promise<Found> {
  const { run } = strictRun(answers);
  const [found, ...others] = await lookForEngines({ ...nowhere, [engine]: [programs[engine]] }, run, signal);
  if (!found || others.length > 0) throw new Error('looked for something else');
  return found;
}

// Docker

const dockerVersion = 'docker version --format {{json .}}';
const dockerInfo = 'docker info --format {{json .}}';
const dockerPs = 'docker ps --all --format {{json .}}';
const dockerRuns = recorded('docker/version-json.running.txt');
const dockerServer = (version: string) =>
  exited(
    0,
    JSON.stringify({ Client: { Version: '29.1.0' }, Server: { Version: version, Platform: { Name: '' } } }),
  );
const desktopInfo = exited(0, sample('docker/info.docker-desktop.constructed.json.txt'));
const engineInfo = exited(0, sample('docker/info.linux-engine-20.10.recorded.json.txt'));
const noContainers = recorded('docker/ls-none.txt').outcome;
const dockerContexts = 'docker context ls --format {{json .}}';
const contextHere = recorded('docker/context-ls.txt');
const contextAt = (endpoint: string) =>
  exited(
    0,
    `{"Current":false,"DockerEndpoint":"unix:///x","Name":"default"}\n{"Current":true,"DockerEndpoint":"${endpoint}","Name":"c"}\n`,
  );

// Podman

const podmanVersion = 'podman --version';
const podmanList = 'podman machine list --format json';
const podman = (list: Outcome, version = '5.6.2') => ({
  [podmanVersion]: exited(0, `podman version ${version}\n`),
  [podmanList]: list,
});
const [noMachines = ''] = sample('podman-machine/machine-list.none.recorded.txt').match(/^\[\]/m) ?? [];
const podmanErrors = sample('podman-machine/machine.errors.constructed.txt')
  .split('\n')
  .filter((line) => line.startsWith('Error: '));

// Apple container

const status = 'container system status --format json';
const appleList = 'container list --all --format json';
const appleRuns = exited(0, sample('apple-container/system-status.running.constructed.json.txt'));
const appleDown = sample('apple-container/any.apiserver-down.stderr.constructed.txt');
const appleHome = [{ untrustedName: 'openclaw-home', isRunning: true }];

// Multipass

const multipassVersion = 'multipass version --format json';
const multipassList = 'multipass list --format json';
const multipassRuns = exited(0, sample('multipass/version.constructed.json.txt'));
const multipassDown = (system: string, order: string) =>
  exited(2, '', sample(`multipass/${order}.daemon-down.${system}.recorded.stderr.txt`));

// VirtualBox

const boxVersion = 'VBoxManage --version';
const boxList = 'VBoxManage list vms';
const boxId = '1a2b3c4d-1111-2222-3333-444455556666';

type Row = [situation: string, engine: PresentEngine, answers: Record<string, Outcome>, presence: Presence];
const rows: Row[] = [
  ['no Docker', 'docker', { [dockerVersion]: notFound }, { is: 'absent' }],
  [
    'Docker runs, and is the engine alone',
    'docker',
    {
      [dockerRuns.line]: dockerRuns.outcome,
      [contextHere.line]: contextHere.outcome,
      [dockerInfo]: engineInfo,
      [dockerPs]: noContainers,
    },
    { is: 'ready', version: '20.10.24+dfsg1', tenants: [] },
  ],
  [
    'Docker Desktop runs, with a container in it',
    'docker',
    {
      [dockerVersion]: dockerServer('29.1.0'),
      [dockerContexts]: contextAt('unix:///Users/anna/.docker/run/docker.sock'),
      [dockerInfo]: desktopInfo,
      [dockerPs]: recorded('docker/ps-json.txt').outcome,
    },
    { is: 'ready', version: '29.1.0', tenants: [{ untrustedName: 'openclaw-home', isRunning: false }] },
  ],
  [
    'Docker is down',
    'docker',
    { [dockerVersion]: recorded('docker/version-json.daemon-down.txt').outcome },
    { is: 'not-running' },
  ],
  [
    'Docker is down, by its other question',
    'docker',
    { [dockerVersion]: recorded('docker/info-json.daemon-down.txt').outcome },
    { is: 'not-running' },
  ],
  [
    'Docker is down, in plain text',
    'docker',
    { [dockerVersion]: recorded('docker/info.daemon-down.txt').outcome },
    { is: 'not-running' },
  ],
  [
    'Docker is down, by its list',
    'docker',
    { [dockerVersion]: recorded('docker/ps.daemon-down.txt').outcome },
    { is: 'not-running' },
  ],
  [
    'Docker Desktop is stopped on Windows',
    'docker',
    { [dockerVersion]: exited(1, '', sample('docker/ps.desktop-stopped.windows.recorded.stderr.txt')) },
    { is: 'not-running' },
  ],
  [
    'Docker may not be used',
    'docker',
    { [dockerVersion]: recorded('docker/ps.permission-denied.txt').outcome },
    { is: 'not-permitted' },
  ],
  [
    'Docker may not be used, by its other question',
    'docker',
    { [dockerVersion]: recorded('docker/info-json.permission-denied.txt').outcome },
    { is: 'not-permitted' },
  ],
  [
    'Docker may not be used, as newer ones word it',
    'docker',
    {
      [dockerVersion]: exited(
        1,
        '',
        'permission denied while trying to connect to the docker API at unix:///var/run/docker.sock',
      ),
    },
    { is: 'not-permitted' },
  ],
  ...['ssh://anna@nas.local', 'tcp://192.168.1.9:2376'].map(
    (endpoint): Row => [
      `a Docker that works at ${endpoint}`,
      'docker',
      { [dockerVersion]: dockerServer('29.1.0'), [dockerContexts]: contextAt(endpoint) },
      { is: 'elsewhere' },
    ],
  ),
  [
    'an old Docker',
    'docker',
    { [dockerVersion]: dockerServer('19.03.15') },
    { is: 'too-old', version: '19.03.15', needs: '20.10.0' },
  ],
  [
    'a Docker without a number',
    'docker',
    { [dockerVersion]: dockerServer('dev') },
    { is: 'too-old', version: 'dev', needs: '20.10.0' },
  ],
  [
    'a Docker that hangs',
    'docker',
    { [dockerVersion]: { is: 'timed-out' } },
    { is: 'unknown', detail: 'no answer in time' },
  ],
  [
    'a Docker that dies',
    'docker',
    { [dockerVersion]: { is: 'killed', by: 'SIGSEGV' } },
    { is: 'unknown', detail: 'SIGSEGV' },
  ],
  [
    'a Docker that prints something else',
    'docker',
    { [dockerVersion]: exited(0, 'hello') },
    { is: 'unknown', detail: 'exit code 0' },
  ],
  [
    'a Docker without a server that says why not',
    'docker',
    { [dockerVersion]: exited(0, '{"Client":{},"Server":null}', 'a novel reason\n') },
    { is: 'unknown', detail: 'a novel reason' },
  ],

  ['no Podman', 'podman-machine', { [podmanVersion]: notFound }, { is: 'absent' }],
  ['Podman without a machine', 'podman-machine', podman(exited(0, noMachines)), { is: 'not-set-up' }],
  [
    'Podman with a machine that rests',
    'podman-machine',
    podman(exited(0, sample('podman-machine/machine-list.doc.json.txt'))),
    { is: 'not-running' },
  ],
  [
    'Podman with a machine that runs, and another',
    'podman-machine',
    podman(exited(0, sample('podman-machine/machine-list.v5-6.constructed.json.txt')), '6.0.0-rc1'),
    {
      is: 'ready',
      version: '6.0.0-rc1',
      tenants: [
        { untrustedName: 'openclaw-home', isRunning: true },
        { untrustedName: 'other', isRunning: false },
      ],
    },
  ],
  [
    'a Podman machine that is just starting',
    'podman-machine',
    podman(exited(0, '[{"Name":"m","Running":false,"Starting":true}]')),
    { is: 'not-running' },
  ],
  [
    'Podman as administrator',
    'podman-machine',
    podman(recorded('podman-machine/machine-list.txt').outcome),
    { is: 'not-permitted' },
  ],
  [
    'Podman as administrator, by its other question',
    'podman-machine',
    podman(recorded('podman-machine/machine-info.txt').outcome),
    { is: 'not-permitted' },
  ],
  [
    'a Podman that can’t reach its machine',
    'podman-machine',
    podman(recorded('podman-machine/remote-info.down.txt').outcome),
    { is: 'not-running' },
  ],
  [
    'a Podman from before',
    'podman-machine',
    { [podmanVersion]: exited(0, 'podman version 3.4.4\n') },
    { is: 'too-old', version: '3.4.4', needs: '4.3.0' },
  ],
  [
    'something else that is called podman',
    'podman-machine',
    { [podmanVersion]: exited(0, 'hello\n') },
    { is: 'unknown', detail: 'exit code 0' },
  ],
  [
    'Podman whose list is none',
    'podman-machine',
    podman(exited(0, '{"a":1}')),
    { is: 'unknown', detail: 'exit code 0' },
  ],
  [
    'Podman whose list hangs',
    'podman-machine',
    podman({ is: 'timed-out' }),
    { is: 'unknown', detail: 'no answer in time' },
  ],

  ['no Apple container', 'apple-container', { [status]: notFound }, { is: 'absent' }],
  [
    'Apple container runs',
    'apple-container',
    { [status]: appleRuns, [appleList]: exited(0, sample('apple-container/list.v1.constructed.json.txt')) },
    { is: 'ready', version: '1.2.2', tenants: appleHome },
  ],
  [
    'Apple container runs, and lists in its older form',
    'apple-container',
    {
      [status]: appleRuns,
      [appleList]: exited(0, sample('apple-container/list.v0.x.shape.constructed.json.txt')),
    },
    { is: 'ready', version: '1.2.2', tenants: appleHome },
  ],
  [
    'Apple container rests',
    'apple-container',
    { [status]: exited(1, sample('apple-container/system-status.not-running.exit1.constructed.json.txt')) },
    { is: 'not-running' },
  ],
  [
    'Apple container after a restart of the computer',
    'apple-container',
    { [status]: exited(1, sample('apple-container/system-status.unregistered.exit1.constructed.json.txt')) },
    { is: 'not-running' },
  ],
  [
    'Apple container without its service',
    'apple-container',
    { [status]: exited(1, '', appleDown) },
    { is: 'not-running' },
  ],
  [
    'an old Apple container, which doesn’t know the question',
    'apple-container',
    {
      [status]: exited(64, '', "Error: Unknown option '--format'"),
      'container --version': exited(0, 'container CLI version 0.4.1 (build: release, commit: 4ac18b5)\n'),
    },
    { is: 'too-old', version: '0.4.1', needs: '1.0.0' },
  ],
  [
    'an old Apple container that runs',
    'apple-container',
    {
      [status]: exited(
        0,
        '{"status":"running","apiServerVersion":"container-apiserver version 0.9.0 (build: release)"}',
      ),
    },
    { is: 'too-old', version: '0.9.0', needs: '1.0.0' },
  ],
  [
    'Apple container that says its version and nothing of how it is',
    'apple-container',
    {
      [status]: exited(1, '', 'a novel reason'),
      'container --version': exited(0, sample('apple-container/system-version.doc.json.txt')),
    },
    { is: 'unknown', detail: 'a novel reason' },
  ],
  [
    'something else that is called container',
    'apple-container',
    { [status]: exited(2, '', 'usage: container'), 'container --version': exited(2, '', 'usage: container') },
    { is: 'unknown', detail: 'usage: container' },
  ],

  ['no Multipass', 'multipass', { [multipassVersion]: notFound }, { is: 'absent' }],
  [
    'Multipass runs',
    'multipass',
    {
      [multipassVersion]: multipassRuns,
      [multipassList]: exited(0, sample('multipass/list.v1.16+.constructed.json.txt')),
    },
    {
      is: 'ready',
      version: '1.16.4',
      tenants: [
        { untrustedName: 'openclaw-home', isRunning: true },
        { untrustedName: 'primary', isRunning: false },
      ],
    },
  ],
  [
    'Multipass runs, and lists as it did before',
    'multipass',
    {
      [multipassVersion]: multipassRuns,
      [multipassList]: exited(0, sample('multipass/list.v1.8.recorded.json.txt')),
    },
    {
      is: 'ready',
      version: '1.16.4',
      tenants: [
        { untrustedName: 'ssh-audit-logger-focal', isRunning: true },
        { untrustedName: 'openvpn', isRunning: true },
      ],
    },
  ],
  [
    'Multipass without its service',
    'multipass',
    { [multipassVersion]: exited(0, '{"multipass":"1.16.4+mac"}') },
    { is: 'not-running' },
  ],
  ['Multipass that nobody can reach', 'multipass', { [multipassVersion]: exited(3) }, { is: 'not-running' }],
  [
    'Multipass down on macOS',
    'multipass',
    { [multipassVersion]: multipassDown('macos', 'launch') },
    { is: 'not-running' },
  ],
  [
    'Multipass down on Windows',
    'multipass',
    { [multipassVersion]: multipassRuns, [multipassList]: multipassDown('windows', 'list') },
    { is: 'not-running' },
  ],
  [
    'Multipass down on Linux',
    'multipass',
    { [multipassVersion]: multipassDown('linux-snap', 'launch') },
    { is: 'not-running' },
  ],
  [
    'an old Multipass',
    'multipass',
    { [multipassVersion]: exited(0, '{"multipass":"1.8.0","multipassd":"1.8.0"}') },
    { is: 'too-old', version: '1.8.0', needs: '1.13.0' },
  ],
  [
    'a Multipass that answers something else',
    'multipass',
    { [multipassVersion]: exited(0, '[]') },
    { is: 'unknown', detail: 'exit code 0' },
  ],
  [
    'a Multipass that doesn’t understand',
    'multipass',
    { [multipassVersion]: exited(1, '', 'Unknown option') },
    { is: 'unknown', detail: 'Unknown option' },
  ],

  ['no VirtualBox', 'virtualbox', { [boxVersion]: notFound }, { is: 'absent' }],
  [
    'VirtualBox, with a machine that rests',
    'virtualbox',
    {
      [boxVersion]: exited(0, '7.2.10r170000\n'),
      [boxList]: exited(0, sample('virtualbox/list-vms.constructed.txt')),
      [`VBoxManage showvminfo ${boxId} --machinereadable`]: exited(
        0,
        sample('virtualbox/showvminfo.machinereadable.constructed.txt'),
      ),
    },
    { is: 'ready', version: '7.2.10', tenants: [{ untrustedName: 'openclaw-home', isRunning: false }] },
  ],
  [
    'VirtualBox without any machine',
    'virtualbox',
    { [boxVersion]: exited(0, '7.0.16_Ubuntur162802\n'), [boxList]: exited(0) },
    { is: 'ready', version: '7.0.16', tenants: [] },
  ],
  [
    'VirtualBox without its part of the kernel',
    'virtualbox',
    {
      [boxVersion]: exited(
        0,
        '7.2.10r170000\n',
        'WARNING: The vboxdrv kernel module is not loaded. Either there is no module\n',
      ),
    },
    { is: 'not-set-up' },
  ],
  [
    'an old VirtualBox',
    'virtualbox',
    { [boxVersion]: exited(0, '6.1.50r161033\n') },
    { is: 'too-old', version: '6.1.50', needs: '7.0.0' },
  ],
  [
    'VirtualBox that can’t list its machines',
    'virtualbox',
    {
      [boxVersion]: exited(0, '7.2.10r170000\n'),
      [boxList]: exited(1, '', 'VBoxManage: error: Failed to create the VirtualBox object!'),
    },
    { is: 'unknown', detail: 'VBoxManage: error: Failed to create the VirtualBox object!' },
  ],
  [
    'something else that is called VBoxManage',
    'virtualbox',
    { [boxVersion]: exited(0, 'hello') },
    { is: 'unknown', detail: 'exit code 0' },
  ],
];

describe('an engine that may be present', () => {
  it.each(rows)('%s', async (_, engine, answers, presence) => {
    const found = await lookOnlyFor(engine, answers);
    expect(found.presence).toEqual(presence);
    const [english, chinese] = sentences(found);
    expect(english).not.toBe(chinese);
  });

  it('has a sentence of its own for every answer', () => {
    const answers = rows.map(([, , , presence]) => presence);
    const kinds = new Set(answers.map(({ is }) => is));
    expect([...kinds].sort()).toEqual([
      'absent',
      'elsewhere',
      'not-permitted',
      'not-running',
      'not-set-up',
      'ready',
      'too-old',
      'unknown',
    ]);
    const said = [...kinds].map((kind) => {
      const presence = answers.find(({ is }) => is === kind) as Presence;
      return sentences({ engine: 'docker', name: 'Docker', presence })[0];
    });
    expect(new Set(said).size).toBe(kinds.size);
  });

  it('is called Docker Desktop only where it says so', async () => {
    const answers = {
      [dockerVersion]: dockerServer('29.1.0'),
      [dockerContexts]: contextAt('unix:///Users/anna/.docker/run/docker.sock'),
      [dockerPs]: noContainers,
    };
    const nameWith = async (info: Outcome) =>
      (await lookOnlyFor('docker', { ...answers, [dockerInfo]: info })).name;
    expect(await nameWith(desktopInfo)).toBe('Docker Desktop');
    expect(await nameWith(engineInfo)).toBe('Docker');
    expect(await nameWith({ is: 'timed-out' })).toBe('Docker');
    expect(isDesktop(recorded('docker/info-json.daemon-down.txt').outcome)).toBeNull();
    expect(isDesktop(exited(0, '{"ServerVersion":"","OperatingSystem":""}'))).toBeNull();
  });

  it.each(['create.hardened', 'inspect.missing', 'start-without-bridge', 'ls-none', 'ps-json'])(
    'has answered although an order may have failed: docker %s',
    (name) => expect(dockerTrouble(recorded(`docker/${name}.txt`).outcome)).toBeNull(),
  );

  it.each(podmanErrors)('is not taken for something else by an error of another order: %s', (line) => {
    const presence = podmanMachineFrom(exited(125, '', line), '5.6.2');
    if (line.includes('does not exist')) expect(presence).toEqual({ is: 'not-set-up' });
    else expect(presence).toEqual({ is: 'unknown', detail: line });
  });

  it('tells a machine that runs by either of Podman’s forms', () => {
    const inspected = exited(0, sample('podman-machine/machine-inspect.doc.json.txt'));
    expect(podmanMachineFrom(inspected, '5.6.2')).toMatchObject({
      is: 'ready',
      tenants: [{ untrustedName: 'podman-machine-default', isRunning: true }],
    });
  });

  it('tells machines of Multipass by either of its forms', () => {
    const told = (name: string) => multipassMachines(exited(0, sample(`multipass/${name}.json.txt`)));
    expect(told('info.v1.16+.constructed')).toEqual([{ name: 'openclaw-home', isRunning: true }]);
    expect(told('info.stopped.constructed')).toEqual([{ name: 'openclaw-home', isRunning: false }]);
    // A list of snapshots has machines in it, but doesn’t say how they are.
    expect(told('list-snapshots.constructed')).toEqual([]);
    expect(multipassMachines(exited(2))).toEqual([]);
  });

  it('keeps names that somebody chose in bounds', async () => {
    const names = Array.from({ length: 60 }, (_, index) => ({
      Names: `a\u202e\n${index}${'x'.repeat(200)}`,
      State: 'running',
    }));
    const found = await lookOnlyFor('docker', {
      [dockerVersion]: dockerServer('29.1.0'),
      [dockerContexts]: contextAt('unix:///Users/anna/.docker/run/docker.sock'),
      [dockerInfo]: desktopInfo,
      [dockerPs]: exited(0, names.map((name) => JSON.stringify(name)).join('\n')),
    });
    const { tenants = [] } = found.presence.is === 'ready' ? found.presence : {};
    expect(tenants).toHaveLength(50);
    for (const { untrustedName } of tenants) expect(untrustedName).toMatch(/^a \d+x+$/);
    expect(dockerTenants(exited(0, 'no json\n{"Names":1}\n'))).toEqual([]);
    expect(virtualMachines('"a" {b" {1a2b3c4d-1111-2222-3333-444455556666}\nnothing')).toEqual([
      { name: 'a" {b', id: boxId },
    ]);
    expect(isRunning('VMState="running"\n')).toBe(true);
  });
});

describe('where engines are looked for', () => {
  it('on a Mac goes on to the next place until there is one, and stays there', async () => {
    const { run, calls } = strictRun({
      'multipass version --format json': notFound,
      '/opt/homebrew/bin/multipass version --format json': notFound,
      [`/usr/local/bin/${multipassVersion}`]: multipassRuns,
      [`/usr/local/bin/${multipassList}`]: exited(0, '{"list":[]}'),
    });
    const places = { ...nowhere, multipass: placesOnMac('/Users/anna').multipass };
    expect(await lookForEngines(places, run, signal)).toMatchObject([{ presence: { is: 'ready' } }]);
    expect(calls).toHaveLength(4);
  });

  it('covers every engine on a Mac, in folders that desktops leave out', () => {
    const places = placesOnMac('/Users/李雷');
    for (const engine of presentEngines) expect(places[engine][0]).toBe(programs[engine]);
    expect(places.docker).toContain('/Users/李雷/.docker/bin/docker');
  });
});

describe('the samples', () => {
  it('are all read by one of these, or belong to what reads them', () => {
    const others = new Set([
      // What a container of the Docker driver’s looks like, once it is made.
      'docker/inspect.hardened.recorded.json.txt',
    ]);
    const root = new URL('../fixtures/', import.meta.url);
    const all = ['docker', 'podman-machine', 'apple-container', 'multipass', 'virtualbox'].flatMap((folder) =>
      readdirSync(new URL(folder, root)).map((name) => `${folder}/${name}`),
    );
    expect(all.length).toBeGreaterThan(38);
    expect(all.filter((name) => !used.has(name) && !others.has(name))).toEqual([]);
  });

  it('make more than 40 situations', () => expect(rows.length).toBeGreaterThan(50));
});
