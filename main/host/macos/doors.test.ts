import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../clock.ts';
import { network } from '../network.ts';
import { openStream } from '../stream.ts';
import { exited, strictRun } from '../strict-run.ts';
import { testFolder } from '../test-folder.ts';
import { openMacDoors } from './doors.ts';

const signal = new AbortController().signal;
const resources = '/Applications/ClawCove.app/Contents/Resources';
const proxy = '<dictionary> {\n  HTTPEnable : 1\n  HTTPPort : 3128\n  HTTPProxy : proxy.example\n}\n';

async function openWith(answers: Parameters<typeof strictRun>[0]) {
  const double = strictRun({ '/usr/sbin/scutil --proxy': exited(0, proxy), ...answers });
  const environments: Readonly<Record<string, string>>[] = [];
  const folder = await testFolder();
  const doors = await openMacDoors(
    {
      environment: { HOME: '/Users/anna', DYLD_INSERT_LIBRARIES: '/tmp/x.dylib', LANG: 'de_DE.UTF-8' },
      home: '/Users/anna',
      dataFolder: join(folder, 'clawcove'),
      clock: systemClock,
      net: network,
      open: openStream,
      log: { info() {}, error() {} },
      uid: 501,
      processor: 'arm64',
      resources,
      startPrograms(environment) {
        environments.push(environment);
        return double.run;
      },
    },
    signal,
  );
  return { doors, environments, ...double };
}

describe('the doors of a Mac', () => {
  it('ask one thing when they open, and let programs know of the proxy', async () => {
    const { doors, calls, environments } = await openWith({});
    expect(calls).toEqual(['/usr/sbin/scutil --proxy']);
    expect(environments.at(-1)).toEqual({
      HOME: '/Users/anna',
      PATH: '/usr/bin:/bin:/usr/sbin:/sbin',
      LANG: 'en_US.UTF-8',
      LC_ALL: 'en_US.UTF-8',
      http_proxy: 'http://proxy.example:3128',
      HTTP_PROXY: 'http://proxy.example:3128',
    });
    expect(doors.sharedFolder).toBe('/Users/anna/OpenClaw');
    expect(doors.homes.engines).toEqual(['Lima']);
  });

  it('tell no home of a proxy that only this computer reaches', async () => {
    const own = '<dictionary> {\n  HTTPEnable : 1\n  HTTPPort : 7890\n  HTTPProxy : 127.0.0.1\n}\n';
    const { doors } = await openWith({ '/usr/sbin/scutil --proxy': exited(0, own) });
    expect(doors.proxies).toMatchObject({ http_proxy: 'http://127.0.0.1:7890' });
    expect(doors.computer.proxy()).toEqual({});
  });

  it('ask the Mac', async () => {
    const { doors } = await openWith({
      '/usr/bin/pmset -g batt': exited(0, "Now drawing from 'AC Power'\n"),
      '/usr/sbin/netstat -rn -f inet': exited(0, 'default 192.168.1.1 UGScg en0\n'),
      '/usr/bin/vm_stat': { is: 'not-found' },
      '/usr/bin/security find-certificate -a -p /Library/Keychains/System.keychain': exited(0),
      '/usr/sbin/lsof -nP -iTCP:18789 -sTCP:LISTEN -Fpcn': exited(1),
    });
    const { computer } = doors;
    expect(await computer.power()).toEqual({ is: 'mains' });
    expect(await computer.routers()).toEqual(['192.168.1.1']);
    expect(await computer.availableMemory()).toBeGreaterThan(0);
    expect(await computer.extraCertificates()).toBeNull();
    expect(await computer.portHolder(18_789, signal)).toBeNull();
    expect(await computer.isMetered(signal)).toBeNull();
    expect(computer.proxy()).toMatchObject({ http_proxy: 'http://proxy.example:3128' });
    expect(computer.dataFolder).toBe('/Users/anna/.clawcove');
  });

  it('keep a machine by the Lima inside the app, without an administrator', async () => {
    const { doors, calls } = await openWith({
      [`${resources}/lima/bin/limactl --tty=false list --json`]: exited(0),
    });
    expect(await doors.homes.of('Lima').inspect(signal)).toEqual({ is: 'missing' });
    expect(calls).toHaveLength(2);
    expect(await doors.admin.commands('install-engine')).toEqual([]);
  });
});
