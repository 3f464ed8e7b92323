/** What the system's own programs say of a Mac, and what is made of it. */
import { readFileSync } from 'node:fs';
import { rootCertificates } from 'node:tls';
import { describe, expect, it } from 'vitest';
import type { Outcome, Power } from '../../doors.ts';
import { holderFrom } from '../ports.ts';
import { exited, strictRun } from '../strict-run.ts';
import { accounts, isAdminFrom, isInAdminGroup } from './account.ts';
import { extraCertificates } from './certificates.ts';
import { createPortHolder, listenersFrom } from './listeners.ts';
import { availableFrom, availableMemory } from './memory.ts';
import { proxies, proxiesFrom, routers, routersFrom } from './network.ts';
import { power, powerFrom } from './power.ts';

const signal = new AbortController().signal;
const fixture = (name: string) => readFileSync(new URL(`fixtures/${name}`, import.meta.url), 'utf8');
const nobodyTells: Outcome[] = [
  { is: 'not-found' },
  { is: 'timed-out' },
  { is: 'killed', by: 'SIGKILL' },
  exited(1),
];

describe('who listens', () => {
  const lsof = '/usr/sbin/lsof -nP -iTCP:18789 -sTCP:LISTEN -Fpcn';

  it('is told by name and number', async () => {
    const { run } = strictRun({ [lsof]: exited(0, fixture('lsof-18789.mac.constructed.txt')) });
    expect(await createPortHolder(run)(18_789, signal)).toEqual({ program: 'node', pid: 4211 });
    // The same on Linux.
    expect(holderFrom(fixture('ss-18789.linux.constructed.txt'), 18_789)).toEqual({
      program: 'openclaw-gatewa',
      pid: 2231,
    });
  });

  it('is nobody when there is none or nobody tells', async () => {
    for (const outcome of nobodyTells)
      expect(await createPortHolder(strictRun({ [lsof]: outcome }).run)(18_789, signal)).toBeNull();
  });

  it('is read whatever a process calls itself, and wherever it listens', () => {
    expect(
      listenersFrom(
        'p7\nc\u202eno\x07de 共\nf3\ntIPv6\nn*:1\nf4\ntIPv4\nn*:2\nn[::1]:3\nn[fe80::1%en0]:4\np8\nn10.0.0.1:5->x\nnoise\n',
      ),
    ).toEqual([
      { pid: 7, program: '?no?de ?', address: '::', port: 1 },
      { pid: 7, program: '?no?de ?', address: '0.0.0.0', port: 2 },
      { pid: 7, program: '?no?de ?', address: '::1', port: 3 },
      { pid: 7, program: '?no?de ?', address: 'fe80::1%en0', port: 4 },
    ]);
    expect(listenersFrom('p7\ncnode\nf3\ntIPv6\nn*:1\nf4\nn*:2\n').map(({ address }) => address)).toEqual([
      '::',
      '0.0.0.0',
    ]);
    expect(listenersFrom('')).toEqual([]);
    expect(listenersFrom('n127.0.0.1:1\n')).toEqual([]);
  });
});

describe('what it runs on', () => {
  const mac = (source: string, battery = '') => `Now drawing from '${source}'\n${battery}`;
  const charge = (text: string) => ` -InternalBattery-0 (id=22347875)\t${text} present: true\n`;

  it.each<[string, Power]>([
    [mac('AC Power', charge('100%; charged; 0:00 remaining')), { is: 'mains' }],
    [mac('AC Power'), { is: 'mains' }],
    [mac('Battery Power', charge('57%; discharging; 3:12 remaining')), { is: 'battery', share: 0.57 }],
    [mac('Battery Power', charge('5%; discharging; (no estimate)')), { is: 'battery', share: 0.05 }],
    [
      mac('UPS Power', ' -Back-UPS ES 700 (id=1)\t80%; discharging; 0:20 remaining present: true\n'),
      { is: 'battery', share: 0.8 },
    ],
    [mac('Battery Power'), { is: 'unknown' }],
    [mac('Battery Power', charge('999%; x')), { is: 'unknown' }],
    ['', { is: 'unknown' }],
  ])('%j', (text, is) => expect(powerFrom(text)).toEqual(is));

  it('is asked of pmset', async () => {
    const line = '/usr/bin/pmset -g batt';
    expect(await power(strictRun({ [line]: exited(0, mac('AC Power')) }).run, signal)).toEqual({
      is: 'mains',
    });
    for (const outcome of nobodyTells)
      expect(await power(strictRun({ [line]: outcome }).run, signal)).toEqual({ is: 'unknown' });
  });
});

