import { expect, it } from 'vitest';
import { seedImage } from './seed.ts';

const words = {
  instance: 'one',
  hostKey: '-----BEGIN OPENSSH PRIVATE KEY-----\nsecret\n-----END OPENSSH PRIVATE KEY-----\n',
  hostKeyPublic: 'ssh-ed25519 HOST clawcove\n',
  clientKeyPublic: 'ssh-ed25519 CLIENT clawcove\n',
};

it('tells the machine all in one JSON after cloud-init’s word, and lets one key in for one script', () => {
  const image = seedImage(words).toString('latin1');
  const [, json = ''] = /#cloud-config\n(\{.*\})\n/.exec(image) ?? [];
  const data = JSON.parse(json);
  expect(data).toMatchObject({ users: [], ssh_pwauth: false, ssh_keys: { ed25519_private: words.hostKey } });
  const file = (path: string) =>
    data.write_files.find((each: { path: string }) => each.path === path).content;
  expect(file('/etc/ssh/clawcove-keys')).toBe(
    'restrict,command="/usr/local/lib/clawcove/run" ssh-ed25519 CLIENT clawcove\n',
  );
  expect(file('/etc/ssh/sshd_config.d/00-clawcove.conf')).toContain('PermitRootLogin forced-commands-only\n');
  expect(file('/etc/systemd/system/srv-shared.mount')).toContain('Where=/srv/shared\n');
  expect(file('/etc/sysctl.d/99-clawcove.conf')).toMatch(/^kernel\.kptr_restrict = 2$/m);
  expect(file('/etc/modprobe.d/clawcove.conf')).toMatch(/^install usb-storage \/bin\/false$/m);
  expect(data.runcmd.at(-1)).toEqual(['touch', '/var/lib/clawcove/settled']);
});
