import { expect, it } from 'vitest';
import { filesFrom } from './look.ts';

const records = [
  ['main', 'text', '7'],
  ['/proc/7', 'stat', 'd 555'],
  ['/proc/7/status', 'text', 'Name:\tnode\n'],
  ['/proc/7/uid_map', 'text', ''],
  ['/proc/7/ns/net', 'link', 'net:[4026531840]'],
  ['/proc', 'listed', ''],
  ['/proc/7/root/usr/bin', 'stat', 'd 755'],
  ['/proc/7/root/usr/bin', 'listed', ''],
  ['/proc/7/root/usr/local/bin', 'listed', ''],
  ['/proc/7/root/usr/bin/su', 'stat', 'f 4755'],
  ['/proc/7/root/usr/bin/a\nline', 'stat', 'l 777'],
  ['/proc/7/root/odd', 'stat', 'nonsense'],
]
  .flat()
  .map((field) => `${field}\0`)
  .join('');

it('reads what a script has gathered as if it were this computer’s own files', async () => {
  const files = filesFrom(records);
  expect(await files.read('/proc/7/status')).toBe('Name:\tnode\n');
  expect(await files.read('/proc/7/uid_map')).toBeNull();
  expect(await files.read('/etc/passwd')).toBeNull();
  expect(await files.link('/proc/7/ns/net')).toBe('net:[4026531840]');
  expect(await files.list('/proc/7/root/usr/bin')).toEqual(['su', 'a\nline']);
  expect(await files.list('/proc')).toEqual(['7']);
  // Looked at and empty is one thing, not looked at another.
  expect(await files.list('/proc/7/root/usr/local/bin')).toEqual([]);
  expect(await files.list('/proc/7/root')).toBeNull();
  expect(await files.list('/nowhere')).toBeNull();
  expect(await files.stat('/proc/7/root/usr/bin/su')).toEqual({ is: 'file', mode: 0o4755 });
  expect(await files.stat('/proc/7/root/usr/bin/a\nline')).toEqual({ is: 'link', mode: 0o777 });
  expect(await files.stat('/proc/7/root/odd')).toBeNull();
});

it.each(['', 'x', '\0', '\0\0\0\0', 'a\0text'])('finds nothing in %j', async (untrusted) => {
  const files = filesFrom(untrusted);
  expect(await files.read('a')).toBeNull();
  expect(await files.list('/proc')).toBeNull();
});
