import { expect, it } from 'vitest';
import { exited, strictRun } from '../strict-run.ts';
import { createOwnOnly } from './own-only.ts';
import { programsIn } from './programs.ts';

const programs = programsIn('C:\\Windows');
const s = 'C:\\Windows\\System32\\';
const folder = "C:\\Users\\Claire O'Brien 王\\AppData\\Local\\ClawCove\\vault";
const who = { [`${s}whoami.exe /user /fo csv /nh`]: exited(0, '"pc\\\\x","S-1-5-21-1-2-3-1001"\r\n') };
const order = `${s}icacls.exe ${folder} /inheritance:r /grant:r *S-1-5-21-1-2-3-1001:(OI)(CI)F *S-1-5-18:(OI)(CI)F`;

it('lets this person in by number, and nobody else', async () => {
  const errors: string[] = [];
  const log = { info() {}, error: (message: string) => void errors.push(message) };
  const { run, commands } = strictRun({ ...who, [order]: [exited(0), exited(5)] });
  const makePrivate = createOwnOnly(run, programs, log);
  await makePrivate(folder);
  expect(errors).toEqual([]);
  expect(commands[1]?.args[0]).toBe(folder);
  await makePrivate(folder);
  expect(errors).toEqual([`could not make ${folder} private`]);
});

it('changes nothing where nobody says who this is', async () => {
  const { run, calls } = strictRun({ [`${s}whoami.exe /user /fo csv /nh`]: exited(1) });
  await createOwnOnly(run, programs, { info() {}, error() {} })(folder);
  expect(calls).toHaveLength(1);
});
