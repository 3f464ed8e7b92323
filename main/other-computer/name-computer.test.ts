import { expect, it } from 'vitest';
import type { Intent, OtherComputer } from '../contract.ts';
import type { OtherComputerAccess } from '../doors.ts';
import { testJobs } from '../testing/jobs.ts';
import { createMachine } from '../testing/machine.ts';
import { createActor } from '../work/act.ts';
import { createLooks } from '../work/looks.ts';

const laptop: OtherComputer = { host: '192.168.1.30', port: 22, account: 'ada' };
const intent: Intent = { do: 'name-computer', computer: laptop };

/** Takes intents; answers with what the access to another computer was told. */
function open(hasAccess: boolean) {
  const test = testJobs(createMachine());
  const renamed: OtherComputer[] = [];
  const nobody = async (): Promise<never> => {
    throw new Error('nobody is spoken to before setup');
  };
  const access: OtherComputerAccess = {
    rename: async (computer) => void renamed.push(computer),
    shownKey: nobody,
    trust: nobody,
    commands: nobody,
    letIn: nobody,
    knock: nobody,
    signs: nobody,
    dedicate: nobody,
  };
  const doors = { ...test.doors, otherComputer: hasAccess ? access : null };
  const looks = createLooks([], doors, test.state);
  return { ...test, renamed, actor: createActor([], doors, test.state, test.jobs, looks) };
}

it('is kept, and shown with what a home there needs', async () => {
  const { actor, state, doors, renamed } = open(true);
  expect(await actor.act(intent)).toEqual({ ok: true });
  expect(renamed).toEqual([laptop]);
  expect(doors.store.choices().otherComputer).toEqual(laptop);
  expect(state.get().choices.otherComputer).toEqual(laptop);
  expect(state.get().homes.length).toBeGreaterThan(0);
});

it('is refused while work runs, and where no other computer can be kept from', async () => {
  const { actor, jobs, renamed } = open(true);
  let go = () => {};
  const work = jobs.run(
    'fix',
    () => null,
    async () =>
      new Promise<void>((resolve) => {
        go = resolve;
      }),
  );
  await Promise.resolve();
  expect(await actor.act(intent)).toMatchObject({ ok: false, problem: { code: 'busy' } });
  await new Promise((resolve) => setTimeout(resolve, 0));
  go();
  await work;
  expect(renamed).toEqual([]);
  expect(await open(false).actor.act(intent)).toMatchObject({
    ok: false,
    problem: { code: 'home-not-here' },
  });
});
