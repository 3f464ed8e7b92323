/** Speaks to a running QEMU: one question at a time over its own socket. What it answers is QEMU's, which a guest may have broken into. */
import { connect } from 'node:net';
import * as z from 'zod';

/** An answer that is longer than this is none (bytes). */
const mostBytes = 1024 * 1024;

const Answer = z.looseObject({
  QMP: z.unknown().optional(),
  return: z.unknown().optional(),
  error: z.object({ class: z.string(), desc: z.string() }).optional(),
  event: z.string().optional(),
});

/** Nobody answers there, or not in time, or with nonsense. */
export class QmpSilent extends Error {}
/** QEMU refused. */
export class QmpRefused extends Error {}

export interface QmpCommand {
  readonly execute: string;
  readonly arguments?: Readonly<Record<string, unknown>>;
}

/**
 * Has QEMU do one thing and answers with what it returned.
 *
 * @throws QmpSilent, QmpRefused
 */
export function qmp(
  socketPath: string,
  command: QmpCommand,
  { timeoutMs, signal }: { readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const socket = connect(socketPath);
    const enough = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
    const end = (settle: () => void) => {
      socket.destroy();
      enough.removeEventListener('abort', giveUp);
      settle();
    };
    const giveUp = () => end(() => reject(new QmpSilent('no answer in time')));
    if (enough.aborted) return giveUp();
    enough.addEventListener('abort', giveUp);
    const say = (words: QmpCommand) => socket.write(`${JSON.stringify(words)}\n`);
    let rest = '';
    let isGreeted = false;
    const hear = (line: string) => {
      const answer = Answer.parse(JSON.parse(line));
      // It tells everybody who listens what happens; nobody asked.
      if (answer.event !== undefined) return;
      if (answer.QMP !== undefined) return say({ execute: 'qmp_capabilities' });
      if (answer.error) {
        const { desc } = answer.error;
        return end(() => reject(new QmpRefused(desc.slice(0, 300))));
      }
      if (isGreeted) return end(() => resolve(answer.return));
      isGreeted = true;
      say(command);
    };
    socket.setEncoding('utf8');
    socket.on('data', (piece: string) => {
      const lines = (rest + piece).split('\n');
      rest = lines.pop() ?? '';
      try {
        if (rest.length > mostBytes) throw new Error('too long');
        for (const line of lines) if (line.trim() !== '') hear(line);
      } catch {
        end(() => reject(new QmpSilent('an answer that is none')));
      }
    });
    socket.on('error', ({ message }) => end(() => reject(new QmpSilent(message))));
    socket.on('close', () => end(() => reject(new QmpSilent('it hung up'))));
  });
}
