/** How much a download will be, from what is said about an image's manifest. */
import * as z from 'zod';
import { parseJson } from '../../parse-json.ts';
import { ProblemError } from '../../problem.ts';

const Manifest = z.object({
  config: z.object({ size: z.number() }),
  layers: z.array(z.object({ digest: z.string(), size: z.number() })),
});
const Index = z.object({
  manifests: z.array(
    z.object({
      digest: z.string().regex(/^sha256:[0-9a-f]{64}$/),
      platform: z.object({ architecture: z.string(), os: z.string() }).nullish(),
    }),
  ),
});

export type ManifestAnswer =
  /** All layers together, in bytes as they travel. */
  | { readonly is: 'size'; readonly bytes: number }
  /** The image exists for several kinds of computer; ask for this one. */
  | { readonly is: 'elsewhere'; readonly digest: string }
  /** It exists for other kinds of computer only. */
  | { readonly is: 'for-others' }
  | { readonly is: 'unknown' };

/**
 * @param stdout of `podman manifest inspect`
 * @param stderr Podman 4.3 refuses to show manifests of single images, but shows them in its error
 * @param arch the engine's word for the processor
 */
export function readManifest(stdout: string, stderr: string, arch: string): ManifestAnswer {
  const found = parseJson(stdout) ?? quotedIn(stderr);
  const manifest = Manifest.safeParse(found);
  if (manifest.success) {
    const { config, layers } = manifest.data;
    // A layer that is used twice travels once.
    const sizes = new Map(layers.map(({ digest, size }) => [digest, size]));
    return { is: 'size', bytes: [...sizes.values()].reduce((sum, size) => sum + size, config.size) };
  }
  const all = Index.safeParse(found).data?.manifests ?? [];
  const here = all.find(({ platform }) => platform?.os === 'linux' && platform.architecture === arch);
  if (here) return { is: 'elsewhere', digest: here.digest };
  return { is: all.length > 0 && all.every(({ platform }) => platform) ? 'for-others' : 'unknown' };
}

/**
 * How much a version will be (bytes as they travel), or null when whoever is asked doesn't say.
 *
 * @param ask for the manifest with a tag or a digest
 * @param arch the engine's word for the processor
 */
export async function downloadSizeBy(
  ask: (reference: string) => Promise<{ stdout: string; stderr: string }>,
  version: string,
  arch: string,
): Promise<number | null> {
  try {
    const first = await ask(version);
    let answer = readManifest(first.stdout, first.stderr, arch);
    if (answer.is === 'elsewhere') {
      const second = await ask(answer.digest);
      answer = readManifest(second.stdout, second.stderr, arch);
    }
    return answer.is === 'size' ? answer.bytes : null;
  } catch (error) {
    // Not knowing how much it will be is no reason not to fetch it.
    if (error instanceof ProblemError) return null;
    throw error;
  }
}

/** Seen on 4.3.1: `Error: parsing manifest blob "{…}" as a "…": Treating single images as manifest lists is not implemented`. */
function quotedIn(stderr: string): unknown {
  const quoted = /parsing manifest blob ("(?:[^"\\]|\\.)*")/.exec(stderr)?.[1];
  const text = quoted === undefined ? null : parseJson(quoted);
  return typeof text === 'string' ? parseJson(text) : null;
}
