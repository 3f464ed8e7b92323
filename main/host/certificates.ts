/** CA certificates that somebody added to this computer: a company's, or a virus scanner's. */
import { X509Certificate } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { readBounded } from './files.ts';

/**
 * Where administrators put certificates: Debian, Fedora, openSUSE, Arch. Comparing the whole
 * bundle with Node's own roots would be wrong: it would carry along makers that browsers have
 * since stopped trusting (seen on Debian 12: TrustCor, E-Tugra).
 */
const anchorFolders = [
  '/usr/local/share/ca-certificates',
  '/etc/pki/ca-trust/source/anchors',
  '/etc/pki/trust/anchors',
  '/etc/ca-certificates/trust-source/anchors',
];
/** The systems' own bundles, where everything is together. */
const bundles = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/ssl/cert.pem',
];
/** A usual bundle has 220 kB. */
const maxFile = 2 * 1024 * 1024;
const maxFiles = 200;
/** Podman's secrets hold 500 kB; nobody adds that many. */
const maxCarried = 256 * 1024;

const block = /-----BEGIN (?:TRUSTED )?CERTIFICATE-----[\s\S]+?-----END (?:TRUSTED )?CERTIFICATE-----/g;

function readCertificate(source: string | Buffer): X509Certificate | null {
  try {
    return new X509Certificate(source);
  } catch {
    return null;
  }
}

function certificatesIn(text: string): X509Certificate[] {
  return (text.match(block) ?? []).map(readCertificate).filter((certificate) => certificate !== null);
}

/**
 * The certificates that have to be carried into a home; pure.
 *
 * @param added texts with PEM blocks that somebody added
 * @param known texts with PEM blocks that programs trust anyway
 * @param now ms since 1970; what has run out is left behind
 * @returns PEM, or null when there is none to carry
 */
export function certificatesToCarry(
  added: readonly string[],
  known: readonly string[],
  now: number,
): string | null {
  const knownOnes = new Set(known.flatMap(certificatesIn).map(({ fingerprint256 }) => fingerprint256));
  const carried = new Map<string, string>();
  let size = 0;
  for (const certificate of added.flatMap(certificatesIn)) {
    const { fingerprint256: id, ca, validTo } = certificate;
    if (!ca || knownOnes.has(id) || carried.has(id) || Date.parse(validTo) < now) continue;
    const pem = certificate.toString();
    size += pem.length;
    if (size > maxCarried) break;
    carried.set(id, pem);
  }
  return carried.size === 0 ? null : [...carried.values()].join('');
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile() || entry.isSymbolicLink())
    .map((entry) => join(entry.parentPath, entry.name))
    .slice(0, maxFiles);
}

/**
 * Gathers what was added to this computer, and what the person's own settings name.
 *
 * @param environment where `NODE_EXTRA_CA_CERTS` and `SSL_CERT_FILE` may name files
 */
export async function extraCertificates(
  environment: NodeJS.ProcessEnv,
  now: number,
  folders: readonly string[] = anchorFolders,
): Promise<string | null> {
  const read = async (path: string) => (await readBounded(path, maxFile)) ?? '';
  const anchors = await Promise.all((await Promise.all(folders.map(filesIn))).flat().map(read));
  const named = [environment.NODE_EXTRA_CA_CERTS, environment.SSL_CERT_FILE].filter(
    (path) => path !== undefined,
  );
  const own = await Promise.all(named.map(read));
  const system = own.some((text) => text !== '') ? await Promise.all(bundles.map(read)) : [];
  const added = certificatesToCarry(anchors, rootCertificates, now);
  const fromNamed = certificatesToCarry(own, [...rootCertificates, ...system, added ?? ''], now);
  return added === null && fromNamed === null ? null : `${added ?? ''}${fromNamed ?? ''}`;
}
