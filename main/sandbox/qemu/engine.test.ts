import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { exited, strictRun } from '../../host/strict-run.ts';
import { testFolder } from '../../host/test-folder.ts';
import { engineStateFrom, type Gathered, gather, verdictNow } from './engine.ts';
import { placesIn } from './names.ts';

/** As recorded. */
const versionText =
  'QEMU emulator version 7.2.22 (Debian 1:7.2+dfsg-7+deb12u18+b3)\nCopyright (c) 2003-2022 Fabrice Bellard and the QEMU Project developers\n';
const well: Gathered = {
  versionText,
  missing: [],
  kvm: 'usable',
  hasFailed: false,
  jailSaid: null,
  isPathTooLong: false,
};
const version = '7.2.22';

it.each<[Partial<Gathered>, object]>([
  [{}, { is: 'ready', version, limits: 'enforced' }],
  [{ versionText: null }, { is: 'absent' }],
  [{ missing: ['gpgv'] }, { is: 'absent' }],
  [
    { versionText: 'QEMU emulator version 4.2.1 (Debian 1:4.2-3ubuntu6)' },
    { is: 'too-old', version: '4.2.1', needs: '6.0.0' },
  ],
  [{ versionText: 'Segmentation fault' }, { is: 'broken', detail: 'Segmentation fault' }],
  [{ kvm: 'absent' }, { is: 'no-virtualization', why: 'off-or-missing' }],
  [{ kvm: 'refused' }, { is: 'no-virtualization', why: 'not-allowed' }],
  [{ hasFailed: true }, { is: 'no-virtualization', why: 'does-not-work' }],
  [{ jailSaid: 'not-found' }, { is: 'no-fence', version }],
  [{ isPathTooLong: true }, { is: 'broken', detail: 'the path of ClawCove’s own folder is too long' }],
])('is what was found: %j', (change, state) => {
  expect(engineStateFrom({ ...well, ...change })).toEqual(state);
});

describe('looking', () => {
  const answers = {
    'qemu-system-x86_64 --version': exited(0, versionText),
    'qemu-img --version': exited(0),
    'ssh -V': exited(0),
    'ssh-keygen -?': exited(1),
    'gpgv --version': exited(0),
    'pasta …': exited(0),
  };
  const options = async (change = {}) => {
    const folder = await testFolder();
    const kvmDevice = join(folder, 'kvm');
    await writeFile(kvmDevice, '', { mode: 0o600 });
    const double = strictRun({ ...answers, ...change });
    return {
      run: double.run,
      calls: double.calls,
      places: placesIn(folder),
      uid: 1000,
      gid: 1000,
      kvmDevice,
    };
  };
  const idle = new AbortController().signal;

  it('finds all there', async () => {
    const all = await options();
    expect(await gather(all, idle)).toEqual(well);
    expect(all.calls).toHaveLength(6);
  });

  it('finds what is missing, and what the jail says', async () => {
    const without = await options({
      'gpgv --version': { is: 'not-found' },
      'pasta …': exited(1, '', 'netlink: Error: cache initialization failed: Operation not permitted\n'),
    });
    const seen = await gather({ ...without, kvmDevice: '/no/such/device' }, idle);
    expect(seen).toMatchObject({ missing: ['gpgv'], kvm: 'absent' });
    expect(seen.jailSaid).toContain('not permitted');
  });

  it('remembers a failure until the computer is started again', async () => {
    const all = await options();
    const { mkdir } = await import('node:fs/promises');
    await mkdir(all.places.folder);
    await writeFile(all.places.verdict, await verdictNow());
    expect((await gather(all, idle)).hasFailed).toBe(true);
    await writeFile(all.places.verdict, 'another start');
    expect((await gather(all, idle)).hasFailed).toBe(false);
  });

  it('knows when the folder’s path is too long for a socket', async () => {
    const all = await options();
    const places = placesIn(`/home/${'x'.repeat(80)}`);
    expect((await gather({ ...all, places }, idle)).isPathTooLong).toBe(true);
  });
});
