import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { exited, strictRun } from '../../host/strict-run.ts';
import { testFolder } from '../../host/test-folder.ts';
import { problemCode } from '../sandbox.contract.ts';
import { idle } from '../silent-report.ts';
import { verifySignature } from './signature.ts';

it.each([
  [exited(0), 'no problem'],
  [exited(1, '', 'gpgv: BAD signature from "Debian"'), 'system-unsigned'],
  [exited(2, '', "gpgv: Can't check signature: No public key"), 'system-unsigned'],
  [{ is: 'timed-out' as const }, 'system-unsigned'],
  [{ is: 'not-found' as const }, 'engine-not-ready'],
])('believes nobody but who signed: %j', async (answer, code) => {
  const scratch = join(await testFolder(), 'base');
  const { run, calls } = strictRun({ 'gpgv …': answer });
  const signer = { file: 'SHA512SUMS.sign', keys: 'bWFrZXJz' };
  const verified = verifySignature(run, Buffer.from('list'), Buffer.from('sign'), signer, scratch, idle());
  if (code === 'no problem') await verified;
  else expect(await problemCode(verified)).toBe(code);
  expect(calls).toEqual([`gpgv --keyring ${scratch}.keys -- ${scratch}.sign ${scratch}.list`]);
  expect(['keys', 'sign', 'list'].some((end) => existsSync(`${scratch}.${end}`))).toBe(false);
});
