import { describe, expect, it } from 'vitest';
import type { Consent } from '../doors.ts';
import { testJobs } from '../testing/jobs.ts';
import { createMachine } from '../testing/machine.ts';
import { askAdministrator } from './ask-administrator.ts';

const yes = () => ({ is: 'yes' }) as const;
const no = () => ({ is: 'no' }) as const;
const ask = (machine = createMachine(), answer: () => { is: 'yes' } | { is: 'no' } = yes) => {
  const test = testJobs(machine);
  const ended = test.run(
    (job) => askAdministrator('install-engine', 'installing-engine', test.doors, job),
    answer,
  );
  return { ...test, ended };
};

describe('askAdministrator', () => {
  it('runs the task once the person has agreed, and says meanwhile what it does', async () => {
    const { ended, calls, steps, state } = ask();
    expect(await ended).toEqual({ is: 'done' });
    expect(calls).toEqual(['admin.commands', 'admin.run']);
    expect(steps()).toEqual(['looking', 'installing-engine']);
    expect(state.get().log).toEqual(['doing install-engine']);
  });

  it('shows the exact commands with the question', async () => {
    const test = testJobs();
    const ended = test.run((job) => askAdministrator('install-engine', 'installing-engine', test.doors, job));
    await new Promise((resolve) => setImmediate(resolve));
    expect(test.state.get().work).toMatchObject({
      question: { is: 'admin', task: 'install-engine', commands: ['apt-get install podman'] },
    });
    test.jobs.cancel();
    expect(await ended).toEqual({ is: 'cancelled' });
    expect(test.calls).not.toContain('admin.run');
  });

  it('runs nothing when the person declines', async () => {
    const { ended, calls } = ask(createMachine(), no);
    expect(await ended).toMatchObject({
      problem: { code: 'admin-declined', facts: { commands: 'apt-get install podman' } },
    });
    expect(calls).toEqual(['admin.commands']);
  });

  it('does not even ask where this system is not known', async () => {
    const { ended, calls, shown } = ask(createMachine({ adminCommands: [] }));
    expect(await ended).toMatchObject({ problem: { code: 'unknown-package-manager', next: ['check-now'] } });
    expect(calls).toEqual(['admin.commands']);
    expect(shown.map(({ is }) => is)).not.toContain('asking');
  });

  it.each([
    [{ is: 'dismissed' }, 'admin-dismissed', undefined],
    [{ is: 'refused', detail: 'not in the sudoers file' }, 'admin-refused', 'not in the sudoers file'],
    [{ is: 'failed', detail: 'x'.repeat(999) }, 'admin-failed', 'x'.repeat(300)],
  ] satisfies [Consent, string, string | undefined][])(
    'tells %j as %s, with the commands to copy',
    async (consent, code, detail) => {
      const { ended } = ask(createMachine({ consent }));
      const ending = await ended;
      expect(ending).toMatchObject({ problem: { code, facts: { commands: 'apt-get install podman' } } });
      if (ending.is === 'failed') {
        expect(ending.problem.facts.detail).toBe(detail);
        expect(ending.problem.next).toContain('copy-commands');
      }
    },
  );
});
