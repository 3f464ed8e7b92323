/** QEMU's command line; pure. Every word of it is here for a reason that stands beside it. */
import { machineName, type Places, sharedTag } from './names.ts';

/**
 * `kvm` is all that the product ever asks for: without it a machine would be ten times slower, and
 * QEMU must fail instead. The others are for tests on computers whose KVM can't boot a guest: `emulated` as
 * fast as it goes, `counted` with as much time inside as the guest's work needs, which a whole OpenClaw does.
 */
export type Accelerator = 'kvm' | 'emulated' | 'counted';

/** What differs from start to start. */
export interface Boot {
  readonly places: Places;
  readonly memoryBytes: number;
  readonly cpus: number;
  /** Gateway's, the same inside and outside. */
  readonly port: number;
  /** On 127.0.0.1, for the guest's port 22. */
  readonly sshPort: number;
  readonly sharedFolder: string;
  /** Only at the first start. */
  readonly withSeed: boolean;
}

const mebibyte = 1024 ** 2;

/** A value within an option: there a comma is written twice. Source: qemu(1), "Device URL Syntax". */
const value = (text: string) => text.replaceAll(',', ',,');

/** How much of what the console prints is kept (bytes; a power of two): the guest can't fill this computer's disk with it. */
const consoleBytes = 256 * 1024;

const processor: Record<Accelerator, readonly string[]> = {
  kvm: ['-machine', 'q35,accel=kvm,vmport=off,usb=off', '-cpu', 'host'],
  emulated: ['-machine', 'q35,vmport=off,usb=off', '-accel', 'tcg', '-cpu', 'max'],
  counted: [
    ...['-machine', 'q35,vmport=off,usb=off', '-accel', 'tcg,thread=single'],
    ...['-icount', 'shift=0,sleep=on', '-cpu', 'max'],
  ],
};

/** A disk whose format is said: one that looks like another kind of image (or like a web page) is never guessed at. */
function disk(name: string, format: 'qcow2' | 'raw', file: string, readOnly: boolean): string[] {
  return [
    '-blockdev',
    [
      `driver=${format}`,
      `node-name=${name}`,
      `read-only=${readOnly ? 'on' : 'off'}`,
      // What the guest frees is given back to this computer.
      ...(readOnly ? [] : ['discard=unmap', 'detect-zeroes=unmap']),
      'file.driver=file',
      `file.filename=${value(file)}`,
    ].join(','),
    '-device',
    // A full disk of this computer's holds the machine still, and nothing is lost: see stand.ts.
    readOnly ? `virtio-blk-pci,drive=${name}` : `virtio-blk-pci,drive=${name},werror=enospc,bootindex=0`,
  ];
}

/** The door by which this machine is controlled; no other QEMU is given it. */
export const controlSocket = ({ qmp }: Places) => `socket,id=qmp,path=${value(qmp)},server=on,wait=off`;

/** @returns QEMU's arguments, without the program itself */
export function qemuArguments(boot: Boot, accelerator: Accelerator): string[] {
  const { places } = boot;
  const forward = (outside: number, inside: number) => `hostfwd=tcp:127.0.0.1:${outside}-:${inside}`;
  return [
    '-name',
    machineName,
    // Nothing but what is said here: no floppy, no serial port, no configuration of the system's.
    '-nodefaults',
    '-no-user-config',
    '-display',
    'none',
    ...processor[accelerator],
    '-smp',
    String(boot.cpus),
    '-m',
    String(Math.floor(boot.memoryBytes / mebibyte)),
    // QEMU gives up what a guest that breaks into it would like to have: other programs, other users.
    '-sandbox',
    'on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny',
    ...disk('disk', 'qcow2', places.disk, false),
    ...(boot.withSeed ? disk('seed', 'raw', places.seed, true) : []),
    // This computer alone can come in, by two doors. No IPv6: the fence knows none.
    '-netdev',
    ['user', 'id=net', 'ipv6=off', forward(boot.port, boot.port), forward(boot.sshPort, 22)].join(','),
    '-device',
    // No program of the card's own: nothing is ever started over the network.
    'virtio-net-pci,netdev=net,romfile=',
    // Owners and links that the guest makes are notes beside plain files: it can make nothing else out here.
    '-fsdev',
    `local,id=shared,path=${value(boot.sharedFolder)},security_model=mapped-xattr,multidevs=remap`,
    '-device',
    `virtio-9p-pci,fsdev=shared,mount_tag=${sharedTag}`,
    '-device',
    'virtio-rng-pci',
    // Memory that the guest doesn't need goes back to this computer.
    '-device',
    'virtio-balloon-pci,free-page-reporting=on',
    // A kernel that fell is seen, and what it said last can be read.
    '-device',
    'pvpanic-pci',
    '-action',
    'panic=pause',
    '-chardev',
    `ringbuf,id=console,size=${consoleBytes}`,
    '-serial',
    'chardev:console',
    '-chardev',
    controlSocket(places),
    '-mon',
    'chardev=qmp,mode=control',
  ];
}
