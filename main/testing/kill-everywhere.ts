import { expect } from 'vitest';
import type { Answer, Intent, Question } from '../contract.ts';
import { startApp, type TestApp } from './apps.ts';
import type { Machine } from './machine.ts';

/**
 * Has ClawCove do something, kills it after each of its calls in turn, and hands every computer that is left
 * behind to `then`.
 *
 * @param start starts ClawCove on a computer, with other doors where a test has some
 * @param matters after which calls it is killed: all, where another test has been through the others
 */
export async function killEverywhere(
  first: Machine,
  intent: Intent,
  then: (machine: Machine, at: string) => Promise<void>,
  answerTo?: (question: Question) => Answer,
  start: (machine: Machine) => TestApp = startApp,
  matters: (call: string) => boolean = () => true,
): Promise<void> {
  const whole = start(structuredClone(first));
  let calls: readonly string[] = [];
  // The last time that work was seen is its end; the look after it changes nothing any more.
  whole.app.state.subscribe(({ work }) => {
    if (work.is !== 'idle') calls = [...whole.calls];
  });
  expect(await whole.do(intent, answerTo)).toEqual({ is: 'done' });
  expect(calls.length).toBeGreaterThan(3);
  for (const [index, name] of calls.entries()) {
    if (!matters(name)) continue;
    const test = start(structuredClone(first));
    test.killAt(index);
    await test.do(intent, answerTo).catch(() => null);
    await then(test.machine, `killed after call ${index}, ${name}`);
  }
}
