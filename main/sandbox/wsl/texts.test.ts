import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { usualBases } from './base.ts';
import { isSamePath } from './distros.ts';
import { fstab, fstabWord, isSharable, wslConf } from './texts.ts';
import { listenersIn, waysToComputer, wslConfigFrom, wslConfigTrap } from './wslconfig.ts';

const sample = (name: string) => readFileSync(join(import.meta.dirname, 'fixtures', name), 'utf8');
const agent = { name: 'openclaw', uid: 15_789, gid: 15_789 };
const settings = (text: string) =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));

describe('wsl.conf', () => {
  it('says what is known to lock a distribution down, and who is nobody', () => {
    const known = settings(sample('wsl.conf')).filter((line) => line !== 'default=openclaw');
    expect(settings(wslConf())).toEqual(expect.arrayContaining(known));
    expect(settings(wslConf())).toContain('default=nobody');
    expect(wslConf()).toMatch(/\[automount\]\nenabled=false\nmountFsTab=true/);
    expect(wslConf()).toMatch(/\[interop\]\nenabled=false\nappendWindowsPath=false/);
  });
});

describe('fstab', () => {
  it('mounts one folder, for the agent alone, with nothing in it that gains rights', () => {
    const [line = ''] = settings(
      fstab('C:\\Users\\Jürgen Müller\\OpenClaw Shared', '/home/openclaw/shared', agent),
    );
    const [known = ''] = settings(sample('fstab'));
    expect(line.split(' ').slice(0, 3)).toEqual(known.split(' ').slice(0, 3));
    const options = line.split(' ')[3]?.split(',');
    expect(options).toEqual(
      expect.arrayContaining([...(known.split(' ')[3]?.split(',') ?? []), 'nosuid', 'nodev']),
    );
    expect(settings(fstab('C:\\a', '/b', agent))).toHaveLength(1);
  });

  it('keeps a word one word, whatever is in it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (word) => {
        const written = fstabWord(word);
        expect(written).not.toMatch(/[\s#]/);
        const read = written.replace(/\\([0-7]{3,})/g, (_, octal: string) =>
          String.fromCharCode(Number.parseInt(octal, 8)),
        );
        if (!/[\s\\#][0-7]/.test(word)) expect(read).toBe(word);
      }),
    );
  });

  it.each([
    '\\\\server\\share',
    'C:relative',
    '/mnt/c',
    'C:\\a\nb',
    'C:\\a"b',
    '',
    'C:\\a|b',
    'C:\\a,b',
    'C:\\a;uid=0',
    'C:\\',
    'C:\\\\x',
  ])('shares no %j', (path) => {
    expect(isSharable(path)).toBe(false);
    expect(() => fstab(path, '/b', agent)).toThrow();
  });
});

describe('the place of a distribution', () => {
  const ours = 'C:\\Users\\Jürgen Müller\\AppData\\Local\\ClawCove\\wsl\\disk';
  const inOldEncoding = ours.replaceAll('ü', '\x81');

  it.each([
    [ours, true],
    [ours.toUpperCase(), true],
    [`${ours}\\`, true],
    [inOldEncoding, true],
    [ours.replaceAll('ü', '?'), true],
    [ours.replace('disk', 'disk2'), false],
    [ours.replace('ClawCove', 'Docker'), false],
    ['D:\\wsl\\disk', false],
    ['', false],
  ])('%j', (seen, same) => expect(isSamePath(seen, ours)).toBe(same));

  it('is compared to the letter where all letters can be told', () => {
    const plain = 'C:\\Users\\anna\\AppData\\Local\\ClawCove\\wsl\\disk';
    expect(isSamePath(plain, plain)).toBe(true);
    expect(isSamePath(plain.replace('anna', 'anne'), plain)).toBe(false);
    // In GBK the second half of a letter may be a backslash.
    expect(isSamePath('C:\\Users\\\x83\\\\x\\disk', 'C:\\Users\\王芳\\x\\disk')).toBe(true);
  });
});

describe('the person’s .wslconfig', () => {
  it('counts as WSL’s own choice where it says nothing', () => {
    const config = wslConfigFrom('');
    expect(config).toEqual({
      networking: 'nat',
      forwardsLocalhost: true,
      tunnelsNames: true,
      sharesFiles: true,
    });
    expect(wslConfigTrap(config)).toBeNull();
    expect(waysToComputer(config)).toEqual([]);
  });

  it.each([
    ['\uFEFF[wsl2]\r\nnetworkingMode = Mirrored # mine\r\n', { networking: 'mirrored' }, null],
    ['[experimental]\nnetworkingMode=mirrored', { networking: 'mirrored' }, null],
    ['[wsl2]\nnetworkingMode=none', { networking: 'none' }, 'networkingMode=none'],
    ['[wsl2]\nnetworkingmode="bridged"', { networking: 'bridged' }, 'networkingMode=bridged'],
    ['[WSL2]\nLocalhostForwarding=FALSE', { forwardsLocalhost: false }, 'localhostForwarding=false'],
    ['[wsl2]\nnetworkingMode=mirrored\nlocalhostForwarding=false', { forwardsLocalhost: false }, null],
    ['[wsl2]\nhostFileSystemAccess=false', { sharesFiles: false }, 'hostFileSystemAccess=false'],
    ['[wsl2]\ndnsTunneling=false', { tunnelsNames: false }, null],
    ['[general]\nnetworkingMode=none\n', { networking: 'nat' }, null],
    ['garbage\n=\n[wsl2', { networking: 'nat' }, null],
  ] as const)('%j', (text, part, trap) => {
    expect(wslConfigFrom(text)).toMatchObject(part);
    expect(wslConfigTrap(wslConfigFrom(text))).toBe(trap);
  });

  it('that mirrors this computer makes its inner address one of the home’s ways', () => {
    expect(waysToComputer(wslConfigFrom('[wsl2]\nnetworkingMode=mirrored'))).toEqual(['127.0.0.1']);
  });

  it('tells where somebody listens inside', () => {
    const ss =
      'LISTEN 0 1 127.0.0.1:18789 0.0.0.0:*\nLISTEN 0 1 [::]:18789 [::]:*\nLISTEN 0 1 [::1%lo]:18789 *:*\nLISTEN 0 1 0.0.0.0:1 *:*\n';
    expect(listenersIn(ss, 18_789)).toEqual(['127.0.0.1', '0.0.0.0', '::1']);
  });
});

it('takes the root file system that WSL’s makers list, by their checksum', () => {
  const list = JSON.parse(sample('DistributionInfo.excerpt.json')) as {
    ModernDistributions: { Ubuntu: { Name: string; Amd64Url: object; Arm64Url: object }[] };
  };
  const ubuntu = list.ModernDistributions.Ubuntu.find(({ Name }) => Name === 'Ubuntu-24.04');
  const as = ({ urls: [Url], sha256: Sha256 }: { urls: readonly string[]; sha256: string }) => ({
    Url,
    Sha256,
  });
  expect(ubuntu?.Amd64Url).toEqual(as(usualBases.x64));
  expect(ubuntu?.Arm64Url).toEqual(as(usualBases.arm64));
});
