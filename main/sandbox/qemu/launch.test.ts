import { expect, it } from 'vitest';
import { endedFrom } from './launch.ts';

const end = 'clawcove: ended with 1\n';

it.each([
  ['', null],
  ["qemu-system-x86_64: warning: host doesn't support requested feature: CPUID.01H:ECX.pni [bit 0]\n", null],
  // A guest's words never come here; a line that only looks alike ends nothing.
  ['it says clawcove: ended with 1', null],
  [
    `Failed to bind port 18789 (Address already in use) for option '-t 127.0.0.1/18789', exiting\n${end}`,
    { is: 'port-taken', port: 18_789 },
  ],
  [
    `qemu-system-x86_64: -netdev user,id=n0,hostfwd=tcp:127.0.0.1:18799-:18789: Could not set up host forwarding rule 'tcp:127.0.0.1:18799-:18789'\n${end}`,
    { is: 'port-taken', port: 18_799 },
  ],
  [
    `Could not access KVM kernel module: Permission denied\nqemu-system-x86_64: -accel kvm: failed to initialize kvm: Permission denied\n${end}`,
    { is: 'no-virtualization', detail: 'Could not access KVM kernel module: Permission denied' },
  ],
  // A kernel with `kvm_pvm` and the processor's own features.
  [
    `qemu-system-x86_64: error: failed to set MSR 0x10a to 0x69\nqemu-system-x86_64: ../../target/i386/kvm/kvm.c:3183: kvm_buf_set_msrs: Assertion \`ret == cpu->kvm_msr_buf->nmsrs' failed.\nclawcove: ended with 134\n`,
    {
      is: 'no-virtualization',
      detail:
        "qemu-system-x86_64: ../../target/i386/kvm/kvm.c:3183: kvm_buf_set_msrs: Assertion `ret == cpu->kvm_msr_buf->nmsrs' failed.",
    },
  ],
  [
    `netlink: Error: cache initialization failed: Operation not permitted\n${end}`,
    { is: 'no-fence', detail: 'netlink: Error: cache initialization failed: Operation not permitted' },
  ],
  ['clawcove: ended with 137\n', { is: 'failed', detail: 'exit code 137' }],
])('reads how it ended: %j', (words, ended) => {
  expect(endedFrom(words)).toEqual(ended);
});
