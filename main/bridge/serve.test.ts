import { describe, expect, it, vi } from 'vitest';
import type { App } from '../app.ts';
import { createState } from '../state.ts';
import { exampleSnapshot } from '../testing/example-snapshot.ts';
import { channels } from './channels.ts';
import { isOurPage, pushSnapshots, type Sender, serve } from './serve.ts';

const origin = 'clawcove://app';
const log = { info: vi.fn(), error: vi.fn() };

function sender(url: string, isTop = true): Sender {
  const frame = { url };
  return { senderFrame: frame, sender: { mainFrame: isTop ? frame : { url } } } as unknown as Sender;
}

function bridge(app: Partial<App>) {
  const handlers = new Map<string, (event: unknown, input?: unknown) => Promise<unknown>>();
  const ipc = { handle: (channel: string, handler: never) => void handlers.set(channel, handler) };
  serve(ipc as never, { app: Promise.resolve(app as App), origin, log });
  return (channel: string, input?: unknown, from = sender(`${origin}/index.html`)) =>
    handlers.get(channel)?.(from, input);
}

describe('isOurPage', () => {
  it('knows our own page in the top frame', () =>
    expect(isOurPage(sender('clawcove://app/index.html#x'), origin)).toBe(true));

  it.each([
    'https://app/index.html',
    'clawcove://app.evil/',
    'clawcove://evil/',
    'file:///app/index.html',
    'data:text/html,x',
    'about:blank',
    '',
  ])('does not know %s', (url) => expect(isOurPage(sender(url), origin)).toBe(false));

  it('knows no frame inside a page, and none that is gone', () => {
    expect(isOurPage(sender('clawcove://app/index.html', false), origin)).toBe(false);
    expect(isOurPage({ ...sender(''), senderFrame: null }, origin)).toBe(false);
  });
});

describe('the bridge', () => {
  const act = vi.fn(async () => ({ ok: true }) as const);
  const call = bridge({ act, state: createState(exampleSnapshot()) });
  const refused = { ok: false, problem: { code: 'bad-request', facts: {}, next: [] } };

  it('passes a well-formed intent on, and its answer back', async () => {
    expect(await call(channels.act, { do: 'fix', id: 'gateway-locked' })).toEqual({ ok: true });
    expect(act).toHaveBeenLastCalledWith({ do: 'fix', id: 'gateway-locked' });
  });

  it.each([
    undefined,
    null,
    'check-now',
    { do: 'unknown' },
    { do: 'fix', id: '../../etc/passwd' },
    { do: 'check-now', path: '/' },
    { do: 'open', what: 'https://example.com' },
    { do: 'save-choices', choices: { sharedFolder: '/' } },
    { do: 'save-choices', choices: { movedIn: true } },
    { do: 'keep-model-key', key: 'two words' },
    { do: 'set-up', consent: Array(9).fill('install-engine') },
  ])('refuses %j', async (garbage) => {
    act.mockClear();
    expect(await call(channels.act, garbage)).toEqual(refused);
    expect(act).not.toHaveBeenCalled();
  });

  it('refuses everybody else', async () => {
    const stranger = sender('https://example.com/');
    expect(await call(channels.act, { do: 'check-now' }, stranger)).toEqual(refused);
    expect(await call(channels.snapshot, undefined, stranger)).toEqual(refused);
  });

  it('never writes down what was sent', async () => {
    log.error.mockClear();
    await call(channels.act, { do: 'keep-model-key', key: 'sk secret words' });
    expect(JSON.stringify(log.error.mock.calls)).not.toContain('secret');
  });

  it('answers with data when the app throws or never came to be', async () => {
    const failing = bridge({ act: async () => Promise.reject(new Error('boom')) });
    expect(await failing(channels.act, { do: 'check-now' })).toMatchObject({
      ok: false,
      problem: { code: 'unexpected' },
    });
  });

  it('gives the Snapshot', async () =>
    expect(await call(channels.snapshot)).toEqual({ ok: true, value: exampleSnapshot() }));
});

describe('pushSnapshots', () => {
  const silent = { info: () => {}, error: () => {} };
  const turn = () => new Promise(setImmediate);

  it('says to the log, and nobody else, that a page could not be told', async () => {
    const state = createState(exampleSnapshot());
    const error = vi.fn();
    const send = () => {
      throw new Error('Object has been destroyed');
    };
    const stop = pushSnapshots({ state } as App, { send, isDestroyed: () => false }, { ...silent, error });
    state.update({ lookedAt: 1 });
    await turn();
    stop();
    expect(error).toHaveBeenCalledTimes(1);
  });

  it('sends the last of a burst once, and nothing to a page that is gone', async () => {
    const state = createState(exampleSnapshot());
    const send = vi.fn();
    let isDestroyed = false;
    const stop = pushSnapshots({ state } as App, { send, isDestroyed: () => isDestroyed }, silent);
    for (const lookedAt of [1, 2, 3]) state.update({ lookedAt });
    await turn();
    expect(send.mock.calls).toEqual([[channels.changed, expect.objectContaining({ lookedAt: 3 })]]);
    isDestroyed = true;
    state.update({ lookedAt: 4 });
    await turn();
    stop();
    expect(send).toHaveBeenCalledTimes(1);
  });
});
