import { describe, expect, it } from 'vitest';
import type { Answer, OtherComputer, Question } from '../contract.ts';
import type { Doors, OtherComputerAccess } from '../doors.ts';
import type { LetIn } from '../sandbox/device/let-in.ts';
import type { EngineState } from '../sandbox/sandbox.ts';
import { testJobs } from '../testing/jobs.ts';
import { createMachine, freshChoices } from '../testing/machine.ts';
import { prepareComputer } from './prepare.ts';

const laptop: OtherComputer = { host: '192.168.1.30', port: 22, account: 'ada' };
const key = { publicKey: 'ssh-ed25519 AAAA', fingerprint: 'SHA256:x' };

interface Laptop {
  isTrusted: boolean;
  letsIn: boolean;
  isDedicated: boolean;
  /** What comes of a password. */
  letIn: (password: string) => LetIn;
  signs: { sign: 'browser' | 'mail'; count: number }[];
  /** Whether somebody else answers in its place, or nobody. */
  instead: 'host-key-changed' | 'silent' | null;
}

/** Prepares a laptop; questions are answered in turn. */
async function prepare(change: Partial<Laptop>, answers: readonly Answer[]) {
  const there: Laptop = {
    isTrusted: false,
    letsIn: false,
    isDedicated: false,
    letIn: () => ({ is: 'done' }),
    signs: [],
    instead: null,
    ...change,
  };
  const access: OtherComputerAccess = {
    rename: async () => {},
    shownKey: async () => key,
    async trust(_, { fingerprint }) {
      expect(fingerprint).toBe(key.fingerprint);
      there.isTrusted = true;
    },
    commands: async () => ['sudo sh'],
    async letIn(computer, password) {
      expect(computer).toEqual(laptop);
      const result = there.letIn(password);
      if (result.is === 'done') there.letsIn = true;
      return result;
    },
    knock: async () => there.instead ?? (there.letsIn ? null : 'key-refused'),
    signs: async () => there.signs,
    async dedicate() {
      there.isDedicated = true;
    },
  };
  const state = (): EngineState => {
    if (!there.isTrusted) return { is: 'not-prepared', lacks: 'key' };
    if (!there.letsIn) return { is: 'not-prepared', lacks: 'way-in' };
    return there.isDedicated
      ? { is: 'ready', version: 'Debian', limits: 'enforced' }
      : { is: 'not-prepared', lacks: 'word' };
  };
  const test = testJobs(createMachine({ choices: { ...freshChoices, otherComputer: laptop } }));
  const sandbox = { ...test.doors.sandbox, probe: async () => state() };
  const doors: Doors = { ...test.doors, sandbox, otherComputer: access };
  const left = [...answers];
  const asked: Question[] = [];
  const ending = await test.run(
    (job) => prepareComputer(doors, job),
    (question) => {
      asked.push(question);
      return left.shift() ?? { is: 'no' };
    },
  );
  return { there, asked, problem: ending.is === 'failed' ? ending.problem.code : null };
}

const yes = { is: 'yes' } as const;
const password = { is: 'password', password: 'secret' } as const;

describe('preparing another computer', () => {
  it('asks for its key, the way in, and what it is there for, and then has it', async () => {
    const { there, asked, problem } = await prepare({}, [yes, password, yes]);
    expect(problem).toBeNull();
    expect(there).toMatchObject({ isTrusted: true, letsIn: true, isDedicated: true });
    expect(asked).toEqual([
      { is: 'computer-key', host: laptop.host, fingerprint: key.fingerprint },
      { is: 'computer-let-in', host: laptop.host, account: 'ada', commands: ['sudo sh'], again: null },
      { is: 'computer-lived-in', host: laptop.host, signs: [] },
    ]);
  });

  it('asks again for nothing that was said before', async () => {
    const { asked } = await prepare({ isTrusted: true, letsIn: true }, [yes]);
    expect(asked.map(({ is }) => is)).toEqual(['computer-lived-in']);
  });

  it('trusts no key that the person does not confirm', async () => {
    const { there, problem } = await prepare({}, [{ is: 'no' }]);
    expect(problem).toBe('computer-key-declined');
    expect(there.isTrusted).toBe(false);
  });

  it.each(['wrong-password', 'not-administrator', 'no-passwords'] as const)(
    'says why it was not let in, and asks once more: %s',
    async (is) => {
      let tries = 0;
      const letIn = (): LetIn => (tries++ === 0 ? { is } : { is: 'done' });
      const { asked, problem } = await prepare({ isTrusted: true, letIn }, [password, password, yes]);
      expect(problem).toBeNull();
      expect(asked[1]).toMatchObject({ is: 'computer-let-in', again: is });
    },
  );

  it('believes nobody that it was let in by hand before it is in', async () => {
    const { asked, problem } = await prepare({ isTrusted: true }, [yes, { is: 'no' }]);
    expect(asked[1]).toMatchObject({ is: 'computer-let-in', again: 'not-let-in' });
    expect(problem).toBe('computer-shut');
  });

  it('shows the signs that somebody lives with it, and takes only the person’s word', async () => {
    const signs = [{ sign: 'mail' as const, count: 2 }];
    const refused = await prepare({ isTrusted: true, letsIn: true, signs }, [{ is: 'no' }]);
    expect(refused).toMatchObject({ problem: 'computer-lived-in', there: { isDedicated: false } });
    expect(refused.asked).toEqual([{ is: 'computer-lived-in', host: laptop.host, signs }]);
    const taken = await prepare({ isTrusted: true, letsIn: true, signs }, [yes]);
    expect(taken.there.isDedicated).toBe(true);
  });

  it.each([
    ['host-key-changed', 'computer-other-key'],
    ['silent', 'computer-unreachable'],
  ] as const)('stops where it meets %s', async (instead, code) => {
    const { asked, problem } = await prepare({ isTrusted: true, instead }, [yes]);
    expect(problem).toBe(code);
    expect(asked).toEqual([]);
  });

  it('knows nobody to prepare before one is named', async () => {
    const test = testJobs(createMachine());
    expect(await test.run((job) => prepareComputer(test.doors, job))).toMatchObject({
      problem: { code: 'computer-not-named' },
    });
  });
});
