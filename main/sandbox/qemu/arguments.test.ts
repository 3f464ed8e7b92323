import { expect, it } from 'vitest';
import { type Boot, qemuArguments } from './arguments.ts';
import { placesIn } from './names.ts';

const boot: Boot = {
  places: placesIn('/home/ada/.local/share/clawcove'),
  memoryBytes: 2 * 1024 ** 3 + 5,
  cpus: 2,
  port: 18_789,
  sshPort: 40_022,
  sharedFolder: '/home/ada/OpenClaw, shared',
  withSeed: false,
};
const vm = '/home/ada/.local/share/clawcove/vm';

it('is all that QEMU is told', () => {
  expect(qemuArguments(boot, 'kvm')).toEqual([
    ...['-name', 'clawcove-openclaw', '-nodefaults', '-no-user-config', '-display', 'none'],
    ...['-machine', 'q35,accel=kvm,vmport=off,usb=off', '-cpu', 'host', '-smp', '2', '-m', '2048'],
    ...['-sandbox', 'on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny'],
    '-blockdev',
    `driver=qcow2,node-name=disk,read-only=off,discard=unmap,detect-zeroes=unmap,file.driver=file,file.filename=${vm}/disk.qcow2`,
    ...['-device', 'virtio-blk-pci,drive=disk,werror=enospc,bootindex=0'],
    '-netdev',
    'user,id=net,ipv6=off,hostfwd=tcp:127.0.0.1:18789-:18789,hostfwd=tcp:127.0.0.1:40022-:22',
    ...['-device', 'virtio-net-pci,netdev=net,romfile='],
    '-fsdev',
    'local,id=shared,path=/home/ada/OpenClaw,, shared,security_model=mapped-xattr,multidevs=remap',
    ...['-device', 'virtio-9p-pci,fsdev=shared,mount_tag=shared', '-device', 'virtio-rng-pci'],
    ...['-device', 'virtio-balloon-pci,free-page-reporting=on', '-device', 'pvpanic-pci'],
    ...['-action', 'panic=pause'],
    ...['-chardev', 'ringbuf,id=console,size=262144', '-serial', 'chardev:console'],
    ...['-chardev', `socket,id=qmp,path=${vm}/qmp.sock,server=on,wait=off`],
    ...['-mon', 'chardev=qmp,mode=control'],
  ]);
});

it('adds the seed at the first start, and nothing can be written to that', () => {
  const first = qemuArguments({ ...boot, withSeed: true }, 'kvm');
  const more = first.filter((word) => !qemuArguments(boot, 'kvm').includes(word));
  expect(more).toEqual([
    `driver=raw,node-name=seed,read-only=on,file.driver=file,file.filename=${vm}/seed.img`,
    'virtio-blk-pci,drive=seed',
  ]);
});

it('never falls back to a processor made of software', () => {
  const words = qemuArguments(boot, 'kvm').join(' ');
  expect(words).not.toMatch(/tcg|-accel/);
  expect(words).toContain('accel=kvm');
  for (const other of ['emulated', 'counted'] as const)
    expect(qemuArguments(boot, other).join(' ')).not.toContain('kvm');
});

it('opens doors on 127.0.0.1 alone', () => {
  const doors = qemuArguments(boot, 'kvm')
    .join(' ')
    .match(/hostfwd=[^, ]*/g);
  expect(doors).toHaveLength(2);
  for (const door of doors ?? []) expect(door).toMatch(/^hostfwd=tcp:127\.0\.0\.1:/);
});
