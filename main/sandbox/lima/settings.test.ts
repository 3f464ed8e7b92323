import { rootCertificates } from 'node:tls';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import type { MachineSpec } from '../distro/machine.ts';
import { bases } from './bases.ts';
import { settingsText } from './settings.ts';

const spec: MachineSpec = {
  memoryBytes: 4 * 1024 ** 3,
  cpus: 2,
  diskBytes: 40 * 1024 ** 3,
  port: 18_789,
  sharedFolder: '/Users/anna/OpenClaw Shared',
  fence: { refused: [], allowed: [] },
  certificates: null,
};
const read = (change: Partial<MachineSpec> = {}) => parse(settingsText({ ...spec, ...change }, bases, 501));

/** What Go's text/template makes of a text; it may have no other blanks in it than quoted braces. */
function filledIn(text: string): string {
  expect(text.replaceAll('{{"{{"}}', '')).not.toContain('{{');
  return text.replaceAll('{{"{{"}}', '{{');
}

describe('the settings of a machine', () => {
  it('share one folder and one port, and nothing else', () => {
    const settings = read();
    expect(settings.mounts).toEqual([
      { location: '/Users/anna/OpenClaw Shared', mountPoint: '/srv/shared', writable: true },
    ]);
    expect(settings.portForwards).toEqual([
      { guestIP: '127.0.0.1', guestPort: 18_789, hostIP: '127.0.0.1', hostPort: 18_789, proto: 'tcp' },
      {
        guestIP: '0.0.0.0',
        guestIPMustBeZero: false,
        guestPortRange: [1, 65_535],
        proto: 'any',
        ignore: true,
      },
    ]);
    expect(settings.networks).toEqual([]);
    expect(settings.ssh).toEqual({
      loadDotSSHPubKeys: false,
      forwardAgent: false,
      forwardX11: false,
      forwardX11Trusted: false,
    });
    expect(settings.containerd).toEqual({ system: false, user: false });
  });

  it('give Lima an account of its own, which is never the agent’s', () => {
    expect(read().user).toMatchObject({ name: 'keeper', uid: 2000 });
    expect(parse(settingsText(spec, bases, 2000)).user).toMatchObject({ name: 'keeper', uid: 2001 });
  });

  it('name a base by its checksum, for either processor', () => {
    const { images, vmType, memory, disk, cpus } = read();
    expect({ vmType, memory, disk, cpus }).toEqual({
      vmType: 'vz',
      memory: '4096MiB',
      disk: '40960MiB',
      cpus: 2,
    });
    expect(images.map(({ arch }: { arch: string }) => arch)).toEqual(['x86_64', 'aarch64']);
    for (const { location, digest } of images) {
      expect(location).toMatch(/^https:\/\//);
      expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/);
    }
  });

  it('carry certificates one by one', () => {
    const two = rootCertificates.slice(0, 2);
    expect(
      read({ certificates: `${two.join('\n')}\n` }).caCerts.certs.map((pem: string) => pem.trim()),
    ).toEqual(two.map((pem) => pem.trim()));
    expect(read().caCerts.certs).toEqual([]);
  });

  it.each([
    '/Users/anna/共享文件夹',
    '/Users/anna/a: b #c',
    '/Users/anna/"quoted" \'twice\'',
    '/Users/anna/- {mounts: [~]}',
    '/Users/anna/{{.Home}}',
    '/Users/anna/{{{x}}}',
    '/Users/anna/two\nlines\n- location: /',
    '/Users/anna/&anchor *alias !!tag |',
    `/Users/anna/${'long/'.repeat(60)}`,
  ])('mean the folder %j as it is called', (sharedFolder) => {
    const [mount, ...others] = read({ sharedFolder }).mounts;
    expect(filledIn(mount.location)).toBe(sharedFolder);
    expect(others).toEqual([]);
  });

  it('stay one document with the same keys whatever the folder is called', () => {
    const keys = Object.keys(read());
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary', maxLength: 80 }),
          fc.string({ unit: fc.constantFrom(...'{}"./:~- \n#') }),
        ),
        (name) => {
          const text = settingsText({ ...spec, sharedFolder: `/${name}` }, bases, 501);
          expect(parseAllDocuments(text)).toHaveLength(1);
          expect(Object.keys(parse(text))).toEqual(keys);
          expect(filledIn(parse(text).mounts[0].location)).toBe(`/${name}`);
        },
      ),
      { numRuns: 60 },
    );
  });
});
