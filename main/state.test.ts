import { expect, it, vi } from 'vitest';
import { createState } from './state.ts';
import { blankSnapshot } from './testing/jobs.ts';

it('replaces only the given parts and tells every subscriber once', () => {
  const state = createState(blankSnapshot);
  const one = vi.fn();
  const other = vi.fn();
  state.subscribe(one);
  state.subscribe(other);
  state.update({ looking: true });
  const expected = { ...blankSnapshot, looking: true };
  expect(state.get()).toEqual(expected);
  expect(one.mock.calls).toEqual([[expected]]);
  expect(other.mock.calls).toEqual([[expected]]);
});

it('never changes a Snapshot that was handed out', () => {
  const state = createState(blankSnapshot);
  const before = state.get();
  state.update({ looking: true });
  expect(before.looking).toBe(false);
  expect(state.get()).not.toBe(before);
});

it('leaves a subscriber in peace once they have stopped', () => {
  const state = createState(blankSnapshot);
  const listener = vi.fn();
  const stop = state.subscribe(listener);
  stop();
  state.update({ looking: true });
  expect(listener).not.toHaveBeenCalled();
});

it('never shows an older Snapshot after a newer one, even when a subscriber changes it in turn', () => {
  const state = createState(blankSnapshot);
  const seen: boolean[] = [];
  state.subscribe(({ looking, light }) => {
    if (looking && light !== 'working') state.update({ light: 'working' });
  });
  state.subscribe(({ light }) => seen.push(light === 'working'));
  state.update({ looking: true });
  expect(seen).toEqual([true, true]);
});

it('goes on after a subscriber that throws: the others are told, who published is not bothered', () => {
  const onError = vi.fn();
  const state = createState(blankSnapshot, onError);
  const failure = new Error('the tray is gone');
  const other = vi.fn();
  state.subscribe(() => {
    throw failure;
  });
  state.subscribe(other);
  expect(() => state.update({ looking: true })).not.toThrow();
  expect(state.get().looking).toBe(true);
  expect(other).toHaveBeenCalledTimes(1);
  expect(onError.mock.calls).toEqual([[failure]]);
});
