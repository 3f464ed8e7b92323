/**
 * What lynis finds in a machine as ClawCove makes it: nothing but what docs/hardening.md tells the reason of. lynis itself is
 * this computer's (Debian's package `lynis`), and is brought in: the machine's own system is left as it is.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { idle, silentReport } from '../silent-report.ts';
import { startPatiently } from './start-patiently.ts';
import { openTestMachine, type TestMachine } from './test-machine.ts';

const hours = 2 * 3_600_000;
const parts = ['/usr/sbin/lynis', '/usr/share/lynis', '/etc/lynis'];
const test = parts.every((part) => existsSync(part)) ? await openTestMachine() : null;

/** The tests that stand in a table of the page, by the words above it. */
function listedAfter(page: string, words: string): Set<string> {
  const table = page.slice(page.indexOf(words)).split('\n\n')[1] ?? '';
  return new Set([...table.matchAll(/^\| ([A-Z]{3,5}(?:-\d{4})?) +\|/gm)].map(([, id]) => id ?? ''));
}

describe.skipIf(test === null)('lynis in a virtual machine', { timeout: hours }, () => {
  const { machine, folder, spec, run } = test as TestMachine;

  beforeAll(async () => {
    await machine.create(spec, silentReport());
    await startPatiently(machine);
  }, hours);
  afterAll(() => test?.close(), hours);

  it('finds nothing that could have been prevented', async () => {
    const packed = join(folder, 'lynis.tar');
    const args = ['--create', `--file=${packed}`, '--directory=/', ...parts.map((part) => part.slice(1))];
    expect(await run({ file: 'tar', args, timeoutMs: 60_000, signal: idle() })).toMatchObject({ code: 0 });
    const unpack = ['tar', '--extract', '--no-same-owner', '--directory=/', '--file=-'];
    expect(await machine.guest.send(packed, unpack, silentReport())).toMatchObject({ exitCode: 0 });
    const report = '/root/lynis.dat';
    const audit = ['lynis', 'audit', 'system', '--quick', '--quiet', '--no-colors', '--report-file', report];
    await machine.guest.run(audit, { timeoutMs: hours - 600_000, signal: idle() });
    const { untrustedOut } = await machine.guest.run(['cat', report], { timeoutMs: 60_000, signal: idle() });
    // It came to its end, and looked at something.
    expect(untrustedOut).toMatch(/^hardening_index=\d+$/m);
    const found = [...untrustedOut.matchAll(/^(warning|suggestion)\[\]=([^|]+)\|(.*)$/gm)].map(
      ([, kind, id = '', words = '']) => ({ kind, id, words }),
    );
    const page = readFileSync(new URL('../../../docs/hardening.md', import.meta.url), 'utf8');
    const told = listedAfter(page, 'What lynis still finds there');
    expect(found.filter(({ id }) => !told.has(id))).toEqual([]);
    // What the page says is changed is changed, save where it says what of it stays.
    const changed = listedAfter(page, "What lynis finds on Debian's own image");
    expect(found.filter(({ id }) => changed.has(id) && !told.has(id))).toEqual([]);
  });
});
