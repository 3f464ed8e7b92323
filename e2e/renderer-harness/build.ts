import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { serve } from './serve.ts';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Builds the harness once and serves it to all tests; the address is in HARNESS. */
export default async function setUp(): Promise<() => void> {
  await build({ configFile: at('./vite.config.ts'), logLevel: 'warn' });
  const { url, close } = await serve(at('../../out/renderer-harness'));
  process.env.HARNESS = url;
  return close;
}
