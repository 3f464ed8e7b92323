import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../doors.ts';
import { exited, strictRun } from '../../host/strict-run.ts';
import { ProblemError } from '../../problem.ts';
import { shareFolder, unshareFolder } from './folder-access.ts';

const path = '/home/ada/Open Claw';
const ask = `getfacl --absolute-names --omit-header --numeric -- ${path}`;
const set = `setfacl --recursive --physical --modify u:1000:rwX,d:u:1000:rwX,d:u:1001:rwX -- ${path}`;
const unset = `setfacl --recursive --physical --remove u:1000,d:u:1000,d:u:1001 -- ${path}`;
/** As recorded on Debian 12 (acl 2.3.1). */
const plain = exited(0, 'user::rwx\ngroup::r-x\nother::r-x\n\n');
const shared = exited(
  0,
  'user::rwx\nuser:1000:rwx\ngroup::r-x\nmask::rwx\nother::r-x\ndefault:user::rwx\ndefault:user:1000:rwx\ndefault:user:1001:rwx\ndefault:group::r-x\ndefault:mask::rwx\ndefault:other::r-x\n\n',
);
const idle = new AbortController().signal;
const share = async (answers: Record<string, Outcome>, person = 1001, agent = 1000) => {
  const double = strictRun(answers);
  await shareFolder(double.run, path, { person, agent }, idle);
  return double.calls;
};

describe('a shared folder', () => {
  it('is left alone where the agent has the person’s number', async () => {
    expect(await share({}, 1000, 1000)).toEqual([]);
  });

  it('lets the agent in, and the person into what it makes', async () => {
    expect(await share({ [ask]: plain, [set]: exited(0) })).toEqual([ask, set]);
  });

  it('that does so already isn’t gone through again', async () => {
    expect(await share({ [ask]: shared })).toEqual([ask]);
  });

  it.each([
    ['the program is missing', { [ask]: { is: 'not-found' } as const }, 'acl'],
    [
      'the disk knows no access lists',
      { [ask]: plain, [set]: exited(1, '', `setfacl: ${path}: Operation not supported\n`) },
      'Operation not supported',
    ],
  ])('that can’t be shared says why: %s', async (_, answers, detail) => {
    const error = await share(answers).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ProblemError);
    expect((error as ProblemError).problem).toMatchObject({
      code: 'folder-not-shareable',
      facts: { path, detail: expect.stringContaining(detail) },
    });
  });

  it('forgets the agent in the end, and minds nothing that is gone', async () => {
    const sharing = { person: 1001, agent: 1000 };
    for (const answer of [exited(0), exited(1, '', 'No such file or directory')]) {
      const double = strictRun({ [unset]: answer });
      await unshareFolder(double.run, path, sharing, idle);
      expect(double.calls).toEqual([unset]);
    }
    await unshareFolder(strictRun({}).run, path, { person: 1000, agent: 1000 }, idle);
  });
});
