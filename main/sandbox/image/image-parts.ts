/** What an image is made of, as its manifest and its configuration say; pure. */
import * as z from 'zod';
import { parseJson } from '../../parse-json.ts';

const Digest = z.string().regex(/^sha256:[0-9a-f]{64}$/);
/** More than any image has; each becomes a folder in one line of mount options. */
const mostLayers = 48;
const Part = z.object({ digest: Digest, size: z.number().int().nonnegative(), mediaType: z.string() });
const Manifest = z.object({ config: Part, layers: z.array(Part).min(1).max(mostLayers) });
const Config = z.object({
  config: z.object({ Env: z.array(z.string()).nullish(), WorkingDir: z.string().nullish() }).nullish(),
});

export interface Blob {
  readonly digest: string;
  readonly size: number;
}
export interface Layer extends Blob {
  readonly packed: 'gzip' | 'zstd' | 'none';
}
export interface ImageParts {
  readonly config: Blob;
  /** Lowest first. */
  readonly layers: readonly Layer[];
}

function packing(mediaType: string): Layer['packed'] {
  if (/gzip$/.test(mediaType)) return 'gzip';
  return /zstd$/.test(mediaType) ? 'zstd' : 'none';
}

/** Null when it isn't the manifest of one image. */
export function imageParts(manifest: string): ImageParts | null {
  const found = Manifest.safeParse(parseJson(manifest)).data;
  if (!found) return null;
  return {
    config: found.config,
    layers: found.layers.map(({ digest, size, mediaType }) => ({ digest, size, packed: packing(mediaType) })),
  };
}

/** What an image has its programs begin with. */
export interface ImageSurroundings {
  readonly environment: Readonly<Record<string, string>>;
  readonly workingFolder: string;
}

/** @param config an image's configuration, verified */
export function imageSurroundings(config: string): ImageSurroundings {
  const { Env, WorkingDir } = Config.safeParse(parseJson(config)).data?.config ?? {};
  const pairs = (Env ?? []).map((entry) => /^([A-Za-z_]\w*)=([\s\S]*)$/.exec(entry));
  const plain = /^(?:\/[\w.-]+)+$/.test(WorkingDir ?? '');
  return {
    environment: Object.fromEntries(
      pairs.filter((pair) => pair !== null).map(([, name = '', value = '']) => [name, value]),
    ),
    workingFolder: plain && WorkingDir ? WorkingDir : '/',
  };
}
