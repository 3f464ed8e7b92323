/**
 * One ClawCove speaks to another of the same person over a local socket: what a
 * terminal or a second start asks of the one that is already there. The same
 * App on both ends, so a command doesn't know where its work is done.
 */
import type { Socket } from 'node:net';
import * as z from 'zod';
import type { App } from '../app.ts';
import { Intent, type Reply, Snapshot } from '../contract.ts';
import type { Log } from '../doors.ts';
import { ProblemError, problemOf } from '../problem.ts';
import { createState, type State } from '../state.ts';
import type { Ending } from '../work/job.ts';
import { onMessage, send } from './lines.ts';
import { oncePerTurn } from './once-per-turn.ts';

/** Who is there: the app with its window and tray, or a command that works in a terminal. */
export type Face = 'app' | 'terminal';

const Ask = z.discriminatedUnion('ask', [
  z.strictObject({ ask: z.literal('act'), n: z.int(), intent: Intent }),
  z.strictObject({ ask: z.literal('look'), n: z.int() }),
  z.strictObject({ ask: z.literal('settled'), n: z.int() }),
  z.strictObject({ ask: z.literal('show'), n: z.int() }),
]);
type Ask = z.infer<typeof Ask>;

const Told = z.union([
  z.strictObject({ hello: z.literal('clawcove'), version: z.string(), face: z.enum(['app', 'terminal']) }),
  z.strictObject({ snapshot: Snapshot }),
  z.strictObject({ n: z.int(), answer: z.unknown() }),
]);

/** Serves one connection from another ClawCove of this person. */
export function serveFar(
  socket: Socket,
  options: {
    readonly face: Face;
    readonly version: string;
    /** May still be on its way. */
    readonly app: Promise<App>;
    /** Brings the window to the front; false when there will be none, because it is ending. */
    readonly onShow: () => boolean;
    readonly log: Log;
  },
): void {
  const { face, version, app, onShow, log } = options;
  socket.on('error', () => socket.destroy());
  send(socket, { hello: 'clawcove', version, face });

  async function answer(ask: Ask): Promise<unknown> {
    if (ask.ask === 'show') return onShow();
    const { act, look, settled } = await app;
    if (ask.ask === 'act') return act(ask.intent);
    return ask.ask === 'look' ? look() : settled();
  }

  let tellNow = () => {};
  onMessage(socket, (untrusted) => {
    const ask = Ask.safeParse(untrusted);
    if (!ask.success) return void socket.destroy();
    void answer(ask.data)
      .catch((error): Reply => {
        log.error(`${ask.data.ask} for another ClawCove failed`, error);
        return { ok: false, problem: problemOf(error) };
      })
      .then((result) => {
        // The asker must never read a Snapshot from before its answer.
        tellNow();
        send(socket, { n: ask.data.n, answer: result ?? null });
      });
  });
  void app.then(({ state }) => {
    tellNow = () => send(socket, { snapshot: state.get() });
    tellNow();
    const stop = state.subscribe(
      oncePerTurn(tellNow, (error) => log.error('another ClawCove could not be told', error)),
    );
    socket.on('close', stop);
  });
}

/** The ClawCove at the other end. */
export interface Far {
  readonly face: Face;
  readonly version: string;
  /** Asks it to bring its window to the front; false when it is ending. */
  show(): Promise<boolean>;
  /** Its App, as soon as it has one. */
  app(): Promise<App>;
  hangUp(): void;
}

/** Speaks to the ClawCove behind a connection; null when what answers is none, or nothing answers in time. */
export function speakToFar(socket: Socket, timeout: number): Promise<Far | null> {
  return new Promise((resolve) => {
    const waiting = new Map<number, (answer: unknown) => void>();
    const lost = new Promise<never>((_, reject) => {
      socket.on('close', () => reject(new ProblemError('app-closed', {}, ['try-again'])));
    });
    // Nobody may be waiting when the other one goes.
    lost.catch(() => {});
    let state: State | null = null;
    let onFirst = () => {};
    const first = new Promise<void>((resolve) => {
      onFirst = resolve;
    });
    let n = 0;

    function call(
      ask: { ask: 'act'; intent: Intent } | { ask: 'look' | 'settled' | 'show' },
    ): Promise<unknown> {
      n += 1;
      send(socket, { ...ask, n });
      return Promise.race([new Promise((done) => waiting.set(n, done)), lost]);
    }

    async function app(): Promise<App> {
      await Promise.race([first, lost]);
      if (state === null) throw new ProblemError('app-closed', {}, ['try-again']);
      return {
        state,
        act: async (intent) => (await call({ ask: 'act', intent })) as Reply,
        settled: async () => (await call({ ask: 'settled' })) as Ending | null,
        look: async () => void (await call({ ask: 'look' })),
        // It was started and watches already; its wake-ups are its own.
        start: async () => {},
        nudge: () => {},
        close: async () => void socket.end(),
      };
    }

    const giveUp = setTimeout(() => {
      socket.destroy();
      resolve(null);
    }, timeout);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      clearTimeout(giveUp);
      resolve(null);
    });
    onMessage(socket, (untrusted) => {
      const told = Told.safeParse(untrusted);
      if (!told.success) return void socket.destroy();
      if ('hello' in told.data) {
        clearTimeout(giveUp);
        const { face, version } = told.data;
        resolve({
          face,
          version,
          show: async () => (await call({ ask: 'show' })) === true,
          app,
          hangUp: () => socket.end(),
        });
      } else if ('snapshot' in told.data) {
        if (state === null) state = createState(told.data.snapshot);
        else state.update(told.data.snapshot);
        onFirst();
      } else {
        waiting.get(told.data.n)?.(told.data.answer);
        waiting.delete(told.data.n);
      }
    });
  });
}
