/** What is asked of a running QEMU, in words of our own. */
import { readFile } from 'node:fs/promises';
import writeFileAtomic from 'write-file-atomic';
import * as z from 'zod';
import { Cancelled } from '../../problem.ts';
import type { PublishedPort } from '../sandbox.ts';
import type { Places } from './names.ts';
import { type QmpCommand, QmpRefused, QmpSilent, qmp } from './qmp.ts';
import type { RunState } from './stand.ts';

const timeoutMs = 10_000;
/** How much of what the console printed is kept on disk (bytes). */
const mostConsole = 256 * 1024;

const Status = z.object({ status: z.string() });
const Blocks = z.array(
  z.object({
    inserted: z
      .object({
        image: z.object({
          'format-specific': z.object({ data: z.object({ corrupt: z.boolean().optional() }) }).optional(),
        }),
      })
      .optional(),
  }),
);

/** Forwarded ports in what QEMU's monitor says of its user network; seen with 7.2. Pure. */
export function forwardsIn(usernet: string): PublishedPort[] {
  return usernet.split('\n').flatMap((line) => {
    const [, address, port, insidePort] =
      /^\s*(?:TCP|UDP)\[HOST_FORWARD\]\s+\d+\s+(\S+)\s+(\d+)\s+\S+\s+(\d+)/.exec(line) ?? [];
    if (address === undefined) return [];
    return [
      { address: address === '*' ? '0.0.0.0' : address, port: Number(port), insidePort: Number(insidePort) },
    ];
  });
}

export interface Control {
  /** Null: QEMU gives no answer. */
  runState(signal: AbortSignal): Promise<RunState | null>;
  isDiskCorrupt(signal: AbortSignal): Promise<boolean>;
  ports(signal: AbortSignal): Promise<PublishedPort[]>;
  /** As if somebody pressed the machine's power button. */
  pressPower(signal: AbortSignal): Promise<void>;
  /** Ends QEMU at once. */
  quit(signal: AbortSignal): Promise<void>;
  /** A machine that was held still goes on. */
  goOn(signal: AbortSignal): Promise<void>;
  /** Fetches what the console printed since, and answers with all that is kept of it: untrusted, bounded. */
  untrustedConsole(signal: AbortSignal): Promise<string>;
}

export function createControl(places: Places): Control {
  const ask = (command: QmpCommand, signal: AbortSignal) => qmp(places.qmp, command, { timeoutMs, signal });
  /** Null: nobody answers, or QEMU refused. */
  const tryTo = async (command: QmpCommand, signal: AbortSignal): Promise<unknown> =>
    ask(command, signal).catch((error) => {
      if (signal.aborted) throw new Cancelled();
      if (error instanceof QmpSilent || error instanceof QmpRefused) return null;
      throw error;
    });
  return {
    async runState(signal) {
      return Status.safeParse(await tryTo({ execute: 'query-status' }, signal)).data?.status ?? null;
    },
    async isDiskCorrupt(signal) {
      const blocks = Blocks.safeParse(await tryTo({ execute: 'query-block' }, signal)).data ?? [];
      return blocks.some(({ inserted }) => inserted?.image['format-specific']?.data.corrupt === true);
    },
    async ports(signal) {
      const words = { 'command-line': 'info usernet' };
      const said = await tryTo({ execute: 'human-monitor-command', arguments: words }, signal);
      return typeof said === 'string' ? forwardsIn(said) : [];
    },
    async pressPower(signal) {
      await tryTo({ execute: 'system_powerdown' }, signal);
    },
    async quit(signal) {
      await tryTo({ execute: 'quit' }, signal);
    },
    async goOn(signal) {
      await tryTo({ execute: 'cont' }, signal);
    },
    async untrustedConsole(signal) {
      const words = { device: 'console', size: mostConsole, format: 'base64' };
      const said = await tryTo({ execute: 'ringbuf-read', arguments: words }, signal);
      const before = await readFile(places.console).catch(() => Buffer.alloc(0));
      if (typeof said !== 'string' || said === '') return before.toString('utf8');
      const all = Buffer.concat([before, Buffer.from(said, 'base64')]).subarray(-mostConsole);
      await writeFileAtomic(places.console, all, { mode: 0o600 });
      return all.toString('utf8');
    },
  };
}
