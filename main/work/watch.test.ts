import { describe, expect, it, vi } from 'vitest';
import { openDoors, settle } from '../testing/doors.ts';
import { startWatch } from './watch.ts';

const minutes = 60_000;

/** A watch whose looks are counted; the machine's clock is moved by hand. */
function watching(look: () => Promise<boolean> = async () => true) {
  const { doors, advance, machine } = openDoors(undefined, { sleepsThrough: () => false });
  const looks = vi.fn(look);
  const errors: unknown[] = [];
  const watch = startWatch(doors.clock, looks, (error) => errors.push(error));
  return { watch, looks, errors, advance, machine };
}

describe('the watch', () => {
  it('looks at once, and when all is calm every five minutes', async () => {
    const { watch, looks, advance } = watching();
    await settle();
    expect(looks).toHaveBeenCalledTimes(1);
    await advance(5 * minutes - 1);
    expect(looks).toHaveBeenCalledTimes(1);
    await advance(1);
    expect(looks).toHaveBeenCalledTimes(2);
    watch.close();
  });

  it('looks every twenty seconds while something is not calm', async () => {
    const { watch, looks, advance } = watching(async () => false);
    await settle();
    await advance(20_000);
    await advance(20_000);
    expect(looks).toHaveBeenCalledTimes(3);
    watch.close();
  });

  it('goes on after a look that failed, and tells of it', async () => {
    const { watch, looks, errors, advance } = watching(() => Promise.reject(new Error('no')));
    await settle();
    expect(errors).toEqual([new Error('no')]);
    await advance(5 * minutes);
    expect(looks).toHaveBeenCalledTimes(2);
    watch.close();
  });

  it('looks at once when nudged', async () => {
    const { watch, looks, advance } = watching();
    await advance(5_000);
    watch.nudge();
    await settle();
    expect(looks).toHaveBeenCalledTimes(2);
    watch.close();
  });

  it('makes no storm of a night asleep: one look, however many were missed', async () => {
    const { watch, looks, advance, machine } = watching(async () => false);
    await advance(5_000);
    machine.now += 9 * 60 * minutes;
    watch.nudge();
    await advance(0);
    expect(looks).toHaveBeenCalledTimes(2);
    watch.close();
  });

  it('makes no storm of a clock that is set forward or back', async () => {
    const { watch, looks, advance, machine } = watching();
    await advance(5_000);
    machine.now += 365 * 24 * 60 * minutes;
    await advance(0);
    expect(looks).toHaveBeenCalledTimes(2);
    machine.now -= 365 * 24 * 60 * minutes;
    await advance(10 * minutes);
    expect(looks.mock.calls.length).toBeLessThanOrEqual(3);
    watch.close();
  });

  it('answers nudges that come during a look, with one more look soon after', async () => {
    let end = () => {};
    const { watch, looks, advance } = watching(
      () =>
        new Promise((resolve) => {
          end = () => resolve(true);
        }),
    );
    watch.nudge();
    watch.nudge();
    end();
    await settle();
    expect(looks).toHaveBeenCalledTimes(1);
    await advance(5_000);
    expect(looks).toHaveBeenCalledTimes(2);
    end();
    await advance(4 * minutes);
    expect(looks).toHaveBeenCalledTimes(2);
    watch.close();
  });

  it('makes no storm of a network that comes and goes all the time', async () => {
    const { watch, looks, advance } = watching();
    for (let ms = 0; ms < 60_000; ms += 250) {
      watch.nudge();
      await advance(250);
    }
    expect(looks.mock.calls.length).toBeGreaterThan(10);
    expect(looks.mock.calls.length).toBeLessThanOrEqual(13);
    watch.close();
  });

  it('never looks again once it is closed, not even when nudged', async () => {
    const { watch, looks, advance } = watching();
    await settle();
    watch.close();
    watch.nudge();
    await advance(60 * minutes);
    expect(looks).toHaveBeenCalledTimes(1);
  });
});
