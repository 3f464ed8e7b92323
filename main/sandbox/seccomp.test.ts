import { describe, expect, it } from 'vitest';
import { stricterProfile } from './seccomp.ts';

const usual = {
  defaultAction: 'SCMP_ACT_ERRNO',
  defaultErrnoRet: 38,
  archMap: [{ architecture: 'SCMP_ARCH_X86_64', subArchitectures: ['SCMP_ARCH_X86'] }],
  syscalls: [
    {
      names: ['bpf', 'vhangup'],
      action: 'SCMP_ACT_ERRNO',
      errnoRet: 1,
      excludes: { caps: ['CAP_SYS_ADMIN'] },
    },
    { names: ['clone', 'clone3', 'read', 'unshare', 'mount', 'keyctl'], action: 'SCMP_ACT_ALLOW' },
    { names: ['setns'], action: 'SCMP_ACT_ALLOW', includes: { caps: ['CAP_SYS_ADMIN'] } },
  ],
};

describe('the filter of system calls', () => {
  const derived = JSON.parse(stricterProfile(JSON.stringify(usual), 'amd64') ?? '{}');
  const rulesFor = (name: string) =>
    derived.syscalls.filter(({ names }: { names: string[] }) => names.includes(name));

  it('keeps what the engine decided about all other calls', () => {
    expect(derived).toMatchObject({
      defaultAction: 'SCMP_ACT_ERRNO',
      defaultErrnoRet: 38,
      archMap: usual.archMap,
    });
    expect(rulesFor('read')).toMatchObject([{ action: 'SCMP_ACT_ALLOW' }]);
    expect(rulesFor('vhangup')).toMatchObject([{ errnoRet: 1, excludes: { caps: ['CAP_SYS_ADMIN'] } }]);
  });

  it('refuses namespaces, mounts and key rings, in exactly one rule each', () => {
    for (const name of ['unshare', 'setns', 'mount', 'keyctl', 'bpf', 'io_uring_setup', 'open_tree'])
      expect([name, rulesFor(name)]).toMatchObject([name, [{ action: 'SCMP_ACT_ERRNO', errnoRet: 1 }]]);
  });

  it('allows new processes and threads, but not in a namespace of their own', () => {
    expect(rulesFor('clone')).toEqual([
      {
        names: ['clone'],
        action: 'SCMP_ACT_ALLOW',
        args: [{ index: 0, value: 0x7e020000, valueTwo: 0, op: 'SCMP_CMP_MASKED_EQ' }],
      },
    ]);
    expect(rulesFor('clone3')).toMatchObject([{ action: 'SCMP_ACT_ERRNO', errnoRet: 38 }]);
  });

  it("stays the engine's own where it is not understood", () => {
    expect(stricterProfile('not json', 'amd64')).toBeNull();
    expect(stricterProfile('{}', 'amd64')).toBeNull();
    expect(
      stricterProfile(JSON.stringify({ ...usual, defaultAction: 'SCMP_ACT_ALLOW' }), 'amd64'),
    ).toBeNull();
    expect(stricterProfile(JSON.stringify(usual), 's390x')).toBeNull();
  });
});
