import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Outcome } from '../../doors.ts';
import { exited, strictRun } from '../../host/strict-run.ts';
import { testFolder } from '../../host/test-folder.ts';
import { unitWord } from '../user-unit.ts';
import { autostartUnit, hasAutostart, setAutostart } from './autostart.ts';

const log = { info() {}, error() {} };
const idle = new AbortController().signal;
const ask = 'systemctl --user --no-pager';
const name = 'clawcove-openclaw.service';
const commands = {
  start: [['podman', '--runtime=runc', 'start', 'clawcove-openclaw']],
  stop: ['podman', 'stop', 'clawcove-openclaw'],
};
const noBus = exited(1, '', 'Failed to connect to bus: No medium found');

describe('starting with the computer', () => {
  let configFolder: string;
  const unit = () => join(configFolder, 'systemd', 'user', name);
  const isThere = (path: string) =>
    access(path).then(
      () => true,
      () => false,
    );
  const set = async (on: boolean, answers: Record<string, Outcome>) => {
    const double = strictRun(answers);
    await setAutostart(on ? commands : null, { run: double.run, log, configFolder }, idle);
    return double.calls;
  };

  beforeEach(async () => {
    configFolder = await testFolder();
  });

  it('writes a unit and turns it on, also without linger', async () => {
    const calls = await set(true, {
      [`${ask} show-environment`]: exited(0),
      [`${ask} daemon-reload`]: exited(0),
      [`${ask} enable ${name}`]: exited(0),
      'loginctl --no-ask-password enable-linger': exited(1, '', 'Could not enable linger: Access denied'),
    });
    expect(calls).toHaveLength(4);
    expect(await readFile(unit(), 'utf8')).toBe(autostartUnit(commands));
    expect(autostartUnit(commands)).toContain(
      'ExecStart=podman --runtime=runc start clawcove-openclaw\nExecStop=podman stop clawcove-openclaw\n',
    );
  });

  it.each([
    ['/home/ada/.config/clawcove/hooks', '/home/ada/.config/clawcove/hooks'],
    ['--hooks-dir=/home/a b/50%/$x', '"--hooks-dir=/home/a b/50%%/$$x"'],
    ['/home/"q"\\', '"/home/\\"q\\"\\\\"'],
    ['/home/爱丽丝', '"/home/爱丽丝"'],
  ])('writes the word %s as systemd reads it', (word, written) => {
    expect(unitWord(word)).toBe(written);
  });

  it('takes it away, without stopping a home that runs', async () => {
    await set(true, { [`${ask} …`]: exited(0), 'loginctl …': exited(0) });
    const calls = await set(false, { [`${ask} …`]: exited(0) });
    expect(calls).toEqual([`${ask} show-environment`, `${ask} disable ${name}`, `${ask} daemon-reload`]);
    expect(await isThere(unit())).toBe(false);
  });

  it.each([
    ['no systemctl', { is: 'not-found' } as const],
    ['no user systemd', noBus],
  ])('writes nothing where there is %s', async (_, answer) => {
    await set(true, { [`${ask} show-environment`]: answer });
    expect(await isThere(unit())).toBe(false);
  });

  it('says whether it is on', async () => {
    const has = (answer: Outcome) =>
      hasAutostart(
        { run: strictRun({ [`${ask} is-enabled ${name}`]: answer }).run, log, configFolder },
        idle,
      );
    expect(await has(exited(0, 'enabled\n'))).toBe(true);
    expect(await has(exited(0, 'static\n'))).toBe(false);
    expect(await has(exited(1, 'disabled\n'))).toBe(false);
    expect(await has(noBus)).toBe(false);
    expect(await has({ is: 'not-found' })).toBe(false);
  });
});
