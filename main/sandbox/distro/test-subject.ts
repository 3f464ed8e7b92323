/** What the contract asks of a home in a test machine besides the sandbox itself. */
import type { Subject } from '../sandbox.contract.ts';
import type { Sandbox } from '../sandbox.ts';
import { idle } from '../silent-report.ts';
import { homeUnit, recordFile } from './names.ts';

/** @param inside what a command prints that root runs there */
export function subjectIn(
  sandbox: Sandbox,
  inside: (...argv: string[]) => Promise<string>,
): Pick<Subject, 'identity' | 'everythingSaid' | 'killHome' | 'leftovers'> {
  return {
    identity: async () => JSON.parse(await inside('cat', recordFile)).id,
    everythingSaid: async () =>
      [
        await inside('systemctl', 'show', homeUnit),
        await inside('systemctl', 'cat', homeUnit),
        await inside('cat', recordFile),
        await inside('ps', 'axww', '-o', 'args'),
        JSON.stringify(await sandbox.inspect(idle())),
      ].join('\n'),
    async killHome() {
      const main = await inside('systemctl', 'show', '--property=MainPID', '--value', homeUnit);
      await inside('systemctl', 'kill', '--signal=KILL', homeUnit);
      await inside('sh', '-c', 'while [ -d "/proc/$1" ]; do sleep 0.1; done', 'wait', main);
    },
    async leftovers() {
      const units = await inside('systemctl', 'list-units', '--plain', '--no-legend', 'clawcove-*');
      const places = ['/etc/clawcove', '/var/lib/clawcove', '/opt/clawcove', '/run'];
      const files = await inside('find', ...places, '-maxdepth', '1', '-name', '*clawcove*');
      return [...units.split('\n').map((line) => line.split(' ')[0] ?? ''), ...files.split('\n')]
        .filter(Boolean)
        .sort();
    },
  };
}
