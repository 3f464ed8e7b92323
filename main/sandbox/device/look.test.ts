import { execFileSync } from 'node:child_process';
import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { testFolder } from '../../host/test-folder.ts';
import { factsFrom, lookQuestion, stateFrom, unsuitedFor } from './look.ts';

const answer = `machine=x86_64
systemd=252.39
runs=yes
memory=8010000
disk=90000000
groups=yes
fence=yes
packages=apt-get
`;
const factsOf = (text: string) => {
  const facts = factsFrom(text);
  if (facts === null) throw new Error('no facts');
  return facts;
};
const facts = factsOf(answer);
const GiB = 1024 ** 3;

describe('what another computer says of itself', () => {
  it('makes it ready', () => {
    expect(stateFrom(facts, 'x64', false)).toEqual({
      is: 'ready',
      version: '252.39',
      limits: 'enforced',
    });
  });

  it.each([
    ['runs=yes', 'runs=no', 'system'],
    ['systemd=252.39', 'systemd=237', 'system'],
    ['systemd=252.39', 'systemd=', 'system'],
    ['fence=yes\npackages=apt-get', 'fence=no\npackages=none', 'system'],
    ['machine=x86_64', 'machine=aarch64', 'processor'],
    ['memory=8010000', 'memory=1010000', 'memory'],
  ])('leaves it unsuited: %j → %j', (was, now, why) => {
    expect(unsuitedFor(factsOf(answer.replace(was, now)), 'x64')).toBe(why);
  });

  it('gives a home that is there its room, and asks it of one that isn’t', () => {
    const full = { ...facts, freeDiskBytes: GiB };
    expect(stateFrom(full, 'x64', false)).toMatchObject({ is: 'no-room', freeBytes: GiB });
    expect(stateFrom(full, 'x64', true)).toMatchObject({ is: 'ready' });
  });

  it('is told in words of its own, and nothing else is believed', () => {
    const hostile = factsOf(
      `${answer.replace('252.39', '252.39\u001b[31m')}sign browser 2\nsign secrets 5\nsign mail -1\nsign mail 99999999999\n`,
    );
    expect(hostile.systemd).toBe('');
    expect(hostile.signs).toEqual([{ sign: 'browser', count: 2 }]);
    const livedIn = { ...facts, signs: hostile.signs };
    expect(stateFrom(livedIn, 'x64', false)).toMatchObject({ is: 'ready', notes: ['computer-lived-in'] });
  });

  it('is no answer where nothing was said', () => {
    expect(factsFrom('')).toBeNull();
    expect(factsFrom('bash: no such file\n')).toBeNull();
  });
});

describe('the question itself', () => {
  /** Asks with homes of our own in place of the system's. */
  async function ask(files: readonly string[], people = ['ada']): Promise<ReturnType<typeof factsOf>> {
    const folder = await testFolder();
    const bin = join(folder, 'bin');
    await mkdir(bin);
    const lines = [
      `root:x:0:0::${join(folder, 'root')}:/bin/bash`,
      `daemon:x:1:1::/:/usr/sbin/nologin`,
      `openclaw:x:58789:58789::/nonexistent:/usr/sbin/nologin`,
      ...people.map((name, at) => `${name}:x:${1000 + at}:1000::${join(folder, name)}:/bin/bash`),
    ];
    await writeFile(join(bin, 'getent'), `#!/bin/sh\ncat << 'END'\n${lines.join('\n')}\nEND\n`);
    await chmod(join(bin, 'getent'), 0o755);
    for (const name of ['root', ...people]) await mkdir(join(folder, name));
    for (const file of files) {
      await mkdir(dirname(join(folder, file)), { recursive: true });
      // Nobody could read them.
      await writeFile(join(folder, file), '', { mode: 0 });
    }
    await symlink('/etc', join(folder, 'root', 'Dropbox'));
    const [program, ...args] = lookQuestion;
    return factsOf(
      execFileSync(program, args, {
        encoding: 'utf8',
        env: { PATH: `${bin}:/usr/sbin:/usr/bin:/sbin:/bin`, LC_ALL: 'C.UTF-8' },
      }),
    );
  }

  it('finds no sign of life where there is none, and follows no link', async () => {
    const seen = await ask([]);
    expect(seen.signs).toEqual([]);
    expect(seen.machine).not.toBe('');
    expect(seen.memoryBytes).toBeGreaterThan(0);
  });

  it('counts what people leave, without opening any of it', async () => {
    const documents = Array.from({ length: 12 }, (_, at) => `ada/Documents/letter ${at}.odt`);
    const { signs } = await ask(
      [
        'ada/.mozilla/firefox/x.default/places.sqlite',
        'ada/.config/google-chrome/Default/History',
        'ben/.thunderbird/y.default/prefs.js',
        'ben/Nextcloud/file',
        'ada/.config/Signal/config.json',
        'root/Passwords.kdbx',
        ...documents,
      ],
      ['ada', 'ben'],
    );
    expect(signs).toEqual([
      { sign: 'accounts', count: 2 },
      { sign: 'browser', count: 2 },
      { sign: 'mail', count: 1 },
      { sign: 'synced', count: 1 },
      { sign: 'messages', count: 1 },
      { sign: 'passwords', count: 1 },
      { sign: 'documents', count: 12 },
    ]);
  });
});
