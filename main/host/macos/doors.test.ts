import { describe, expect, it } from 'vitest';
import { exited, strictRun } from '../strict-run.ts';
import { createMacComputer, createMacMachine, type MacOptions } from './doors.ts';

const signal = new AbortController().signal;
const macWith = (answers: Parameters<typeof strictRun>[0]): MacOptions => ({
  run: strictRun(answers).run,
  home: '/Users/anna',
  uid: 501,
  arch: 'arm64',
  resources: '/Applications/ClawCove.app/Contents/Resources',
  proxies: { http_proxy: 'http://proxy.example:3128' },
});

describe('the doors of a Mac', () => {
  it('ask the Mac', async () => {
    const computer = createMacComputer(
      macWith({
        '/usr/bin/pmset -g batt': exited(0, "Now drawing from 'AC Power'\n"),
        '/usr/sbin/netstat -rn -f inet': exited(0, 'default 192.168.1.1 UGScg en0\n'),
        '/usr/bin/vm_stat': { is: 'not-found' },
        '/usr/bin/security find-certificate -a -p /Library/Keychains/System.keychain': exited(0),
        '/usr/sbin/lsof -nP -iTCP:18789 -sTCP:LISTEN -Fpcn': exited(1),
      }),
    );
    expect(await computer.power()).toEqual({ is: 'mains' });
    expect(await computer.routers()).toEqual(['192.168.1.1']);
    expect(await computer.availableMemory()).toBeGreaterThan(0);
    expect(await computer.extraCertificates()).toBeNull();
    expect(await computer.portHolder(18_789, signal)).toBeNull();
    expect(await computer.isMetered(signal)).toBeNull();
    expect(computer.proxy()).toEqual({ http_proxy: 'http://proxy.example:3128' });
    expect(computer.dataFolder).toBe('/Users/anna/.clawcove');
  });

  it('keep a machine by the Lima inside the app', async () => {
    const limactl = '/Applications/ClawCove.app/Contents/Resources/lima/bin/limactl';
    const machine = createMacMachine(macWith({ [`${limactl} --tty=false list --json`]: exited(0) }));
    expect(await machine.state(signal)).toEqual({ is: 'missing' });
  });
});
