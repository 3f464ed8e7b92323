import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import fixes from '../../../assets/guest/fixes.sh?raw';
import { ownSystemFrom } from './fixes.ts';

const lines = [
  'name Debian GNU/Linux 12 (bookworm)',
  'automatic yes',
  'asked 1796039249',
  'fixed ',
  'restart ',
  'up 1796030000',
];

it('reads what a system says of its fixes', () => {
  expect(ownSystemFrom(lines.join('\n'))).toEqual({
    is: 'seen',
    untrustedName: 'Debian GNU/Linux 12 (bookworm)',
    isAutomatic: true,
    askedAt: 1_796_039_249_000,
    fixedAt: null,
    restartSince: null,
    upSince: 1_796_030_000_000,
  });
  expect(ownSystemFrom(lines.join('\n').replace('yes', 'no apt-daily.timer'))?.isAutomatic).toBe(false);
});

it.each(['', 'nonsense', lines.slice(0, 5).join('\n'), lines.slice(2).join('\n'), 'automatic yes\nup soon'])(
  'makes nothing of %j',
  (said) => {
    expect(ownSystemFrom(said)).toBeNull();
  },
);

it('shows nothing with a power of its own, and no more than fits', () => {
  const said = lines.join('\n').replace('Debian', `\u001b[31m${'x'.repeat(500)}`);
  expect(ownSystemFrom(said)?.untrustedName).toMatch(/^\ufffd\[31mx{95}$/);
});

it('is asked by a script that says what it says here, too, whatever this system is', async () => {
  const { stdout } = await promisify(execFile)('/bin/sh', ['-c', fixes, 'fixes', 'look']);
  expect(ownSystemFrom(stdout)).toMatchObject({ is: 'seen', isAutomatic: false });
});
