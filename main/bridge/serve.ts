import type { IpcMain, IpcMainInvokeEvent, WebContents } from 'electron';
import type * as z from 'zod';
import type { App } from '../app.ts';
import type { Intent, Problem, Reply, Snapshot } from '../contract.ts';
import type { Log } from '../doors.ts';
import { problemOf } from '../problem.ts';
import { channels } from './channels.ts';
import { oncePerTurn } from './once-per-turn.ts';

/** What a served call comes back as: a refusal is data, never a thrown error. */
export type Served<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: Problem };

const badRequest: Problem = { code: 'bad-request', facts: {}, next: [] };

/** The part of a sender that is judged. */
export type Sender = Pick<IpcMainInvokeEvent, 'sender' | 'senderFrame'>;

/**
 * Whether a message comes from our own page in the top frame of a window of
 * ours. A frame that has navigated away or is gone is nobody.
 */
export function isOurPage({ sender, senderFrame }: Sender, origin: string): boolean {
  if (senderFrame === null || senderFrame !== sender.mainFrame || !URL.canParse(senderFrame.url))
    return false;
  // Not `URL.origin`: for a scheme that isn't the web's own it is always "null".
  const { protocol, host } = new URL(senderFrame.url);
  return `${protocol}//${host}` === origin;
}

/**
 * Answers the window. Every call goes through one wrapper: who asks, is it well
 * formed, and an answer that is always data.
 *
 * @param app may still be on its way: the window is shown before the doors are open
 */
export function serve(
  ipc: Pick<IpcMain, 'handle'>,
  { app, origin, log }: { app: Promise<App>; origin: string; log: Log },
): void {
  function handle<In, Out>(
    channel: string,
    // The window is on the screen before what only its first call needs is loaded.
    input: () => Promise<z.ZodType<In>>,
    answer: (input: In) => Promise<Served<Out> | Reply>,
  ): void {
    ipc.handle(channel, async (event, untrusted: unknown) => {
      try {
        if (!isOurPage(event, origin)) {
          log.error(`refused ${channel}: not our page`);
          return { ok: false, problem: badRequest };
        }
        const parsed = (await input()).safeParse(untrusted);
        if (!parsed.success) {
          // Where it was wrong, never what it said: that could be a key.
          log.error(
            `refused ${channel}: ${parsed.error.issues.map(({ path }) => path.join('.')).join(', ')}`,
          );
          return { ok: false, problem: badRequest };
        }
        return await answer(parsed.data);
      } catch (error) {
        log.error(`${channel} failed`, error);
        return { ok: false, problem: problemOf(error) };
      }
    });
  }
  const intent = async () => (await import('../contract.ts')).Intent;
  const nothing = async () => (await import('zod')).undefined();
  handle<Intent, never>(channels.act, intent, async (intent) => (await app).act(intent));
  handle<undefined, Snapshot>(channels.snapshot, nothing, async () => ({
    ok: true,
    value: (await app).state.get(),
  }));
}

/** Sends every new Snapshot to a window, at most one per turn of the event loop; returns the way to stop. */
export function pushSnapshots(
  app: App,
  contents: Pick<WebContents, 'send' | 'isDestroyed'>,
  log: Log,
): () => void {
  return app.state.subscribe(
    oncePerTurn(
      () => {
        if (!contents.isDestroyed()) contents.send(channels.changed, app.state.get());
      },
      (error) => log.error('the window could not be told what changed', error),
    ),
  );
}
