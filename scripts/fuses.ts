import { join } from 'node:path';
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { getConfig } from 'app-builder-lib/out/util/config/config.js';

const project = join(import.meta.dirname, '..');

/** `RunAsNode` as electron-builder writes it. */
const asOption = (fuse: string) => fuse.charAt(0).toLowerCase() + fuse.slice(1);

/**
 * Which fuses of a packaged program are not as electron-builder.yml says, by electron-builder's names.
 *
 * @param program the executable
 */
export async function wrongFuses(program: string): Promise<string[]> {
  const { electronFuses } = await getConfig(project, join(project, 'electron-builder.yml'), null);
  const wanted = new Map(Object.entries(electronFuses ?? {}));
  const wire = await getCurrentFuseWire(program);
  const fuses = Object.entries(FuseV1Options).filter(([, at]) => typeof at === 'number');
  return fuses
    .map(([fuse, at]) => ({ name: asOption(fuse), is: wire[at as FuseV1Options] }))
    .filter(
      ({ name, is }) => wanted.has(name) && is !== (wanted.get(name) ? FuseState.ENABLE : FuseState.DISABLE),
    )
    .map(({ name }) => name)
    .concat([...wanted.keys()].filter((name) => !fuses.some(([fuse]) => asOption(fuse) === name)));
}
