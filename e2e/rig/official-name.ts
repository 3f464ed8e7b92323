/**
 * The official image source under its own name, for an engine that takes no mirror for it: this machine answers to
 * the name, with a certificate that the engine believes for that name alone. Root only.
 */
import { copyFileSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { ensurePackages } from './apt.ts';
import { pretendOfficialSource } from './official-source.ts';
import { startEncryptedRegistry, stopEncryptedRegistry } from './registry.ts';
import { runFolder } from './settings.ts';

/** An address of this machine's that nothing else listens on. */
const address = '127.0.0.43';
const name = 'ghcr.io';
/** Where the engine looks for whom it believes. Source: dockerd(8), certs.d. */
const believed = `/etc/docker/certs.d/${name}`;

async function certificate(): Promise<{ certificate: string; key: string }> {
  const files = { certificate: join(runFolder, 'official.crt'), key: join(runFolder, 'official.key') };
  if (existsSync(files.certificate)) return files;
  await ensurePackages(['openssl']);
  await execa('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '30'],
    ...['-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${name}`],
    ...['-keyout', files.key, '-out', files.certificate],
  ]);
  return files;
}

/** Does something while the engine finds the official source here. */
export async function withOfficialName<T>(work: () => Promise<T>): Promise<T> {
  const tls = await certificate();
  mkdirSync(believed, { recursive: true });
  copyFileSync(tls.certificate, join(believed, 'ca.crt'));
  const takeBack = pretendOfficialSource(address);
  try {
    await startEncryptedRegistry(address, tls);
    return await work();
  } finally {
    takeBack();
    await stopEncryptedRegistry();
    rmSync(believed, { recursive: true, force: true });
  }
}
