/** Which gateways run on a Mac itself. What runs in a virtual machine is no process of the Mac's. */
import type { Run } from '../../doors.ts';
import type { FoundHome, Profile } from '../../moving-in/found.ts';
import { isGatewayLine } from '../host-openclaw/names.ts';
import type { Gateways, RunningGateway } from '../host-openclaw/parts.ts';
import { type Kill, signalTo, type Word } from '../host-openclaw/signals.ts';
import { unanswered } from '../host-openclaw/unreadable.ts';
import { birthOf, openPaths, processesOf } from './processes.ts';

/** As the file system compares names: neither case nor the way in which accents are written tells two apart. */
const alike = (path: string) => path.normalize('NFC').toLowerCase();

/** In which of the folders paths lie; null: in none. Pure. */
export function profileAt(paths: readonly string[], homes: readonly FoundHome[]): Profile | null {
  const open = paths.map(alike);
  const home = homes.find(({ folder }) => open.some((path) => path.startsWith(`${alike(folder)}/`)));
  return home?.profile ?? null;
}

export function createMacGateways(run: Run, uid: number, kill: Kill): Gateways {
  async function gatewayAt(
    pid: number,
    homes: readonly FoundHome[],
    signal: AbortSignal,
  ): Promise<RunningGateway | null> {
    const paths = await openPaths(run, pid, signal);
    const birth = await birthOf(run, pid, signal);
    // Gone meanwhile: then nobody tells what it has open, either.
    if (birth === null) return null;
    if (paths === null) throw unanswered('lsof');
    return { pid, birth, profile: profileAt(paths, homes) };
  }

  const send = (running: readonly RunningGateway[], word: Word, signal: AbortSignal) =>
    signalTo(running, word, (pid) => birthOf(run, pid, signal), kill);

  return {
    async find(homes, signal) {
      const all = await processesOf(run, signal);
      if (all === null) throw unanswered('ps');
      const found: RunningGateway[] = [];
      for (const each of all.filter((one) => one.uid === uid && isGatewayLine(one.line, one.program))) {
        const gateway = await gatewayAt(each.pid, homes, signal);
        if (gateway !== null) found.push(gateway);
      }
      return found;
    },
    async ask(running, signal) {
      await send(running, 'SIGTERM', signal);
      return running.length > 0;
    },
    end: (running, signal) => send(running, 'SIGKILL', signal),
  };
}
