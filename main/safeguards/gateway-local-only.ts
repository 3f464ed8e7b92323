import type { Doors } from '../doors.ts';
import { makeHome } from '../openclaw/make.ts';
import { wakeIfWanted } from '../openclaw/wake.ts';
import { broken, ok, type Safeguard, saw } from './safeguard.ts';

/** A firewall that drops instead of refusing answers by silence; this long (ms) is silence enough. */
const connectTimeout = 1_000;

/** The addresses of this computer, loopback apart, on which something accepts connections to the port. */
async function openAddresses(
  { computer, net }: Doors,
  port: number,
  signal: AbortSignal,
): Promise<{ tried: string[]; open: string[] }> {
  const tried = computer.addresses();
  const answers = await Promise.all(
    tried.map((address) => net.connect(address, port, { timeoutMs: connectTimeout, signal })),
  );
  return { tried, open: tried.filter((_, index) => answers[index] === 'open') };
}

/** Only programs on this computer can reach OpenClaw: every other address of it refuses. */
export const gatewayLocalOnly: Safeguard = {
  id: 'gateway-local-only',
  guide: ['not-exposed'],
  needs: ['sandbox-exists'],
  patience: 0,
  async check(doors, signal) {
    const { sandbox, store, clock } = doors;
    const { port } = store.choices();
    const there = await sandbox.inspect(signal);
    const published = there.is === 'present' ? there.ports : [];
    const outside = published.filter(({ address }) => address !== '127.0.0.1' && address !== '::1');
    const { tried, open } = await openAddresses(doors, port, signal);
    const at = clock.now();
    const evidence = [
      saw(at, 'ports-published', { ports: published.map((p) => `${p.address}:${p.port}`).join(', ') || '–' }),
      saw(at, 'addresses-tried', {
        count: tried.length,
        addresses: tried.join(', ').slice(0, 300) || '–',
        port,
      }),
    ];
    if (open.length > 0)
      return broken('danger', 'reachable-from-network', evidence, {
        addresses: open.join(', ').slice(0, 300),
        port,
      });
    if (outside.length > 0)
      return broken('danger', 'published-to-network', evidence, {
        addresses: outside.map((p) => p.address).join(', '),
      });
    return ok(evidence);
  },
  async fix(doors, job) {
    await doors.sandbox.stop(job.signal);
    await makeHome(doors, job);
    await wakeIfWanted(doors, job);
  },
};
