/** The running registry, as somebody who publishes sees it. Source: the Distribution project's HTTP API V2. */
import { createHash } from 'node:crypto';
import { registryAddress, registryRepository } from './registry.ts';

const api = `http://${registryAddress}/v2/${registryRepository}`;
const manifestType = 'application/vnd.docker.distribution.manifest.v2+json';

interface Part {
  mediaType: string;
  size: number;
  digest: string;
}

export interface Manifest {
  config: Part;
  layers: Part[];
}

async function must(response: Promise<Response>): Promise<Response> {
  const answer = await response;
  if (!answer.ok) throw new Error(`The registry answered ${answer.status}: ${await answer.text()}`);
  return answer;
}

/** The manifest behind a tag. */
export async function manifestOf(tag: string): Promise<Manifest> {
  const accept = { headers: { accept: manifestType } };
  return (await (await must(fetch(`${api}/manifests/${tag}`, accept))).json()) as Manifest;
}

/** Lets a tag stand for a manifest whose parts are all there. */
export async function put(tag: string, manifest: Manifest): Promise<void> {
  const headers = { 'content-type': manifestType };
  await must(fetch(`${api}/manifests/${tag}`, { method: 'PUT', body: JSON.stringify(manifest), headers }));
}

/** What a small part holds, as text. */
export async function download({ digest }: Part): Promise<string> {
  return (await must(fetch(`${api}/blobs/${digest}`))).text();
}

/** Brings a part there; quiet when it is there already. */
export async function upload(content: Buffer): Promise<{ size: number; digest: string }> {
  const digest = `sha256:${createHash('sha256').update(content).digest('hex')}`;
  const { headers } = await must(fetch(`${api}/blobs/uploads/`, { method: 'POST' }));
  const place = new URL(headers.get('location') ?? '', api);
  place.searchParams.set('digest', digest);
  await must(
    fetch(place, {
      method: 'PUT',
      body: new Uint8Array(content),
      headers: { 'content-type': 'application/octet-stream' },
    }),
  );
  return { size: content.length, digest };
}
