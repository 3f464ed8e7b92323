import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { keyLine, letInFrom, letInScript, pastedLines, signInInput, signInLine } from './let-in.ts';

const key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f clawcove\n';

it('opens one script to one key, and the way to that computer’s own loopback', () => {
  expect(keyLine(key)).toBe(
    'restrict,port-forwarding,permitopen="127.0.0.1:*",command="/usr/local/lib/clawcove/run" ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f clawcove',
  );
});

it.each(['', 'ssh-rsa AAAA', "ssh-ed25519 AAAA'; id", key.replace('f clawcove', '\u0027 x')])(
  'puts nothing else into a script: %j',
  (text) => {
    expect(() => keyLine(text)).toThrow('not a key');
  },
);

it('is a script that a shell can read, by hand as well', () => {
  for (const lines of [letInScript(key), pastedLines(key)])
    execFileSync('/bin/sh', ['-n'], { input: lines.join('\n') });
  expect(pastedLines(key)[0]).toBe("sudo sh << 'END-OF-CLAWCOVE'");
});

it.each(['', 'it\'s a $(secret) \\ "one"', 'clawcove begin'])(
  'runs the script whether or not sudo has read the password %j',
  (password) => {
    const line = signInLine('root');
    // What a shell there makes of the line, with the password still in front and without it.
    const ran = (input: string) => execFileSync('/bin/sh', ['-c', line], { input, encoding: 'utf8' });
    const rest = 'clawcove begins\necho in\necho "and on"\n';
    expect(ran(rest)).toBe('in\nand on\n');
    expect(ran(`${password}\n${rest}`)).toBe('in\nand on\n');
  },
);

it('hands the password to sudo alone, and none where the account is root', () => {
  expect(signInInput('ada', 'p w', key).split('\n').slice(0, 3)).toEqual([
    'p w',
    'clawcove begins',
    'set -eu',
  ]);
  expect(signInInput('root', 'p w', key)).not.toContain('p w');
  expect(signInLine('ada')).toMatch(/^LC_ALL=C sudo -S -k -p '' \/bin\/sh -c '/);
  expect(signInLine('root')).not.toContain('sudo');
});

// As OpenSSH 9.2 and sudo 1.9.13 say it.
it.each([
  [0, '', 'done'],
  [255, 'ada@192.168.1.30: Permission denied (publickey,password).\r\n', 'wrong-password'],
  [255, 'ada@192.168.1.30: Permission denied (publickey).\r\n', 'no-passwords'],
  [255, 'Host key verification failed.\r\n', 'host-key-changed'],
  [255, 'ssh: connect to host 192.168.1.30 port 22: No route to host\r\n', 'unreachable'],
  [1, 'ada is not in the sudoers file.\n', 'not-administrator'],
  [127, 'bash: line 1: sudo: command not found\n', 'not-administrator'],
  [
    1,
    'Sorry, try again.\nsudo: no password was provided\nsudo: 1 incorrect password attempt\n',
    'wrong-password',
  ],
  [1, 'install: cannot create directory: Read-only file system\n', 'failed'],
])('knows what became of it: %i %j', (code, stderr, is) => {
  expect(letInFrom(code, stderr)).toMatchObject({ is });
});
