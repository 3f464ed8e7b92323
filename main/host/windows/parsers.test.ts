/** What is read from Windows' own programs, with every sample of them that there is. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exited, strictRun } from '../strict-run.ts';
import { testFolder } from '../test-folder.ts';
import { carriedFrom } from './certificates.ts';
import { windowsEnvironment } from './environment.ts';
import { meteredFrom, routersFrom } from './network.ts';
import { createPortHolder, excludedFrom, isReserved, listenersScript, listeningFrom } from './ports.ts';
import { programsIn } from './programs.ts';
import { parseRegistry, registryNumber } from './registry.ts';
import { expanded, proxyVariables, surroundingsFrom } from './surroundings.ts';
import { csvRows, rights, rightsFrom, sidsIn, whoAmI } from './who.ts';

const folder = join(import.meta.dirname, 'fixtures');
const sample = (name: string) => readFileSync(join(folder, name), 'utf8');
const idle = () => new AbortController().signal;
const programs = programsIn('C:\\Windows');

it('has a reader for every sample', () => {
  const read = [
    'feature-query.constructed.json', // Hyper-V itself: no home is made with it, see below.
    'get-nettcpconnection.win.constructed.json',
    'netsh-excludedportrange.recorded.en.txt',
    'processes.openclaw.constructed.json', // gateways.test.ts
    'runas.cancel.en.constructed.stderr.txt', // admin.test.ts
    'schtasks-gateway.constructed.zh-CN.gbk.xml', // starters.test.ts, and the next ones
    'schtasks-gateway.constructed.zh-CN.utf16le.xml',
    'schtasks-query.openclaw.constructed.de-DE.cp850.csv',
    'schtasks-query.openclaw.constructed.ru-RU.utf16le.csv',
    'schtasks-query.openclaw.constructed.zh-CN.gbk.csv',
    'schtasks.check.xml', // sandbox/wsl/autostart.test.ts
    'whoami-groups.constructed.csv',
  ];
  expect(readdirSync(folder).sort()).toEqual(read);
  expect(JSON.parse(sample('feature-query.constructed.json'))).toMatchObject({
    Name: 'Microsoft-Hyper-V-All',
  });
});

describe('who this is', () => {
  const groups = sample('whoami-groups.constructed.csv');

  it('is known by numbers', () => {
    expect(rightsFrom(groups)).toEqual({ isElevated: false, isInAdministrators: true });
    expect(rightsFrom(groups.replace('S-1-16-8192', 'S-1-16-12288'))).toMatchObject({ isElevated: true });
    expect(rightsFrom(groups.replace('S-1-16-8192', 'S-1-16-16384'))).toMatchObject({ isElevated: true });
    expect(rightsFrom(groups.replace('S-1-5-32-544', 'S-1-5-32-555'))).toMatchObject({
      isInAdministrators: false,
    });
  });

  it('is not known by names, which anybody may choose and Windows translates', () => {
    const named = groups.replace('Everyone', 'S-1-16-12288 High').replace('Administrators', 'Администраторы');
    expect(rightsFrom(named)).toEqual({ isElevated: false, isInAdministrators: true });
  });

  it.each(['', 'garbage', '"a","b"'])('is not known from %j', (text) => expect(rightsFrom(text)).toBeNull());

  it('reads quotes in fields', () => {
    expect(csvRows('"a ""b""","c,d"\r\n\r\n')).toEqual([['a "b"', 'c,d']]);
    expect(sidsIn('"x","S-1-5-21-1"\n"S-1-","S-1-5"')).toEqual(['S-1-5-21-1', 'S-1-5']);
  });

  it('is asked of whoami by its full path', async () => {
    const { run, calls } = strictRun({
      'C:\\Windows\\System32\\whoami.exe /groups /fo csv /nh': exited(0, groups),
      'C:\\Windows\\System32\\whoami.exe /user /fo csv /nh': exited(0, '"pc\\anna","S-1-5-21-7-1001"\r\n'),
    });
    expect(await rights(run, programs, idle())).toMatchObject({ isElevated: false });
    expect(await whoAmI(run, programs, idle())).toEqual({ sid: 'S-1-5-21-7-1001' });
    expect(calls).toHaveLength(2);
  });
});

describe('ports', () => {
  const netsh = sample('netsh-excludedportrange.recorded.en.txt');
  const line = `${programs.powershell} -NoLogo -NoProfile -NonInteractive -Command …`;
  const ranges = `${programs.netsh} interface ipv4 show excludedportrange protocol=tcp`;

  it('that Windows keeps are told by their numbers, whatever the language', () => {
    const expected = [
      { from: 5985, to: 5985 },
      { from: 47_001, to: 47_001 },
      { from: 49_673, to: 49_772 },
      { from: 50_000, to: 50_059 },
      { from: 50_060, to: 50_159 },
    ];
    expect(excludedFrom(netsh)).toEqual(expected);
    expect(excludedFrom(netsh.replace(/[A-Za-z]/g, '协'))).toEqual(expected);
    expect(excludedFrom('Windows 10 22\n1 2 3\n')).toEqual([]);
  });

  it.each([
    [50_000, true],
    [50_159, true],
    [50_160, false],
    [18_789, false],
  ])('%d is kept: %s', async (port, kept) => {
    const { run } = strictRun({ [ranges]: exited(0, netsh) });
    expect(await isReserved(run, programs, port, idle())).toBe(kept);
  });

  it('have holders', async () => {
    const rows = JSON.parse(sample('get-nettcpconnection.win.constructed.json'));
    const named = listenersScript.answer.parse(rows);
    expect(listeningFrom(named)).toEqual([
      { address: '127.0.0.1', pid: 9032, program: '?' },
      { address: '::1', pid: 9032, program: '?' },
    ]);
    const answer = exited(0, JSON.stringify(rows.map((row: object) => ({ ...row, Program: 'ngïnx\n' }))));
    const { run } = strictRun({ [line]: answer });
    expect(await createPortHolder(run, programs)(18_789, idle())).toEqual({ program: 'ng?nx?', pid: 9032 });
  });

  it('are Windows’ own where nobody listens and nobody can', async () => {
    const { run } = strictRun({ [line]: exited(0, '[]'), [ranges]: exited(0, netsh) });
    const holder = createPortHolder(run, programs);
    expect(await holder(50_010, idle())).toEqual({ program: 'Windows', pid: 4 });
    expect(await holder(18_789, idle())).toBeNull();
  });
});

describe('the registry', () => {
  it('is read key by key, with names that have blanks', () => {
    const keys = parseRegistry(
      '\r\nHKEY_CURRENT_USER\\A b\r\n    My Name    REG_SZ    a    b\r\n    Empty    REG_SZ    \r\n    (Default)    REG_SZ\r\n\r\nHKEY_X\\Y\r\n    N    REG_DWORD    0x1f\r\n',
    );
    expect([...keys.keys()]).toEqual(['HKEY_CURRENT_USER\\A b', 'HKEY_X\\Y']);
    expect(Object.fromEntries(keys.get('HKEY_CURRENT_USER\\A b') ?? [])).toEqual({
      'My Name': 'a    b',
      Empty: '',
      '(Default)': '',
    });
    expect(registryNumber(keys.get('HKEY_X\\Y')?.get('N'))).toBe(31);
  });

  it.each([undefined, '', '1', '0x', '0xfffffffff'])('%j is no number', (text) =>
    expect(registryNumber(text)).toBeNull(),
  );

  it('survives anything', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void parseRegistry(text)));
  });
});

describe('the person’s surroundings', () => {
  const environment = { USERPROFILE: 'C:\\Users\\王芳', OneDrive: 'C:\\Users\\王芳\\OneDrive' };

  it('are where they were moved to', () => {
    const { personal, synced } = surroundingsFrom(
      {
        Folders: {
          Desktop: 'C:\\Users\\王芳\\OneDrive\\桌面',
          Personal: '%userprofile%\\Documents',
          '{374DE290-123F-4565-9164-39C4925E467B}': 'D:\\Downloads',
          'My Music': '\\\\server\\music',
          'My Video': '%NOWHERE%\\Videos',
          'Start Menu': 'C:\\Users\\王芳\\Start',
          'My Pictures': null,
        },
        OneDrive: ['C:\\Users\\王芳\\OneDrive', 'E:\\OneDrive - Firma'],
      },
      environment,
    );
    expect(personal).toEqual([
      'C:\\Users\\王芳\\OneDrive\\桌面',
      'C:\\Users\\王芳\\Documents',
      '\\\\server\\music',
      'D:\\Downloads',
    ]);
    expect(synced).toEqual(['C:\\Users\\王芳\\OneDrive', 'E:\\OneDrive - Firma']);
  });

  it('may say nothing', () => {
    expect(surroundingsFrom({}, {})).toEqual({ personal: [], synced: [], proxy: {} });
    expect(surroundingsFrom({ Folders: null, OneDrive: null, Proxy: null }, {})).toMatchObject({ proxy: {} });
  });

  it('are filled in once, and unknown names stay', () => {
    expect(expanded('%A%\\%b%\\%C%', { a: '%b%', B: 'x' })).toBe('%b%\\x\\%C%');
  });

  it.each([
    [{ ProxyEnable: 0, ProxyServer: 'p:1' }, {}],
    [{ ProxyEnable: 1, ProxyServer: '' }, {}],
    [
      { ProxyEnable: 1, ProxyServer: 'p:1' },
      { http_proxy: 'http://p:1', https_proxy: 'http://p:1' },
    ],
    [
      { ProxyEnable: 1, ProxyServer: 'http=a:1;https=https://b:2; socks=c:3;ftp=d:4' },
      { http_proxy: 'http://a:1', https_proxy: 'https://b:2', all_proxy: 'socks5://c:3' },
    ],
    [
      { ProxyEnable: 1, ProxyServer: 'p:1', ProxyOverride: '*.corp.example;10.*;<local>; intra' },
      { http_proxy: 'http://p:1', https_proxy: 'http://p:1', no_proxy: '.corp.example,intra' },
    ],
    [{ ProxyEnable: 0, ProxyServer: 'p:1', ProxyOverride: 'x' }, {}],
  ])('have a proxy: %j', (proxy, variables) => expect(proxyVariables(proxy)).toEqual(variables));
});

describe('the network', () => {
  it.each([
    [1, false],
    [2, true],
    [3, true],
    [0, null],
    [null, null],
    [undefined, null],
  ])('costs %j: %s', (cost, is) => expect(meteredFrom(cost)).toBe(is));

  it('leads out through routers, not through a VPN’s nowhere', () => {
    expect(routersFrom(['192.168.1.1', '0.0.0.0', null, '192.168.1.1', 'fe80::1'])).toEqual(['192.168.1.1']);
  });
});

describe('certificates', () => {
  const [one = '', two = ''] = rootCertificates;
  const raw = (pem: string) => pem.replace(/-----[^-]+-----|\s/g, '');

  it('that a company added are', async () => {
    const place = await testFolder();
    const file = join(place, 'company.pem');
    const made = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
    const where = ['-keyout', join(place, 'key'), '-out', file, '-subj', '/CN=company', '-days', '30'];
    execFileSync('openssl', [...made, ...where], { stdio: 'ignore' });
    const pem = readFileSync(file, 'utf8');
    expect(carriedFrom([{ Raw: raw(pem), Shipped: false }], Date.now())).toBe(pem);
    expect(carriedFrom([{ Raw: raw(pem), Shipped: true }], Date.now())).toBeNull();
  });

  it('that programs trust anyway, or that came with Windows, are not carried', () => {
    expect(
      carriedFrom(
        [
          { Raw: raw(one), Shipped: false },
          { Raw: raw(two), Shipped: true },
        ],
        Date.now(),
      ),
    ).toBeNull();
    expect(carriedFrom([{ Raw: 'AAAA', Shipped: false }], Date.now())).toBeNull();
  });
});

describe('what programs get to know', () => {
  it('is what Windows’ own need, and Windows’ own places', () => {
    const environment = windowsEnvironment(
      {
        systemroot: 'C:\\Windows',
        USERPROFILE: 'C:\\Users\\anna',
        WSLENV: 'SECRET/u',
        SECRET: 'x',
        ELECTRON_RUN_AS_NODE: '1',
        Path: 'C:\\evil',
        PSModulePath: 'C:\\evil',
      },
      programs.folder,
    );
    expect(environment).toMatchObject({ SystemRoot: 'C:\\Windows', USERPROFILE: 'C:\\Users\\anna' });
    expect(Object.keys(environment).join()).not.toMatch(/WSLENV|SECRET|ELECTRON/);
    expect(JSON.stringify(environment)).not.toContain('evil');
    expect(environment.PATH?.split(';')).toEqual([
      'C:\\Windows\\System32',
      'C:\\Windows',
      'C:\\Windows\\System32\\Wbem',
    ]);
  });

  it('are never found by a folder that isn’t Windows’', () => {
    for (const root of [undefined, '', 'relative', '\\\\server\\x'])
      expect(programsIn(root).wsl).toBe('C:\\Windows\\System32\\wsl.exe');
    expect(programsIn('D:\\WINDOWS').wsl).toBe('D:\\WINDOWS\\System32\\wsl.exe');
  });
});
