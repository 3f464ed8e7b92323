/**
 * Settings of the machine's own system that make it harder than it comes; pure. What is behind each, and what is left as it
 * is: docs/hardening.md. They are for a kernel that is the machine's alone.
 */

/** Source: the kernel's Documentation/admin-guide/sysctl; values as lynis asks for them (KRNL-6000). */
const kernel: Readonly<Record<string, number>> = {
  'dev.tty.ldisc_autoload': 0,
  'fs.protected_fifos': 2,
  'fs.protected_hardlinks': 1,
  'fs.protected_regular': 2,
  'fs.protected_symlinks': 1,
  'fs.suid_dumpable': 0,
  'kernel.core_uses_pid': 1,
  'kernel.dmesg_restrict': 1,
  'kernel.kptr_restrict': 2,
  'kernel.perf_event_paranoid': 3,
  'kernel.randomize_va_space': 2,
  'kernel.sysrq': 0,
  'kernel.unprivileged_bpf_disabled': 1,
  'kernel.yama.ptrace_scope': 2,
  'net.core.bpf_jit_harden': 2,
  'net.ipv4.conf.all.accept_redirects': 0,
  'net.ipv4.conf.all.accept_source_route': 0,
  'net.ipv4.conf.all.log_martians': 1,
  'net.ipv4.conf.all.rp_filter': 1,
  'net.ipv4.conf.all.send_redirects': 0,
  'net.ipv4.conf.default.accept_redirects': 0,
  'net.ipv4.conf.default.accept_source_route': 0,
  'net.ipv4.conf.default.log_martians': 1,
  'net.ipv4.conf.default.send_redirects': 0,
  'net.ipv4.icmp_echo_ignore_broadcasts': 1,
  'net.ipv4.icmp_ignore_bogus_error_responses': 1,
  'net.ipv4.tcp_syncookies': 1,
  'net.ipv6.conf.all.accept_redirects': 0,
  'net.ipv6.conf.all.accept_source_route': 0,
  'net.ipv6.conf.default.accept_redirects': 0,
  'net.ipv6.conf.default.accept_source_route': 0,
};

/** Nothing here uses them, and old ones have had holes that any program could get at (NETW-3200, USB-1000, STRG-1846). */
const unusedModules = [
  'dccp',
  'sctp',
  'rds',
  'tipc',
  'usb-storage',
  'firewire-core',
  'firewire-ohci',
  'firewire-sbp2',
];

/** For whoever looks at its console, on which nobody can log in (BANN-7126). */
const banner = `This is a private system, restricted to its owner and to ClawCove, which keeps it for them.
Access is logged. Any other use is prohibited by its owner's policy, and by law.
`;

/** Files by their path. */
export const hardenedFiles: Readonly<Record<string, string>> = {
  '/etc/sysctl.d/99-clawcove.conf': Object.entries(kernel)
    .map(([name, value]) => `${name} = ${value}\n`)
    .join(''),
  '/etc/modprobe.d/clawcove.conf': unusedModules
    .map((name) => `install ${name} /bin/false\nblacklist ${name}\n`)
    .join(''),
  // A memory image of a program holds its keys (KRNL-5820).
  '/etc/security/limits.d/clawcove.conf': '* hard core 0\n* soft core 0\n',
  '/etc/systemd/coredump.conf.d/clawcove.conf': '[Coredump]\nStorage=none\nProcessSizeMax=0\n',
  '/etc/issue': banner,
  '/etc/issue.net': banner,
};
