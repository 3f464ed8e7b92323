import { readBounded } from '../../host/files.ts';

/**
 * Whether this system has both kinds of cgroup at once, with controllers on either side.
 * crun refuses exactly that: "cgroups in hybrid mode not supported, drop all controllers from cgroupv2".
 *
 * @param root `/sys/fs/cgroup`, or another folder in a test
 */
export async function mixesCgroups(root = '/sys/fs/cgroup'): Promise<boolean> {
  // With the new kind alone the controllers stand at the root; with both, `unified` holds the new kind.
  const controllers = await readBounded(`${root}/unified/cgroup.controllers`);
  return controllers !== null && controllers.trim() !== '';
}
