import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { OtherComputer } from '../../contract.ts';
import { type Answer, exited, strictRun } from '../../host/strict-run.ts';
import { testFolder } from '../../host/test-folder.ts';
import { problemCode } from '../sandbox.contract.ts';
import { idle } from '../silent-report.ts';
import { createAccess } from './access.ts';
import { placesIn } from './names.ts';
import { type ComputerRecord, readRecord, writeRecord } from './record.ts';

const laptop: OtherComputer = { host: 'old-laptop.local', port: 2222, account: 'ada' };
const password = 'p\'a$s w"ord';
const blob = 'AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f';
const shown = { publicKey: `ssh-ed25519 ${blob}`, fingerprint: 'SHA256:x' };

let dataFolder: string;
beforeEach(async () => {
  dataFolder = await testFolder();
});

function accessWith(answers: Record<string, Answer> = {}) {
  const double = strictRun({
    'ssh-keygen -q -t ed25519 …': async ({ args }) => {
      const { writeFile } = await import('node:fs/promises');
      const file = args.at(-1) ?? '';
      await writeFile(file, 'secret', { mode: 0o600 });
      await writeFile(`${file}.pub`, `ssh-ed25519 ${blob} clawcove\n`);
      return exited(0);
    },
    ...answers,
  });
  const clock = { now: () => 0, monotonic: () => 0, zone: () => 'UTC', sleep: async () => {} };
  const access = createAccess({ run: double.run, clock, dataFolder, named: () => laptop });
  return { access, ...double };
}
const record = () => readRecord(placesIn(dataFolder).record);

describe('the way to another computer', () => {
  it('begins with the key that it shows, which nobody has confirmed yet', async () => {
    const { access, calls } = accessWith({
      'ssh-keyscan …': exited(0, `[old-laptop.local]:2222 ssh-ed25519 ${blob}\n`),
    });
    expect(await access.shownKey(laptop, idle())).toMatchObject({ publicKey: shown.publicKey });
    expect(calls).toEqual(['ssh-keyscan -T 10 -t ed25519 -p 2222 -- old-laptop.local']);
    expect(await record()).toBeNull();
  });

  it('ends where nobody shows a key', async () => {
    const { access } = accessWith({ 'ssh-keyscan …': exited(1, '', 'no route to host\n') });
    expect(await problemCode(access.shownKey(laptop, idle()))).toBe('computer-unreachable');
  });

  it('pins the confirmed key, for this person’s eyes only', async () => {
    const { access } = accessWith();
    await access.trust(laptop, shown, idle());
    const { knownHosts, folder } = placesIn(dataFolder);
    expect(await readFile(knownHosts, 'utf8')).toBe(`clawcove-computer ssh-ed25519 ${blob}\n`);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    expect(await record()).toMatchObject({ computer: laptop, isDedicated: false, port: null });
    expect((await access.commands()).join('\n')).toContain(blob);
  });

  it('uses a password once: it stands in no argument and in no file', async () => {
    const { access, commands } = accessWith({ 'ssh …': exited(0) });
    await access.trust(laptop, shown, idle());
    expect(await access.letIn(laptop, password, idle())).toEqual({ is: 'done' });
    const [ssh] = commands.slice(-1);
    expect(ssh?.args.join(' ')).not.toContain(password);
    expect(ssh?.args).toContain('ada');
    expect(ssh?.input?.startsWith(`${password}\nclawcove begins\n`)).toBe(true);
    expect(ssh?.environment).toMatchObject({ CLAWCOVE_ANSWER: password, SSH_ASKPASS_REQUIRE: 'force' });
    const { folder } = placesIn(dataFolder);
    for (const name of await readdir(folder))
      expect(await readFile(join(folder, name), 'utf8')).not.toContain(password);
  });

  it('forgets a computer when another one is named, but follows the one that carries a home', async () => {
    const { access } = accessWith();
    await access.trust(laptop, shown, idle());
    await access.rename({ ...laptop, account: 'ben' });
    expect(await record()).not.toBeNull();
    const moved = { ...laptop, host: '192.168.1.44' };
    await writeRecord(placesIn(dataFolder).record, { ...((await record()) as ComputerRecord), port: 18_789 });
    await access.rename(moved);
    expect(await record()).toMatchObject({ computer: moved, fingerprint: shown.fingerprint });
    await writeRecord(placesIn(dataFolder).record, { ...((await record()) as ComputerRecord), port: null });
    await access.rename(laptop);
    expect(await record()).toBeNull();
  });

  it('takes the person’s word for this computer and no other', async () => {
    const { access } = accessWith();
    await access.trust({ ...laptop, host: 'another' }, shown, idle());
    expect(await problemCode(access.dedicate())).toBe('engine-not-ready');
    await access.trust(laptop, shown, idle());
    await access.dedicate();
    expect(await record()).toMatchObject({ isDedicated: true });
  });
});
