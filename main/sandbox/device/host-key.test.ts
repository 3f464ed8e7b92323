import { expect, it } from 'vitest';
import { hostKeyFrom } from './host-key.ts';

/** As `ssh-keyscan -t ed25519` of OpenSSH 9.2 prints it, and the mark that `ssh-keygen -lf` shows of it. */
const key = 'AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f';
const mark = 'SHA256:ZkAslGjFiUHdGf/WUL8rQvkib4PTvQatUV0OUQSncCA';

it.each([
  `192.168.1.30 ssh-ed25519 ${key}\n`,
  `[old-laptop.local]:2222 ssh-ed25519 ${key}\r\n`,
  `# 192.168.1.30:22 SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\n192.168.1.30 ssh-ed25519 ${key}\n`,
])('reads the key that a computer shows: %j', (scan) => {
  expect(hostKeyFrom(scan)).toEqual({ publicKey: `ssh-ed25519 ${key}`, fingerprint: mark });
});

it.each([
  '',
  'no route to host\n',
  // Another kind, one that only says it is of this kind, and one with more after it.
  '192.168.1.30 ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQ\n',
  `192.168.1.30 ssh-ed25519 ${Buffer.alloc(51).toString('base64')}\n`,
  `192.168.1.30 ssh-ed25519 ${key} command="x"\n`,
  `192.168.1.30 ssh-ed25519 ${key}AAAA\n`,
])('takes nothing else for one: %j', (scan) => {
  expect(hostKeyFrom(scan)).toBeNull();
});
