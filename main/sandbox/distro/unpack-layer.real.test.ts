/** Layers as the script in a machine unpacks them, and what the kernel then makes of them, in namespaces of their own. */
import { execFile } from 'node:child_process';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeEach, expect, it } from 'vitest';
import unpackLayer from '../../../assets/guest/unpack-layer.sh?raw';
import { testFolder } from '../../host/test-folder.ts';

let folder: string;
let layers: number;

beforeEach(async () => {
  folder = await testFolder();
  layers = 0;
  await writeFile(join(folder, 'unpack.sh'), unpackLayer);
});

/** Packs a layer: files by their names, folders end with a slash, links say where to. */
async function layer(files: Readonly<Record<string, string | { to: string }>>): Promise<void> {
  layers += 1;
  const root = join(folder, `root${layers}`);
  await mkdir(root);
  for (const [name, contents] of Object.entries(files)) {
    const path = join(root, name);
    await mkdir(name.endsWith('/') ? path : join(path, '..'), { recursive: true });
    if (typeof contents !== 'string') await symlink(contents.to, path);
    else if (!name.endsWith('/')) await writeFile(path, contents, { mode: 0o4755 });
  }
  const words = [
    '--create',
    '--gzip',
    `--file=${join(folder, `layer${layers}`)}`,
    `--directory=${root}`,
    '.',
  ];
  await promisify(execFile)('tar', ['--owner=0', '--group=0', ...words]);
}

/** Unpacks all layers over each other, and says what a command sees in them. */
async function merged(...command: string[]) {
  const script = `set -e
    folder=$1 count=$2
    shift 2
    mount -t tmpfs tmpfs /opt
    mkdir -p /opt/clawcove/layers /opt/clawcove/empty /opt/merged
    below= lower=/opt/clawcove/empty
    for nr in $(seq "$count"); do
      sh "$folder/unpack.sh" gzip "l$nr" $below < "$folder/layer$nr"
      below="$below l$nr" lower=/opt/clawcove/layers/l$nr:$lower
    done
    mount -t overlay overlay -o "ro,lowerdir=$lower" /opt/merged
    cd /opt/merged
    "$@"`;
  const words = ['--user', '--map-root-user', '--mount', 'sh', '-c', script, 'merge', folder, String(layers)];
  const { stdout } = await promisify(execFile)('unshare', [...words, ...command]);
  return stdout.trim().split('\n').sort();
}
const names = () => merged('find', '.', '-mindepth', '1', '-printf', '%P %y\\n');

it('lie over each other, and what one takes away is gone', async () => {
  await layer({ 'bin/old': 'old', 'bin/both': 'old', 'etc/conf': '1' });
  await layer({ 'bin/.wh.old': '', 'bin/both': 'new', '.wh.etc': '' });
  expect(await names()).toEqual(['bin d', 'bin/both f']);
  expect(await merged('cat', 'bin/both')).toEqual(['new']);
});

it('begin a folder anew where one says so, deep down as well', async () => {
  await layer({ 'a/b/old': '', 'a/b/c/old': '', 'a/b/c/d/old': '', 'a/stays': '' });
  await layer({ 'a/b/late': '' });
  await layer({ 'a/b/.wh..wh..opq': '', 'a/b/new': '', 'a/b/c/new': '' });
  expect(await names()).toEqual(['a d', 'a/b d', 'a/b/c d', 'a/b/c/new f', 'a/b/new f', 'a/stays f']);
});

it('don’t lead out of their place by an older one’s link', async () => {
  const outside = join(folder, 'outside');
  await mkdir(outside);
  await layer({ way: { to: outside } });
  await layer({ 'way/escaped': 'from inside' });
  await layer({ 'way/.wh.nothing': '' });
  expect(await merged('ls', '-A', outside)).toEqual(['']);
  expect(await names()).toEqual(['way d', 'way/escaped f']);
});

it('let nobody become somebody else', async () => {
  await layer({ 'bin/su': '' });
  expect(await merged('find', '.', '-perm', '/6000')).toEqual(['']);
});

it('keep odd names', async () => {
  await layer({ 'with space/a\nline': '', 'with space/-rf': '', 'with space/$(id)': '' });
  await layer({ 'with space/.wh.a\nline': '', 'with space/.wh.-rf': '' });
  expect(await names()).toEqual(['with space d', 'with space/$(id) f']);
});
