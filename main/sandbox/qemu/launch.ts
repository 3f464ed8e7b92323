/** How QEMU in its jail ended, from what became of it. */
import { endLine } from '../launch.ts';

/** How a machine that was started ended before anybody could speak to it. */
export type Ended =
  | { readonly is: 'port-taken'; readonly port: number }
  | { readonly is: 'no-fence'; readonly detail: string }
  | { readonly is: 'no-virtualization'; readonly detail: string }
  | { readonly is: 'failed'; readonly detail: string };

/** Reads what it said; null: it hasn't ended. Seen with QEMU 7.2, passt 2023-03, nftables 1.0.6. Pure. */
export function endedFrom(words: string): Ended | null {
  const [last, code] = endLine.exec(words) ?? [];
  if (last === undefined) return null;
  const lines = words.split('\n').filter((line) => line.trim() !== '' && line !== last);
  const find = (pattern: RegExp) => lines.find((line) => pattern.test(line))?.slice(0, 300);
  const port =
    /Failed to bind port (\d+)|hostfwd=tcp:127\.0\.0\.1:(\d+)-|forwarding rule 'tcp:127\.0\.0\.1:(\d+)/.exec(
      words,
    );
  if (port) return { is: 'port-taken', port: Number(port.slice(1).find(Boolean)) };
  const virtualization = find(/kvm/i);
  if (virtualization !== undefined) return { is: 'no-virtualization', detail: virtualization };
  const fence = find(
    /netlink|nft|Could not process rule|unshare:|setpriv:|pasta|passt|tap device|namespace|routable interface/i,
  );
  if (fence !== undefined) return { is: 'no-fence', detail: fence };
  return { is: 'failed', detail: lines.at(-1)?.slice(0, 300) ?? `exit code ${code}` };
}
