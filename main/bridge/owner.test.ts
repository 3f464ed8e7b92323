import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { App } from '../app.ts';
import { createState } from '../state.ts';
import { exampleSnapshot } from '../testing/example-snapshot.ts';
import { serveFar } from './far.ts';
import { type Claim, claim, findOwner } from './owner.ts';

let folder: string;
let path: string;
let place: { readonly path: string; readonly isFile: boolean };
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'clawcove-owner-'));
  path = join(folder, 'data', 'owner.sock');
  place = { path, isFile: true };
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const log = { info: () => {}, error: () => {} };

/** Owns the path and serves an App there. */
async function own(app: Partial<App>, onShow = () => true) {
  const claimed = await claim(place);
  if (claimed.is !== 'ours') throw new Error(`expected ours, was ${claimed.is}`);
  claimed.answer((socket) =>
    serveFar(socket, { face: 'app', version: '1.2.3', app: Promise.resolve(app as App), onShow, log }),
  );
  return claimed;
}

function far(claimed: Claim | null) {
  if (claimed?.is !== 'taken') throw new Error(`expected taken, was ${claimed?.is}`);
  return claimed.by;
}

describe('claim', () => {
  it('is for one at a time, and for this person only', async () => {
    const first = await own({ state: createState(exampleSnapshot()) });
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await stat(join(folder, 'data'))).mode & 0o777).toBe(0o700);
    const second = far(await claim(place));
    expect(second).toMatchObject({ face: 'app', version: '1.2.3' });
    second.hangUp();
    await first.release();
    const third = await claim(place);
    expect(third.is).toBe('ours');
    if (third.is === 'ours') await third.release();
  });

  it('goes to one of several that come at once', async () => {
    const claims = await Promise.all(Array.from({ length: 5 }, () => claim(place, 200)));
    const ours = claims.filter(({ is }) => is === 'ours');
    expect(ours).toHaveLength(1);
  });

  it('is free again when its holder was killed', async () => {
    const script = join(folder, 'holder.cjs');
    await writeFile(
      script,
      `require('node:fs').mkdirSync(${JSON.stringify(join(folder, 'data'))});
       require('node:net').createServer().listen(${JSON.stringify(path)}, () => process.send('there'));`,
    );
    const holder = fork(script);
    await once(holder, 'message');
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    await stat(path);
    const claimed = await claim(place);
    expect(claimed.is).toBe('ours');
    if (claimed.is === 'ours') await claimed.release();
  });

  it('notices a holder that says nothing', async () => {
    const mute = createServer(() => {});
    await new Promise<void>((resolve) => mute.listen(join(folder, 'mute.sock'), resolve));
    expect(await claim({ path: join(folder, 'mute.sock'), isFile: true }, 200)).toEqual({ is: 'silent' });
    mute.close();
  });

  it('needs no folder where the system keeps such names by itself', async () => {
    // Linux has such names, too, which go with their holder as those of Windows do.
    const nameless = { path: `\0${join(folder, 'nowhere', 'owner')}`, isFile: false };
    const first = await claim(nameless);
    expect((await claim(nameless, 200)).is).toBe('silent');
    await expect(stat(join(folder, 'nowhere'))).rejects.toThrow();
    if (first.is === 'ours') await first.release();
    expect(first.is).toBe('ours');
    expect(await findOwner({ ...nameless, path: `${nameless.path}-gone` })).toBeNull();
  });

  it('finds nobody where nobody is, and makes nothing', async () => {
    expect(await findOwner(place)).toBeNull();
    await expect(stat(join(folder, 'data'))).rejects.toThrow();
  });
});

describe('a far App', () => {
  it('does there what is asked here, and shows its Snapshots', async () => {
    const state = createState(exampleSnapshot());
    const act = vi.fn(async () => {
      state.update({ light: 'danger' });
      return { ok: true } as const;
    });
    const look = vi.fn(async () => state.update({ lookedAt: 5 }));
    const settled = async () => ({ is: 'done' }) as const;
    const onShow = vi.fn(() => true);
    const owner = await own({ state, act, look, settled }, onShow);
    const by = far(await claim(place));
    const app = await by.app();
    expect(app.state.get()).toEqual(exampleSnapshot());
    expect(await app.act({ do: 'fix', id: 'gateway-locked' })).toEqual({ ok: true });
    expect(act).toHaveBeenCalledWith({ do: 'fix', id: 'gateway-locked' });
    expect(app.state.get().light).toBe('danger');
    await app.look();
    expect(app.state.get().lookedAt).toBe(5);
    expect(await app.settled()).toEqual({ is: 'done' });
    expect(await by.show()).toBe(true);
    expect(onShow).toHaveBeenCalledOnce();
    by.hangUp();
    await owner.release();
  });

  it('says so when it goes in the middle of something', async () => {
    const owner = await own({
      state: createState(exampleSnapshot()),
      settled: () => new Promise(() => {}),
    });
    const app = await far(await claim(place)).app();
    const waiting = app.settled();
    await owner.release();
    await expect(waiting).rejects.toThrow('app-closed');
  });

  it('hangs up on whoever sends what it does not know', async () => {
    const act = vi.fn();
    const owner = await own({ state: createState(exampleSnapshot()), act });
    const app = await far(await claim(place)).app();
    await expect(app.act({ do: 'run', command: 'rm -rf /' } as never)).rejects.toThrow('app-closed');
    expect(act).not.toHaveBeenCalled();
    await owner.release();
  });
});
