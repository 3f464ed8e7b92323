import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { afterEach, expect, it } from 'vitest';
import { findMarked } from './find-marked.ts';

const id = randomBytes(32).toString('hex');
const mark = randomBytes(16).toString('hex');
let keeper: ChildProcess | null = null;

/** Somebody with these arguments, and below them a process that holds the mark. */
async function keep(...args: string[]): Promise<void> {
  // Both end with their input. Constant: the mark comes as an argument.
  const script = 'sh -c "echo here; read line; :" sh "$0" <&0; :';
  keeper = spawn('sh', ['-c', script, mark, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  if (keeper.stdout) await once(keeper.stdout, 'data');
}

afterEach(() => {
  keeper?.stdin?.end();
  keeper = null;
});

it('finds what a home’s keeper keeps, and not the keeper, who holds the mark, too', async () => {
  await keep('-c', id);
  const uid = process.geteuid?.();
  expect(await findMarked(mark, id)).toMatchObject([{ uid }]);
});

it('finds nothing of another home, of nobody’s, or with another mark', async () => {
  await keep('-c', id);
  expect(await findMarked(mark, id.replace(/^./, 'x'))).toEqual([]);
  expect(await findMarked(`${mark}0`, id)).toEqual([]);
  keeper?.stdin?.end();
  await keep();
  expect(await findMarked(mark, id)).toEqual([]);
});
