/** The scripts that run inside, run by a real shell, and what is made of what they say. */
import { readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createRun } from '../../host/command.ts';
import { environmentForPrograms } from '../../host/environment.ts';
import { testFolder } from '../../host/test-folder.ts';
import { breachProblem, targetScript, writeScript } from './configure.ts';
import { breachesIn, lockdownFrom, lookAtLockdown } from './lockdown.ts';
import { fstab, wslConf } from './texts.ts';

const run = createRun(environmentForPrograms(process.env));
const sh = (script: string, path: string, input?: string) =>
  run({
    file: '/bin/sh',
    args: ['-c', script, 'name', path],
    timeoutMs: 10_000,
    signal: new AbortController().signal,
    ...(input === undefined ? {} : { input }),
  });
const said = (untrustedOut: string) =>
  lockdownFrom({ exitCode: 0, untrustedOut, untrustedErr: '', truncated: false });

describe('writing a file inside', () => {
  it('puts it there whole, for everybody to read, and makes the folder above it', async () => {
    const folder = await testFolder();
    const file = join(folder, 'a b', '$(x)');
    expect(await sh(writeScript, file, 'süß\n')).toMatchObject({ code: 0, stdout: '' });
    expect(await readFile(file, 'utf8')).toBe('süß\n');
    expect((await stat(file)).mode & 0o777).toBe(0o644);
    expect(await readdir(join(folder, 'a b'))).toEqual(['$(x)']);
  });

  it('replaces a link and leaves alone what it leads to', async () => {
    const folder = await testFolder();
    await writeFile(join(folder, 'other'), 'mine');
    await symlink(join(folder, 'other'), join(folder, 'wsl.conf'));
    await sh(writeScript, join(folder, 'wsl.conf'), 'new');
    expect(await readFile(join(folder, 'other'), 'utf8')).toBe('mine');
    expect(await readFile(join(folder, 'wsl.conf'), 'utf8')).toBe('new');
  });

  it('says so when it can’t', async () => {
    expect(await sh(writeScript, '/proc/nowhere/file', 'x')).not.toMatchObject({ code: 0 });
  });
});

it('leaves a place for the folder in which nobody can write while it isn’t mounted', async () => {
  const place = join(await testFolder(), 'srv', 'shared');
  expect(await sh(targetScript, place)).toMatchObject({ code: 0 });
  expect((await stat(place)).mode & 0o777).toBe(0o555);
});

describe('looking from inside', () => {
  const shared = 'C:\\Users\\Jürgen Müller\\OpenClaw';
  const wanted = {
    wslConf: wslConf(),
    fstab: fstab(shared, '/srv/openclaw/shared', { name: 'a', uid: 1, gid: 1 }),
    sharedFolder: shared,
    sharedInside: '/srv/openclaw/shared',
  };
  const ours =
    '76 63 0:42 / /srv/openclaw/shared rw - 9p C:\\134Users\\134Jürgen\\040Müller\\134OpenClaw rw,aname=drvfs;path=C:\\Users';
  const view = (mounts: readonly string[], more: { conf?: string; first?: string; interop?: string } = {}) =>
    said(
      [
        more.conf ?? wanted.wslConf,
        wanted.fstab,
        ['63 1 8:32 / / rw - ext4 /dev/sdc rw', ...mounts, ''].join('\n'),
        `${more.first ?? 'systemd'}\n`,
        `${more.interop ?? ''}\n`,
      ].join('=-=-= clawcove =-=-=\n'),
    );
  const judged = (...given: Parameters<typeof view>) => {
    const seen = view(...given);
    if (!seen) throw new Error('not read');
    return breachesIn(seen, wanted);
  };

  it('works on a real Linux, which has none of WSL’s', async () => {
    const outcome = await run({
      file: lookAtLockdown[0],
      args: lookAtLockdown.slice(1),
      timeoutMs: 10_000,
      signal: new AbortController().signal,
    });
    if (outcome.is !== 'exited') throw new Error(outcome.is);
    const seen = said(outcome.stdout);
    expect(seen).toMatchObject({ wslConf: '', interop: false });
    expect(seen && breachesIn(seen, wanted)).toEqual(
      expect.arrayContaining(['settings-differ', 'folder-not-seen']),
    );
  });

  it.each<[string, ReturnType<typeof judged>, string[]]>([
    ['nothing amiss', judged([ours]), []],
    ['another letter case', judged([ours.replace('C:', 'c:')]), []],
    [
      'drive C as well',
      judged([ours, '77 63 0:43 / /mnt/c rw - 9p C:\\134 rw,aname=drvfs;path=C:\\']),
      ['sees-more'],
    ],
    ['another folder in that place', judged([ours.replace('134OpenClaw', '134Documents')]), ['sees-more']],
    [
      'a path told in the options alone',
      judged([
        ours
          .replace(/9p \S+ /, '9p drvfs ')
          .replace('path=C:\\Users', `path=${shared.replace(' ', '\\040')}`),
      ]),
      [],
    ],
    [
      'WSL’s own parts',
      judged([ours, '78 63 0:44 / /usr/lib/wsl/drivers ro - 9p drivers ro,aname=drivers;fmask=222']),
      [],
    ],
    [
      'WSL’s other way of sharing',
      judged(['76 63 0:42 / /srv/openclaw/shared rw - virtiofs drvfsa1 rw']),
      [],
    ],
    ['more by that way', judged([ours, '76 63 0:42 / /mnt/d rw - virtiofs drvfsa2 rw']), ['sees-more']],
    ['no folder', judged([]), ['folder-not-seen']],
    ['no systemd', judged([ours], { first: 'init(ClawCove)' }), ['no-systemd']],
    ['programs of Windows', judged([ours], { interop: '/run/WSL/9_interop' }), ['starts-windows-programs']],
    ['other settings', judged([ours], { conf: '[interop]\n' }), ['settings-differ']],
  ])('finds %s', (_, found, expected) => expect(found).toEqual(expected));

  it('knows nothing where the answer is cut off', () => {
    expect(said('')).toBeNull();
    expect(said('a=-=-= clawcove =-=-=\nb')).toBeNull();
  });

  it('tells a folder that is not seen from a home that is not locked', () => {
    expect(breachProblem(['folder-not-seen'], shared).problem).toMatchObject({
      code: 'shared-folder-not-seen',
      facts: { path: shared },
    });
    expect(breachProblem(['folder-not-seen', 'no-systemd'], shared).problem).toMatchObject({
      code: 'home-not-locked',
      facts: { detail: 'folder-not-seen, no-systemd' },
    });
  });
});
