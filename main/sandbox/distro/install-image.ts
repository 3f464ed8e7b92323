/** Brings an image's verified layers into a machine, where they become one folder. */
import { createHash } from 'node:crypto';
import type { StoredImage } from '../image/image-store.ts';
import type { Report } from '../sandbox.ts';
import type { Guest } from './machine.ts';
import { folderOf, imageFolder, imageNote, imageUnit, programs, unitFolder } from './names.ts';
import { type GuestFile, mustSucceed, putFiles, tool } from './system.ts';
import { imageUnitText } from './unit.ts';

/**
 * Names of the layers' folders, lowest first: each stands for the layer and all below it, so that versions share what
 * they have in common; pure.
 */
export function layerNames(layers: StoredImage['layers']): string[] {
  let chain = '';
  return layers.map(({ digest }) => {
    chain = createHash('sha256').update(`${chain} ${digest}`).digest('hex');
    return folderOf(`sha256:${chain}`);
  });
}

/** The unit that makes a folder of an image's layers. */
export function imageUnitFile({ digest, layers }: StoredImage): GuestFile {
  return {
    path: `${unitFolder}/${imageUnit(digest)}`,
    text: imageUnitText(digest, layerNames(layers)),
    mode: '644',
  };
}

/** Sends the layers that are not there yet. */
export async function installImage(
  guest: Guest,
  { digest, layers }: StoredImage,
  report: Report,
): Promise<void> {
  const { signal } = report;
  const names = layerNames(layers);
  const total = layers.reduce((sum, { size }) => sum + size, 0);
  let before = 0;
  for (const [index, { file, packed, size }] of layers.entries()) {
    const words = tool('unpack-layer', packed, names[index] ?? '', ...names.slice(0, index));
    const progress = (done: number) => report.progress(before + done, total);
    await mustSucceed(guest.send(file, words, { ...report, progress }));
    before += size;
  }
  report.progress(total, total);
  // With the note the image is there.
  const note = { path: imageNote(digest), text: `${names.join('\n')}\n`, mode: '644' };
  await putFiles(guest, [note], signal, ['install', '-d', '-m', '755', imageFolder(digest)]);
}

/**
 * Removes images but some, and layers that no image needs any more. Constant: names come as arguments.
 */
const dropScript = `set -u
cd ${programs}/images || exit 0
for note in *.layers; do
  [ -e "$note" ] || continue
  name=\${note%.layers}
  for kept; do [ "$kept" = "$name" ] && continue 2; done
  systemctl stop "opt-clawcove-images-$name.mount" || continue
  rm -f "$note" "/etc/systemd/system/opt-clawcove-images-$name.mount"
  rmdir "$name"
done
cd ${programs}/layers || exit 0
for layer in * .making-*; do
  [ -d "$layer" ] || continue
  grep -qsxF -- "$layer" ${programs}/images/*.layers || rm -rf "$layer"
done
systemctl daemon-reload`;

/** @param keep digests */
export async function dropInstalled(
  guest: Guest,
  keep: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const words = ['/bin/sh', '-c', dropScript, 'drop', ...keep.map(folderOf)];
  await mustSucceed(guest.run(words, { timeoutMs: 600_000, signal }));
}