describe('its network', () => {
  const table = `Routing tables

Internet:
Destination        Gateway            Flags               Netif Expire
default            192.168.1.1        UGScg                 en0
default            link#20            UCSIg             bridge100      !
default            192.168.1.1        UGScIg                en1
default            10.8.0.1           UGScIg              utun4
127                127.0.0.1          UCS                   lo0
192.168.1.1/32     link#14            UCS                   en0      !
`;

  it('leads out through routers', async () => {
    expect(routersFrom(table)).toEqual(['192.168.1.1', '10.8.0.1']);
    const line = '/usr/sbin/netstat -rn -f inet';
    expect(await routers(strictRun({ [line]: exited(0, table) }).run, signal)).toHaveLength(2);
    for (const outcome of nobodyTells)
      expect(await routers(strictRun({ [line]: outcome }).run, signal)).toEqual([]);
  });

  const dictionary = (body: string) => `<dictionary> {\n${body}\n}\n`;
  const exceptions = '  ExceptionsList : <array> {\n    0 : *.local\n    1 : 169.254/16\n    2 : $(x)\n  }\n';

  it.each<[string, string, Record<string, string>]>([
    [
      'none',
      dictionary(
        `${exceptions}  FTPPassive : 1\n  HTTPEnable : 0\n  HTTPProxy : old.example\n  HTTPPort : 1`,
      ),
      {},
    ],
    [
      'one for all, with exceptions',
      dictionary(
        `${exceptions}  HTTPEnable : 1\n  HTTPPort : 3128\n  HTTPProxy : proxy.example\n  HTTPSEnable : 1\n  HTTPSPort : 3128\n  HTTPSProxy : fd00::1`,
      ),
      {
        http_proxy: 'http://proxy.example:3128',
        https_proxy: 'http://[fd00::1]:3128',
        no_proxy: '.local,169.254/16',
      },
    ],
    [
      'SOCKS',
      dictionary('  SOCKSEnable : 1\n  SOCKSPort : 1080\n  SOCKSProxy : 10.0.0.9'),
      { all_proxy: 'socks5h://10.0.0.9:1080', no_proxy: '' },
    ],
    [
      'on this computer itself',
      dictionary('  HTTPEnable : 1\n  HTTPPort : 7890\n  HTTPProxy : 127.0.0.1'),
      // ClawCove itself can use it; that a home can't is said where homes are told.
      { http_proxy: 'http://127.0.0.1:7890' },
    ],
    [
      'a script',
      dictionary('  ProxyAutoConfigEnable : 1\n  ProxyAutoConfigURLString : http://wpad/x.pac'),
      {},
    ],
    ['one with a strange name', dictionary('  HTTPEnable : 1\n  HTTPPort : 1\n  HTTPProxy : a b;c'), {}],
    ['one with a strange port', dictionary('  HTTPEnable : 1\n  HTTPPort : x\n  HTTPProxy : a'), {}],
    ['nothing', '', {}],
  ])('goes through %s', (_, text, wanted) => {
    const both = Object.entries(wanted)
      .filter(([, value]) => value !== '')
      .flatMap(([name, value]) => [
        [name, value],
        [name.toUpperCase(), value],
      ]);
    expect(proxiesFrom(text)).toEqual(Object.fromEntries(both));
  });

  it('is asked of scutil', async () => {
    const line = '/usr/sbin/scutil --proxy';
    expect(await proxies(strictRun({ [line]: exited(0, dictionary('')) }).run, signal)).toEqual({});
    for (const outcome of nobodyTells)
      expect(await proxies(strictRun({ [line]: outcome }).run, signal)).toEqual({});
  });
});

describe('its people', () => {
  it.each([
    ['20 12 61 80 701 33', true],
    ['20 12 61 701', false],
    ['20 801', false],
    ['20 admin', null],
    ['', null],
  ])('in the groups %j: administrator %s', (groups, is) => expect(isAdminFrom(groups)).toBe(is));

  it('are asked for by number', async () => {
    expect(await isInAdminGroup(strictRun({ '/usr/bin/id -G': exited(0, '20 80\n') }).run, signal)).toBe(
      true,
    );
    for (const outcome of nobodyTells)
      expect(await isInAdminGroup(strictRun({ '/usr/bin/id -G': outcome }).run, signal)).toBeNull();
    const list =
      '_mbsetupuser          248\nanna                  501\n李雷                    502\nnobody                -2\nroot                  0\n';
    const line = '/usr/bin/dscl . -list /Users UniqueID';
    expect(await accounts(strictRun({ [line]: exited(0, list) }).run, signal)).toEqual([
      { name: 'anna', uid: 501 },
      { name: '李雷', uid: 502 },
    ]);
    for (const outcome of nobodyTells)
      expect(await accounts(strictRun({ [line]: outcome }).run, signal)).toBeNull();
  });
});

describe('its memory', () => {
  const text = `Mach Virtual Memory Statistics: (page size of 16384 bytes)
Pages free:                               10000.
Pages active:                            300000.
Pages inactive:                           20000.
Pages speculative:                         3000.
Pages throttled:                              0.
Pages wired down:                        100000.
Pages purgeable:                           4000.
`;

  it('is what programs could still get', async () => {
    expect(availableFrom(text)).toBe(37_000 * 16_384);
    expect(availableFrom('Pages free: 1.')).toBeNull();
    expect(availableFrom(text.replace(/Pages inactive.*\n/, ''))).toBeNull();
    expect(await availableMemory(strictRun({ '/usr/bin/vm_stat': exited(0, text) }).run, signal)).toBe(
      37_000 * 16_384,
    );
    for (const outcome of nobodyTells)
      expect(await availableMemory(strictRun({ '/usr/bin/vm_stat': outcome }).run, signal)).toBeNull();
  });
});

describe('its certificates', () => {
  it('are those of the system’s keychain that programs don’t trust anyway', async () => {
    const line = '/usr/bin/security find-certificate -a -p /Library/Keychains/System.keychain';
    const found = exited(0, rootCertificates.slice(0, 3).join('\n'));
    expect(await extraCertificates(strictRun({ [line]: found }).run, Date.now(), signal)).toBeNull();
    for (const outcome of nobodyTells)
      expect(await extraCertificates(strictRun({ [line]: outcome }).run, Date.now(), signal)).toBeNull();
  });
});
