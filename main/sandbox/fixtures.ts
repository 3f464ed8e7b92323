import { readFileSync } from 'node:fs';

/** A recorded answer of a real engine or kernel, by its file's name in fixtures/. Only for tests. */
export function fixture(name: string): string {
  return readFileSync(new URL(`fixtures/${name}`, import.meta.url), 'utf8');
}
