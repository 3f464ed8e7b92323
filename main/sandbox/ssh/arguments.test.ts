import { expect, it } from 'vitest';
import {
  type Connection,
  controlArguments,
  keepOpenArguments,
  knownHost,
  noAnswerFrom,
  passwordArguments,
  sshArguments,
} from './arguments.ts';

const machine: Connection = {
  host: '127.0.0.1',
  port: 40_022,
  alias: 'clawcove-home',
  clientKey: '/home/ada/100% mine/client-key',
  knownHosts: '/home/ada/100% mine/known-hosts',
  socket: '/home/ada/100% mine/ssh',
  forwards: [],
};
const optionsIn = (args: readonly string[]) => args.filter((_, index) => args[index - 1] === '-o');

it('takes nothing of the person’s own SSH, and trusts one key alone', () => {
  const args = sshArguments(machine, 'd29yZA==', 'as-it-is');
  expect(args.slice(0, 2)).toEqual(['-F', 'none']);
  expect(optionsIn(args)).toEqual([
    'BatchMode=yes',
    'CheckHostIP=no',
    'ClearAllForwardings=yes',
    'ConnectTimeout=10',
    'ForwardAgent=no',
    'GlobalKnownHostsFile=/dev/null',
    'HostKeyAlgorithms=ssh-ed25519',
    'HostKeyAlias=clawcove-home',
    'IdentitiesOnly=yes',
    'IdentityAgent=none',
    'LogLevel=ERROR',
    'PreferredAuthentications=publickey',
    'RequestTTY=no',
    'ServerAliveInterval=15',
    'StrictHostKeyChecking=yes',
    'UpdateHostKeys=no',
    'UserKnownHostsFile="/home/ada/100%% mine/known-hosts"',
    'ControlPath="/home/ada/100%% mine/ssh"',
    'IdentityFile="/home/ada/100%% mine/client-key"',
    'ControlMaster=no',
  ]);
  expect(args.slice(-7)).toEqual(['root', '-o', 'ControlMaster=no', '-T', '--', '127.0.0.1', 'd29yZA==']);
});

it('greets anew where it has to be sure, and keeps one connection for the rest', () => {
  expect(sshArguments(machine, 'x', 'anew').slice(0, 2)).toEqual(['-o', 'ControlPath=none']);
  expect(keepOpenArguments(machine)).toContain('ControlMaster=yes');
  expect(controlArguments(machine, 'exit').slice(-4)).toEqual(['-O', 'exit', '--', '127.0.0.1']);
});

it('leads ports of its loopback, and nothing else, to this computer’s, over the connection that is kept', () => {
  const args = keepOpenArguments({ ...machine, forwards: [18_789] });
  expect(args.slice(args.indexOf('-L'), args.indexOf('-N'))).toEqual([
    '-L',
    '127.0.0.1:18789:127.0.0.1:18789',
  ]);
  expect(optionsIn(args)).toContain('ClearAllForwardings=no');
  expect(sshArguments({ ...machine, forwards: [18_789] }, 'x', 'as-it-is')).not.toContain('-L');
});

it('asks for a password once, of an account alone, and still trusts one key alone', () => {
  const args = passwordArguments({ ...machine, account: 'ada' }, 'true');
  expect(optionsIn(args)).toEqual(
    expect.arrayContaining([
      'BatchMode=no',
      'NumberOfPasswordPrompts=1',
      'PubkeyAuthentication=no',
      'StrictHostKeyChecking=yes',
    ]),
  );
  expect(optionsIn(args).join()).not.toMatch(/IdentityFile|ControlPath/);
  expect(args.slice(-6)).toEqual(['-l', 'ada', '-T', '--', '127.0.0.1', 'true']);
});

it('writes the machine’s key down under its own name', () => {
  expect(knownHost('clawcove-home', 'ssh-ed25519 AAAAC3Nz clawcove\n')).toBe(
    'clawcove-home ssh-ed25519 AAAAC3Nz\n',
  );
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
