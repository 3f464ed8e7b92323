import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Outcome } from '../doors.ts';
import { consentFrom, createAdmin } from './admin.ts';
import { packageManagers } from './packages.ts';
import { exited, strictRun } from './strict-run.ts';
import { freeRange } from './subordinate-ids.ts';
import { testFolder } from './test-folder.ts';

const idle = new AbortController().signal;
const silent = { signal: idle, log() {} };

/** An admin door on a computer that has one package manager, at a path of its own. */
async function adminWith(
  answers: Record<string, Outcome>,
  options: { runc?: boolean; user?: string; known?: boolean } = {},
) {
  const tool = join(await testFolder(), 'apt-get');
  if (options.known !== false) await writeFile(tool, '');
  const double = strictRun(answers);
  const admin = createAdmin({
    run: double.run,
    user: options.user ?? 'anna',
    needsRunc: async () => options.runc ?? false,
    packageManagers: [
      {
        tool,
        install: ({ runc }) => ['refresh || true', `install podman${runc ? ' runc' : ''}`],
        installMachine: () => ['install qemu'],
      },
    ],
  });
  return { admin, double };
}

describe('asking the administrator', () => {
  it('shows exactly what runs, and asks once for all of it', async () => {
    const { admin, double } = await adminWith({ 'pkexec …': exited(0) }, { runc: true });
    expect(await admin.commands('install-engine')).toEqual(['refresh || true', 'install podman runc']);
    expect(await admin.run('install-engine', silent)).toEqual({ is: 'done' });
    expect(double.commands[0]).toMatchObject({
      file: 'pkexec',
      args: ['--disable-internal-agent', '/bin/sh', '-c', 'set -e\nrefresh || true\ninstall podman runc'],
    });
    expect(double.commands).toHaveLength(1);
  });

  it('gives the person a range of ids that nobody has, and has Podman take notice', async () => {
    const { admin, double } = await adminWith({ 'pkexec …': exited(0), 'podman system migrate': exited(0) });
    const [line] = await admin.commands('grant-subordinate-ids');
    expect(line).toMatch(/^\/usr\/sbin\/usermod --add-subuids (\d+-\d+) --add-subgids \1 anna$/);
    expect(await admin.run('grant-subordinate-ids', silent)).toEqual({ is: 'done' });
    expect(double.calls).toEqual([`pkexec --disable-internal-agent ${line}`, 'podman system migrate']);
  });

  it('installs what a virtual machine needs, and lets this account run one', async () => {
    const { admin, double } = await adminWith({ 'pkexec …': exited(0) });
    expect(await admin.commands('install-machine-engine')).toEqual(['install qemu']);
    expect(await admin.run('install-machine-engine', silent)).toEqual({ is: 'done' });
    const [line] = await admin.commands('grant-virtualization');
    expect(line).toBe('/usr/sbin/usermod --append --groups kvm anna');
    expect(await admin.run('grant-virtualization', silent)).toEqual({ is: 'done' });
    expect(double.commands.map(({ args }) => args.at(-1))).toEqual(['set -e\ninstall qemu', 'anna']);
    const odd = await adminWith({}, { user: '$(reboot)' });
    expect(await odd.admin.commands('grant-virtualization')).toEqual([]);
  });

  it('asks for nothing it does not know', async () => {
    const unknown = await adminWith({}, { known: false });
    expect(await unknown.admin.commands('install-engine')).toEqual([]);
    expect(await unknown.admin.run('install-engine', silent)).toMatchObject({ is: 'failed' });
    const odd = await adminWith({}, { user: '$(reboot)' });
    expect(await odd.admin.commands('grant-subordinate-ids')).toEqual([]);
    expect(await odd.admin.run('grant-subordinate-ids', silent)).toMatchObject({ is: 'failed' });
  });

  it('hands on what is said while it runs', async () => {
    const { admin } = await adminWith({
      'pkexec …': exited(100, 'Reading package lists…\n', 'E: no such package\n'),
    });
    const lines: string[] = [];
    const consent = await admin.run('install-engine', { signal: idle, log: (line) => lines.push(line) });
    expect(consent).toEqual({ is: 'failed', detail: 'E: no such package' });
    expect(lines).toEqual(['Reading package lists…', 'E: no such package']);
  });

  // Texts and codes measured with polkitd 122.
  it.each([
    [exited(0), [], { is: 'done' }],
    [exited(126), ['Error executing command as another user: Request dismissed'], { is: 'dismissed' }],
    [
      exited(127),
      ['Error executing command as another user: Not authorized', '', 'This incident has been reported.'],
      { is: 'refused' },
    ],
    [
      exited(127),
      ['Error executing command as another user: No authentication agent found.'],
      { is: 'refused' },
    ],
    [
      exited(127),
      [
        "Error creating textual authentication agent: Error opening current controlling terminal for the process (`/dev/tty'): No such device or address",
      ],
      { is: 'refused' },
    ],
    [exited(127), ['/bin/sh: 3: apt-get: not found'], { is: 'failed' }],
    [exited(126), ['/bin/sh: 3: dnf: Permission denied'], { is: 'failed' }],
    [exited(1), ['E: Could not get lock /var/lib/dpkg/lock-frontend'], { is: 'failed' }],
    [{ is: 'not-found' }, [], { is: 'refused' }],
    [{ is: 'timed-out' }, [], { is: 'failed' }],
  ] as const)('understands %j', (outcome, said, consent) => {
    expect(consentFrom(outcome, said)).toMatchObject(consent);
  });

  it('runs constant words only', () => {
    for (const { tool, install } of packageManagers) {
      expect(tool).toMatch(/^\/usr\/bin\//);
      for (const line of [...install({ runc: true }), ...install({ runc: false })]) {
        expect(line).toMatch(/^[\w\s=.:|-]+$/);
      }
      expect(install({ runc: true }).join()).toContain(' runc');
      expect(install({ runc: false }).join()).not.toMatch(/ runc/);
      expect(install({ runc: false }).join()).toContain(' podman');
    }
  });
});

describe('a free range of ids', () => {
  it('is the first one that nobody has', () => {
    expect(freeRange([])).toBe('100000-165535');
    expect(freeRange(['root:100000:65536\n', 'root:100000:65536\n'])).toBe('165536-231071');
    expect(freeRange(['bob:165536:65536\nann:100000:65536\n# no\n', ''])).toBe('231072-296607');
    expect(freeRange(['bob:300000:65536\n', ''])).toBe('100000-165535');
    expect(freeRange(['bob:120000:10\n', ''])).toBe('120010-185545');
  });

  it("never overlaps anybody's", () => {
    const entry = fc.tuple(fc.integer({ min: 1, max: 10_000_000 }), fc.integer({ min: 1, max: 200_000 }));
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 30 }), (entries) => {
        const table = entries.map(([start, size]) => `u:${start}:${size}`).join('\n');
        const [first = 0, last = 0] = freeRange([table]).split('-').map(Number);
        expect(last - first).toBe(65_535);
        for (const [start, size] of entries) expect(start > last || start + size <= first).toBe(true);
      }),
    );
  });
});
