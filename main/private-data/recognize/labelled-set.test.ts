import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { type PrivateKind, privateKinds } from '../found.ts';
import { labelledSet } from '../testing/labelled-set.ts';
import { recognizeFile } from './file.ts';
import { createRecognizer } from './text.ts';

/**
 * Folders of ordinary files (joined with `:`), and how many of their files to read at most: what `docs/private-data.md`
 * tells was measured on is read with these. Without, some of the documents and programs that come with what is installed.
 */
const corpus = process.env.ORDINARY_FILES?.split(':') ?? ['node_modules'];
const mostFiles = Number(process.env.ORDINARY_FILES_MOST ?? 1500);
const mostBytes = process.env.ORDINARY_FILES === undefined ? 200_000 : 20_000_000;

/** Key files that lie there for real, as examples: what is found in them is right. */
const trueKeys = /\.(?:pem|key)(?:\.gz)?$/;

function* filesIn(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    // Caches hold these tests' own examples.
    if (entry.name.startsWith('.')) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesIn(path);
    else if (entry.isFile()) yield path;
  }
}

function* ordinaryFiles(): Generator<{ readonly path: string; readonly bytes: Buffer }> {
  let count = 0;
  for (const path of corpus.flatMap((folder) => [...filesIn(folder)])) {
    if (count === mostFiles) return;
    const isKnown = ['.md', '.txt', '.json', '.js', ''].includes(extname(path));
    if (process.env.ORDINARY_FILES === undefined && !isKnown) continue;
    const read = readFileSync(path);
    const bytes = path.endsWith('.gz') ? gunzipSync(read) : read;
    if (bytes.length > mostBytes) continue;
    count++;
    yield { path, bytes };
  }
}

function kindsOf(text: string): readonly PrivateKind[] {
  const recognizer = createRecognizer();
  for (let at = 0; at < text.length; at += 65_536) recognizer.take(text.slice(at, at + 65_536));
  return recognizer.end();
}

describe('what is found on a labelled set and on ordinary files', () => {
  it('is nearly all that is there, and nearly nothing else', () => {
    const counts = new Map(privateKinds.map((kind) => [kind, { there: 0, found: 0, wrong: 0 }]));
    const missed: string[] = [];
    const wrong: string[] = [];
    for (const { kind, text } of labelledSet(1, 120)) {
      const kinds = kindsOf(text);
      for (const one of new Set([...kinds, kind])) {
        const count = counts.get(one);
        if (!count) continue;
        if (one !== kind) {
          count.wrong++;
          wrong.push(`${one} in ${kind}: ${text.slice(0, 300)}`);
          continue;
        }
        count.there++;
        if (kinds.includes(kind)) count.found++;
        else missed.push(`${kind}: ${text.length > 2000 ? text.slice(-200) : text.slice(0, 500)}`);
      }
    }
    let files = 0;
    let megabytes = 0;
    for (const { path, bytes } of ordinaryFiles()) {
      files++;
      megabytes += bytes.length / 1e6;
      const isBinary = bytes.subarray(0, 8192).includes(0);
      const kinds = [
        ...recognizeFile(path, bytes.subarray(0, 4096), bytes.length),
        ...(isBinary ? [] : kindsOf(bytes.toString('utf8'))),
      ];
      for (const kind of new Set(kinds)) {
        if (kind === 'private-key' && trueKeys.test(path)) continue;
        const count = counts.get(kind);
        if (count) count.wrong++;
        wrong.push(`${kind} in ${path}`);
      }
    }
    const rows = [...counts].map(
      ([kind, { there, found, wrong }]) =>
        `${kind}: there ${there}, found ${found}, wrong ${wrong}, recall ${(found / there).toFixed(3)}, precision ${(found / (found + wrong)).toFixed(3)}`,
    );
    process.stdout.write(
      `\n${rows.join('\n')}\nordinary files: ${files}, ${megabytes.toFixed(1)} MB\n${missed.join('\n---\n')}\n${wrong.join('\n')}\n`,
    );
    expect(files).toBeGreaterThanOrEqual(Math.min(mostFiles, 1000));
    for (const { there, found, wrong } of counts.values()) {
      expect(found / there).toBeGreaterThanOrEqual(0.98);
      expect(found / (found + wrong)).toBeGreaterThanOrEqual(0.98);
    }
  });
});
