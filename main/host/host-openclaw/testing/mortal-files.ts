/**
 * Files in the hands of somebody who may be killed: real ones, on which nothing is changed any more after the last call
 * that was allowed. Only for tests, which put it in the place of Node's own, and count their commands as calls, too.
 */
import type * as files from 'node:fs/promises';

/** It was killed: nothing it does comes about any more. */
export class Killed extends Error {}

/** Calls that change something, so far, and which of them is the last; before any of them, nothing can have gone wrong. */
export const life = { calls: 0, last: Number.POSITIVE_INFINITY };

export function begin(last = Number.POSITIVE_INFINITY): void {
  Object.assign(life, { calls: 0, last });
}

/** Does something that changes the computer, if still alive; right after the last of them it dies. */
export async function alive<T>(change: () => Promise<T>): Promise<T> {
  if (life.calls > life.last) throw new Killed();
  const result = await change();
  if (life.calls++ !== life.last) return result;
  // Whoever is killed holds nothing open.
  if (result instanceof Object && 'close' in result) await (result as unknown as files.FileHandle).close();
  throw new Killed();
}

/** Calls with their paths (`rename /a/b`) that the system refuses, and in which word. */
export const refusals = new Map<string, string>();

function mayCall(name: string, path: unknown): void {
  const code = refusals.get(`${name} ${path}`);
  if (code !== undefined) throw Object.assign(new Error(`${code}: ${name} ${path}`), { code });
}

const changing = ['rename', 'rm', 'mkdir', 'symlink', 'writeFile', 'unlink', 'open'] as const;
const looking = ['readdir', 'lstat', 'readlink'] as const;

export function mortal(real: typeof files): typeof files {
  const wrapped = [...changing, ...looking].map((name) => {
    const call = real[name] as (...args: unknown[]) => Promise<unknown>;
    const isChange = changing.some((each) => each === name);
    return [
      name,
      async (...args: unknown[]) => {
        mayCall(name, args[0]);
        return isChange ? alive(() => call(...args)) : call(...args);
      },
    ];
  });
  return { ...real, ...Object.fromEntries(wrapped) };
}

/** Has something done and killed after each of its calls in turn; `then` finds what is left behind, alive. */
export async function killedEverywhere<T>(
  prepare: () => Promise<T>,
  work: (made: T) => Promise<void>,
  then: (made: T, at: string) => Promise<void>,
): Promise<void> {
  begin();
  const whole = await prepare();
  begin();
  await work(whole);
  const { calls } = life;
  await then(whole, 'not killed at all');
  if (calls < 2) throw new Error('it has done nothing that could be broken off');
  for (let last = 0; last < calls; last++) {
    begin();
    const made = await prepare();
    begin(last);
    await work(made).catch(() => {});
    begin();
    await then(made, `killed after call ${last} of ${calls}`);
  }
}
