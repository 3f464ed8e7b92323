import { expect, it } from 'vitest';
import { placesIn } from './names.ts';
import { controlArguments, keepOpenArguments, knownHost, noAnswerFrom, sshArguments } from './ssh.ts';

const places = placesIn('/home/ada/100% mine');

it('takes nothing of the person’s own SSH, and trusts one key alone', () => {
  const args = sshArguments(places, 40_022, 'd29yZA==', 'as-it-is');
  expect(args.slice(0, 2)).toEqual(['-F', 'none']);
  const options = args.filter((_, index) => args[index - 1] === '-o');
  expect(options).toEqual([
    'BatchMode=yes',
    'CheckHostIP=no',
    'ClearAllForwardings=yes',
    'ConnectTimeout=10',
    'ControlPath="/home/ada/100%% mine/vm/ssh"',
    'ForwardAgent=no',
    'GlobalKnownHostsFile=/dev/null',
    'HostKeyAlgorithms=ssh-ed25519',
    'HostKeyAlias=clawcove-home',
    'IdentitiesOnly=yes',
    'IdentityAgent=none',
    'IdentityFile="/home/ada/100%% mine/vm/client-key"',
    'LogLevel=ERROR',
    'PreferredAuthentications=publickey',
    'RequestTTY=no',
    'ServerAliveInterval=15',
    'StrictHostKeyChecking=yes',
    'UpdateHostKeys=no',
    'UserKnownHostsFile="/home/ada/100%% mine/vm/known-hosts"',
    'ControlMaster=no',
  ]);
  expect(args.slice(-6)).toEqual(['root', '-o', 'ControlMaster=no', '-T', '127.0.0.1', 'd29yZA==']);
});

it('greets anew where it has to be sure, and keeps one connection for the rest', () => {
  expect(sshArguments(places, 1, 'x', 'anew').slice(0, 2)).toEqual(['-o', 'ControlPath=none']);
  expect(keepOpenArguments(places, 1)).toContain('ControlMaster=yes');
  expect(controlArguments(places, 1, 'exit').slice(-3)).toEqual(['-O', 'exit', '127.0.0.1']);
});

it('writes the machine’s key down under its own name', () => {
  expect(knownHost('ssh-ed25519 AAAAC3Nz clawcove\n')).toBe('clawcove-home ssh-ed25519 AAAAC3Nz\n');
});

it.each([
  ['Host key verification failed.\r\n', 'host-key-changed'],
  ['@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @\r\n', 'host-key-changed'],
  ['root@127.0.0.1: Permission denied (publickey).\r\n', 'key-refused'],
  ['ssh: connect to host 127.0.0.1 port 40022: Connection refused\r\n', 'silent'],
  ['kex_exchange_identification: Connection closed by remote host\r\n', 'silent'],
  ['', 'silent'],
])('knows why nobody answers: %j', (stderr, why) => {
  expect(noAnswerFrom(stderr)).toBe(why);
});
