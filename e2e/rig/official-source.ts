import { readFileSync, writeFileSync } from 'node:fs';

const hosts = '/etc/hosts';
const line = (address: string) => `${address} ghcr.io # Made by the rig\n`;

/**
 * Says where the official image source is: at an address of the made-up internet, where nobody
 * answers. Null changes nothing. Root only.
 * @returns the way to take it back
 */
export function pretendOfficialSource(address: string | null): () => void {
  if (address === null) return () => undefined;
  const before = readFileSync(hosts, 'utf8');
  writeFileSync(hosts, before + line(address));
  return () => writeFileSync(hosts, readFileSync(hosts, 'utf8').replace(line(address), ''));
}
