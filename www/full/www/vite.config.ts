/// <reference types="vitest/config" />
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

// The root is the repository, whose index.html is the page's shell. All
// addresses are relative, so that the page works below any path.
export default defineConfig({
  root: here('..'),
  base: './',
  publicDir: 'www/static',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: {
      input: { index: here('../index.html'), sw: here('src/sw.ts') },
      // A service worker rules over its own folder and keeps its name from version to version.
      output: { entryFileNames: (chunk) => (chunk.name === 'sw' ? 'sw.js' : 'assets/[name]-[hash].js') },
    },
  },
  worker: { format: 'es' },
  test: { root: here('.'), include: ['src/**/*.test.{ts,tsx}'] },
});
