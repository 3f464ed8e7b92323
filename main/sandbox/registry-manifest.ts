/** Asks an image source itself how large an image is, where Podman doesn't tell. */
import type { Net } from '../doors.ts';
import type { TagSource } from './podman-probe.ts';

const timeoutMs = 10_000;
/** Kinds of manifest that tell sizes. Source: OCI image spec, Docker image manifest v2.2. */
const kinds = [
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
].join(', ');

/**
 * A manifest as the first source that answers has it, or empty when none does. A source
 * that wants everybody to fetch a token first is asked for one, as public ones give to all.
 * Source: OCI distribution spec, "Pulling manifests".
 *
 * @param reference tag or digest
 */
export async function fetchManifest(
  net: Net,
  sources: readonly TagSource[],
  reference: string,
  signal: AbortSignal,
): Promise<string> {
  for (const { name, insecure } of sources) {
    const slash = name.indexOf('/');
    const [host, path] = [name.slice(0, slash), name.slice(slash + 1)];
    const origin = `${insecure ? 'http' : 'https'}://${host}`;
    const get = (url: string, headers: Record<string, string>) =>
      net.get(url, { headers, timeoutMs, signal });
    const ask = (headers: Record<string, string> = {}) =>
      get(`${origin}/v2/${path}/manifests/${reference}`, { Accept: kinds, ...headers });
    let answer = await ask();
    if (answer.is === 'answered' && answer.status === 401) {
      const token = tokenIn(await get(`${origin}/token?service=${host}&scope=repository:${path}:pull`, {}));
      if (token !== null) answer = await ask({ Authorization: `Bearer ${token}` });
    }
    if (answer.is === 'answered' && answer.status === 200) return answer.untrustedBody;
  }
  return '';
}

function tokenIn(answer: Awaited<ReturnType<Net['get']>>): string | null {
  if (answer.is !== 'answered' || answer.status !== 200) return null;
  return /"token"\s*:\s*"([\w.~+/=-]{1,8000})"/.exec(answer.untrustedBody)?.[1] ?? null;
}
