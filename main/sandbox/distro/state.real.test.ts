/** What the script in a machine makes of the state and its copies, whenever it is killed; in namespaces of their own. */
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeEach, describe, expect, it } from 'vitest';
import state from '../../../assets/guest/state.sh?raw';
import { testFolder } from '../../host/test-folder.ts';

let folder: string;

beforeEach(async () => {
  folder = await testFolder();
  await writeFile(join(folder, 'state.sh'), state);
});

/**
 * Runs lines in a place of their own, in which `state` is the script and `killed N` lets its N-th move be its last
 * moment: it is killed before that.
 */
async function inPlace(...lines: string[]): Promise<string> {
  const script = `set -e
    scripts=$1
    shift
    mount -t tmpfs tmpfs /var/lib
    mkdir -p /var/lib/clawcove/copies "$scripts/bin"
    cd /var/lib/clawcove
    real=$(command -v mv)
    printf '%s\\n' '#!/bin/sh' 'left=$(cat /var/lib/left 2> /dev/null || echo 0)' 'echo $((left - 1)) > /var/lib/left' \\
      '[ "$left" != 1 ] || { kill -KILL $PPID; exit 1; }' "exec $real \\"\\$@\\"" > "$scripts/bin/mv"
    chmod 755 "$scripts/bin/mv"
    PATH=$scripts/bin:$PATH
    state() { sh "$scripts/state.sh" "$@"; }
    killed() { echo "$1" > /var/lib/left; }
    what() { for name in state copies/*/state; do [ -d "$name" ] && echo "$name: $(cat "$name/file" 2> /dev/null)"; done; :; }
    state make 0
    echo one > state/file
    eval "$1"`;
  const words = ['--user', '--map-root-user', '--mount', 'sh', '-c', script, 'place', folder];
  const { stdout } = await promisify(execFile)('unshare', [...words, lines.join('\n')]);
  return stdout.trim();
}
const copy = 'echo first | state copy before env; echo two > state/file';

describe('the state in a machine', () => {
  it('is copied, and changes places with the copy', async () => {
    expect(await inPlace(copy, 'what')).toBe('state: two\ncopies/before/state: one');
    expect(await inPlace(copy, 'state note before')).toBe('first');
    expect(await inPlace(copy, 'echo second | state exchange before', 'what; state note aside')).toBe(
      'state: one\ncopies/aside/state: two\nsecond',
    );
    // Done already.
    const again = ['echo second | state exchange before', 'echo third | state exchange before'];
    expect(await inPlace(copy, ...again, 'what')).toBe('state: one\ncopies/aside/state: two');
  });

  it.each([1, 2, 3])('is whole when whoever exchanges it is killed before move %d', async (move) => {
    const struck = [copy, `killed ${move}`, 'echo second | state exchange before 2> /dev/null || :'];
    expect(await inPlace(...struck, 'state tidy', 'what')).toBe('state: two\ncopies/before/state: one');
    expect(await inPlace(...struck, 'echo second | state exchange before', 'what')).toBe(
      'state: one\ncopies/aside/state: two',
    );
  });

  it('has no half a copy when whoever makes it is killed', async () => {
    const struck = ['killed 1', 'echo first | state copy before env 2> /dev/null || :', 'state note before'];
    expect(await inPlace(...struck, 'state tidy; what; ls -A copies')).toBe('state: one');
    const broken = ['echo first | state copy before false || echo failed', 'what; ls -A copies'];
    expect(await inPlace(...broken)).toBe('failed\nstate: one');
  });

  it('keeps its copies when it is tidied up, but those that belong to work', async () => {
    const copies = ['before', 'incoming', 'outgoing', 'rehearsal'].map(
      (name) => `echo x | state copy ${name} env`,
    );
    expect(await inPlace(...copies, 'state tidy; what')).toBe('state: one\ncopies/before/state: one');
  });

  it('says when there is none', async () => {
    expect(await inPlace('state has && echo there')).toBe('there');
    expect(await inPlace('rm state/file; state has || echo empty')).toBe('empty');
    expect(await inPlace('state size before || echo $?')).toBe('66');
    expect(await inPlace('echo x | state exchange incoming || echo $?; what')).toBe('66\nstate: one');
  });
});
