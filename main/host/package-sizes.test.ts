import { describe, expect, it } from 'vitest';
import { sizeQuestion, sizesIn } from './package-sizes.ts';
import { packageManagers } from './packages.ts';

/** As recorded on apt 2.6.1. */
const answer = `The following packages will be upgraded:
  openssh-client
1 upgraded, 27 newly installed, 0 to remove and 146 not upgraded.
Need to get 14.1 MB/18.9 MB of archives.
After this operation, 90.2 MB of additional disk space will be used.
Do you want to continue? [Y/n] N
Abort.
`;

describe('what installing would take', () => {
  it('is read from apt’s own words', () => {
    expect(sizesIn(answer)).toEqual({ downloadBytes: 14_100_000, diskBytes: 90_200_000 });
    expect(sizesIn(answer.replace('14.1 MB/18.9 MB', '1,234 kB'))?.downloadBytes).toBe(1_234_000);
    expect(sizesIn(answer.replace('14.1 MB/18.9 MB', '0 B/18.9 MB'))?.downloadBytes).toBe(0);
    expect(
      sizesIn(
        answer.replace('90.2 MB of additional disk space will be used', '3,072 B disk space will be freed'),
      )?.diskBytes,
    ).toBe(0);
  });

  it.each(['', 'E: Unable to locate package qemu-system-x86\n', answer.replace('Need', 'need')])(
    'is not made up of %j',
    (text) => {
      expect(sizesIn(text)).toBeNull();
    },
  );

  it('is asked of who answers ordinary people, and for what would be installed', () => {
    const questions = packageManagers.map(({ tool, installMachine }) => ({
      tool,
      asks: sizeQuestion(installMachine()),
    }));
    expect(questions.filter(({ asks }) => asks !== null).map(({ tool }) => tool)).toEqual([
      '/usr/bin/apt-get',
    ]);
    const [apt] = packageManagers;
    const args = sizeQuestion(apt?.install({ runc: true }) ?? [])?.args ?? [];
    expect(args).toEqual(
      expect.arrayContaining(['--assume-no', '--no-install-recommends', 'podman', 'runc']),
    );
    expect(args).not.toContain('-y');
  });
});
