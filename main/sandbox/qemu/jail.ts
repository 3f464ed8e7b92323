/**
 * The jail around QEMU: a network of its own with the fence in it, which not even root in the guest,
 * nor a guest that broke into QEMU, can undo. Pure.
 *
 * 1. pasta makes a user and network namespace, tied to this computer's network like one more program,
 *    and hands on the two ports of 127.0.0.1. Left to itself it would hand this computer's own open ports
 *    in as well (`-T auto`), and give the gateway's address to this computer (`--map-gw`).
 * 2. nft builds the fence there; without one, nothing is started.
 * 3. unshare makes a user namespace within: QEMU has the person's own number there (so files of the shared
 *    folder are theirs for the guest, too), and the network belongs to the namespace outside of it.
 * 4. setpriv takes every capability, and the way to get any, away.
 */
import { fenceRules } from '../fence.ts';
import type { Fence } from '../sandbox.ts';
import { resolver } from './names.ts';

/** Constant: rules and program come as arguments. */
const behindFence = 'nft "$1" && shift && exec "$@"';

export interface Jail {
  readonly fence: Fence;
  /** The person's own numbers. */
  readonly uid: number;
  readonly gid: number;
  /** Ports of 127.0.0.1 that lead in. */
  readonly ports: readonly number[];
}

/** The command that runs another one in the jail. */
export function jailed({ fence, uid, gid, ports }: Jail, argv: readonly string[]): string[] {
  return [
    'pasta',
    '--config-net',
    '--ipv4-only',
    '--no-map-gw',
    '--dns-forward',
    resolver,
    ...(ports.length === 0 ? ['-t', 'none'] : ports.flatMap((port) => ['-t', `127.0.0.1/${port}`])),
    '-u',
    'none',
    '-T',
    'none',
    '-U',
    'none',
    '--',
    '/bin/sh',
    '-c',
    behindFence,
    'jail',
    fenceRules(fence, resolver),
    'unshare',
    '--user',
    `--map-user=${uid}`,
    `--map-group=${gid}`,
    // Only that setpriv can throw them away.
    '--keep-caps',
    '--',
    'setpriv',
    '--no-new-privs',
    '--inh-caps=-all',
    '--ambient-caps=-all',
    '--bounding-set=-all',
    '--',
    ...argv,
  ];
}
