import { execFileSync } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { beforeAll, describe, expect, it } from 'vitest';
import { certificatesToCarry, extraCertificates } from './certificates.ts';
import { testFolder } from './test-folder.ts';

const now = Date.UTC(2026, 10, 22);

describe('certificates that somebody added', () => {
  let folder: string;
  let company: string;
  let server: string;
  let old: string;

  const make = async (name: string, ...more: string[]) => {
    const [key, pem] = [join(folder, `${name}.key`), join(folder, `${name}.pem`)];
    const args = [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-keyout',
      key,
      '-out',
      pem,
    ];
    execFileSync('openssl', [...args, '-subj', `/CN=${name}`, ...more], { stdio: 'ignore' });
    return readFile(pem, 'utf8');
  };

  beforeAll(async () => {
    folder = await testFolder();
    company = await make('company', '-days', '3650');
    server = await make('server', '-days', '3650', '-addext', 'basicConstraints=critical,CA:FALSE');
    old = await make('old', '-days', '1');
  });

  it('are carried once, unless they are known, no CA, or run out', () => {
    const later = now + 2 * 24 * 3_600_000;
    expect(certificatesToCarry([company, company], [], later)).toBe(company);
    expect(certificatesToCarry([company], [company], later)).toBeNull();
    expect(certificatesToCarry([server], [], later)).toBeNull();
    expect(certificatesToCarry([old], [], Date.now() + 10 * 24 * 3_600_000)).toBeNull();
    expect(
      certificatesToCarry(
        ['junk', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----'],
        [],
        later,
      ),
    ).toBeNull();
    expect(certificatesToCarry([rootCertificates[0] ?? ''], rootCertificates, later)).toBeNull();
  });

  it('are bounded', () => {
    const [many] = [rootCertificates.join('\n').repeat(1)];
    const carried = certificatesToCarry([many], [], 0) ?? '';
    expect(carried.length).toBeLessThanOrEqual(256 * 1024);
    expect(carried.length).toBeGreaterThan(0);
  });

  it('are found where administrators put them, and where the person says', async () => {
    const anchors = join(folder, 'anchors');
    await mkdir(join(anchors, 'sub'), { recursive: true });
    await writeFile(join(anchors, 'sub', 'company.crt'), `Company CA\n${company}`);
    expect(await extraCertificates({}, now, [anchors])).toBe(company);
    expect(await extraCertificates({}, now, [join(folder, 'nowhere')])).toBeNull();
    const file = join(folder, 'company.pem');
    expect(await extraCertificates({ NODE_EXTRA_CA_CERTS: file, SSL_CERT_FILE: file }, now, [])).toBe(
      company,
    );
    expect(await extraCertificates({ NODE_EXTRA_CA_CERTS: file }, now, [anchors])).toBe(company);
  });
});
