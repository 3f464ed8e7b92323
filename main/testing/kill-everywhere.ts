import { expect } from 'vitest';
import type { Answer, Intent, Question } from '../contract.ts';
import { startApp } from './apps.ts';
import type { Machine } from './machine.ts';

/**
 * Has ClawCove do something, kills it after each of its calls in turn, and hands every computer that is left
 * behind to `then`.
 */
export async function killEverywhere(
  first: Machine,
  intent: Intent,
  then: (machine: Machine, at: string) => Promise<void>,
  answerTo?: (question: Question) => Answer,
): Promise<void> {
  const whole = startApp(structuredClone(first));
  let calls: readonly string[] = [];
  // The last time that work was seen is its end; the look after it changes nothing any more.
  whole.app.state.subscribe(({ work }) => {
    if (work.is !== 'idle') calls = [...whole.calls];
  });
  expect(await whole.do(intent, answerTo)).toEqual({ is: 'done' });
  expect(calls.length).toBeGreaterThan(3);
  for (const [index, name] of calls.entries()) {
    const test = startApp(structuredClone(first));
    test.killAt(index);
    await test.do(intent, answerTo).catch(() => null);
    await then(test.machine, `killed after call ${index}, ${name}`);
  }
}
