import { describe, expect, it } from 'vitest';
import type { DedicationSeen, Doors } from '../doors.ts';
import { movedInMachine } from '../testing/apps.ts';
import { check, expectWhole } from '../testing/checks.ts';
import { testJobs } from '../testing/jobs.ts';
import { createMachine, freshChoices } from '../testing/machine.ts';
import { computerDedicated, judgeDedication } from './computer-dedicated.ts';

const now = 1_795_000_000_000;
const good: DedicationSeen = { signs: [], door: { is: 'shut', at: now - 1_000 }, fixes: 'on' };
const livedIn: DedicationSeen = { ...good, signs: [{ sign: 'browser', count: 2 }] };

describe('judgeDedication', () => {
  it.each<[DedicationSeen, boolean, string]>([
    [good, true, 'ok'],
    [livedIn, true, 'attention computer-lived-in'],
    [{ ...good, door: { is: 'open' } }, true, 'attention computer-door-open'],
    [{ ...good, door: { is: 'stuck' } }, true, 'attention computer-door-stuck'],
    [{ ...good, fixes: 'off' }, true, 'attention own-fixes-off'],
    [{ ...good, fixes: 'unknown' }, true, 'unknown own-fixes-unknown'],
    [{ ...livedIn, door: { is: 'open' }, fixes: 'off' }, false, 'not-applicable computer-shared'],
    [good, false, 'attention computer-door-left'],
    [{ ...good, door: { is: 'stuck' } }, false, 'attention computer-door-left'],
  ])('of %o, said to be dedicated: %s, is %s', (seen, isDedicated, said) => {
    const finding = expectWhole(judgeDedication(seen, isDedicated, now), now);
    const why = finding.is === 'ok' ? '' : ` ${finding.why}`;
    expect(`${finding.is === 'broken' ? finding.gravity : finding.is}${why}`).toBe(said);
  });
});

describe('a computer that is there for OpenClaw alone', () => {
  /** Puts it right on a computer that is as it was `seen`; answers with what an administrator was asked for. */
  async function fixed(seen: DedicationSeen, isDedicated = true) {
    const test = testJobs(createMachine({ choices: { ...freshChoices, isDedicated } }));
    const asked: string[] = [];
    const doors: Doors = {
      ...test.doors,
      dedication: { look: async () => seen },
      admin: {
        commands: async () => ['true'],
        run: async (task) => {
          asked.push(task);
          return { is: 'done' };
        },
      },
    };
    const ending = await test.run(
      async (job) => computerDedicated.fix?.(doors, job),
      () => ({ is: 'yes' }),
    );
    return { asked, problem: ending.is === 'failed' ? ending.problem.code : null };
  }

  it('is shut and kept up to date with an administrator’s consent, asked once', async () => {
    expect(await fixed({ ...good, door: { is: 'open' }, fixes: 'off' })).toEqual({
      asked: ['dedicate-computer'],
      problem: null,
    });
  });

  it('is nobody’s to clear but its person’s', async () => {
    expect(await fixed(livedIn)).toEqual({ asked: [], problem: 'computer-not-cleared' });
  });

  it('is opened again once it is there for others, too', async () => {
    expect((await fixed(good, false)).asked).toEqual(['undedicate-computer']);
  });

  it('is none where nobody knows how to make one', async () => {
    expect(await check(computerDedicated, await movedInMachine())).toMatchObject({
      is: 'not-applicable',
      why: 'computer-not-dedicated-here',
    });
  });
});
