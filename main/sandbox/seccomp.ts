/** A filter of system calls that is stricter than the engine's own; pure. */
import * as z from 'zod';
import { parseJson } from '../parse-json.ts';

/**
 * Calls that the engine's default filter allows to everybody and that nothing in a home
 * needs: making namespaces and mounts of one's own (`unshare -Ur` makes a root user who
 * reaches much more of the kernel), the kernel's key rings, io_uring and the other parts
 * through which homes were broken out of before. OpenClaw works without them (seen with
 * 2026.7.35 and 2026.9.6).
 */
const denied: readonly string[] = [
  'add_key',
  'bpf',
  'fsconfig',
  'fsmount',
  'fsopen',
  'fspick',
  'io_uring_enter',
  'io_uring_register',
  'io_uring_setup',
  'keyctl',
  'mount',
  'mount_setattr',
  'move_mount',
  'name_to_handle_at',
  'open_by_handle_at',
  'open_tree',
  'perf_event_open',
  'pivot_root',
  'request_key',
  'setns',
  'umount',
  'umount2',
  'unshare',
  'userfaultfd',
];

/** CLONE_NEW* flags of clone(2), all but CLONE_NEWTIME, which clone can't be given. */
const newNamespaceFlags = 0x7e020000;
const EPERM = 1;
const ENOSYS = 38;

const Rule = z.looseObject({ names: z.array(z.string()), action: z.string() });
const Profile = z.looseObject({ defaultAction: z.string(), syscalls: z.array(Rule) });

/**
 * Derives the filter for a home from the engine's own.
 *
 * @param profile contents of the engine's default profile (JSON of containers-common)
 * @param arch the engine's word for the processor (`amd64`, `arm64`, …)
 * @returns JSON, or null where the profile isn't of a kind we know: the engine's own stays then
 */
export function stricterProfile(profile: string, arch: string): string | null {
  // On s390 clone takes its flags elsewhere.
  if (arch.startsWith('s390')) return null;
  const parsed = Profile.safeParse(parseJson(profile));
  // Only a list of what is allowed can be made stricter by taking out of it.
  if (!parsed.success || parsed.data.defaultAction !== 'SCMP_ACT_ERRNO') return null;
  const ruled = new Set([...denied, 'clone', 'clone3']);
  const others = parsed.data.syscalls
    .map((rule) => ({ ...rule, names: rule.names.filter((name) => !ruled.has(name)) }))
    .filter(({ names }) => names.length > 0);
  return JSON.stringify({
    ...parsed.data,
    syscalls: [
      ...others,
      {
        names: ['clone'],
        action: 'SCMP_ACT_ALLOW',
        args: [{ index: 0, value: newNamespaceFlags, valueTwo: 0, op: 'SCMP_CMP_MASKED_EQ' }],
      },
      // Its flags lie in memory where no filter can see them; told that there is none, libc takes clone.
      { names: ['clone3'], action: 'SCMP_ACT_ERRNO', errnoRet: ENOSYS, args: [] },
      { names: [...denied], action: 'SCMP_ACT_ERRNO', errnoRet: EPERM, args: [] },
    ],
  });
}
