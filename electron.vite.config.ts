import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';
import type { Plugin } from 'vite';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** What PDF files by older Chinese, Japanese and Korean programs need to be read as text. */
const characterMaps: Plugin = {
  name: 'character-maps',
  generateBundle() {
    const folder = at('node_modules/pdfjs-dist/cmaps/');
    for (const name of readdirSync(folder))
      this.emitFile({ type: 'asset', fileName: `cmaps/${name}`, source: readFileSync(`${folder}${name}`) });
  },
};

// Everything is bundled, so the packaged app carries no node_modules: fewer
// files to vouch for, and only what is imported. The targets are those of the
// oldest Electron that the tests run on (33: Node 20, Chromium 130).
export default defineConfig({
  main: {
    plugins: [characterMaps],
    build: {
      externalizeDeps: false,
      target: 'node20.18',
      // Read and compiled again at every start.
      minify: true,
      rollupOptions: {
        input: {
          index: at('main/index.ts'),
          // The program of a thread.
          'scan-worker': at('main/private-data/scan-worker.ts'),
        },
        external: ['electron'],
        output: { format: 'es', entryFileNames: '[name].js' },
      },
    },
  },
  preload: {
    build: {
      externalizeDeps: false,
      target: 'node20.18',
      rollupOptions: {
        input: at('main/bridge/preload.ts'),
        external: ['electron'],
        // A sandboxed preload script can't be an ES module.
        output: { format: 'cjs', entryFileNames: 'preload.cjs' },
      },
    },
  },
  renderer: {
    root: at('renderer'),
    plugins: [react()],
    build: {
      target: 'chrome130',
      minify: true,
      modulePreload: { polyfill: false },
      // Read from the disk, not fetched: one file is quicker than many.
      chunkSizeWarningLimit: 800,
      outDir: at('out/renderer'),
      rollupOptions: { input: { index: at('renderer/index.html'), report: at('renderer/report.html') } },
    },
  },
});
