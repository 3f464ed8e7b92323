import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

// The real renderer, with one script before it that puts a stand-in on window.app.
export default defineConfig({
  root: at('../../renderer'),
  plugins: [
    react(),
    {
      name: 'fake-app',
      transformIndexHtml: {
        order: 'pre',
        handler: (html) =>
          html.replace(
            '<script type="module"',
            `<script type="module" src="/@fs${at('./fake-app.ts')}"></script>\n    <script type="module"`,
          ),
      },
    },
  ],
  server: { fs: { allow: [at('../..')] } },
  build: { target: 'chrome130', outDir: at('../../out/renderer-harness'), emptyOutDir: true },
});
