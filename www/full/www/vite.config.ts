/// <reference types="vitest/config" />
import { defineConfig } from 'vite';

// The root is the repository, whose index.html is the page's shell. All
// addresses are relative, so that the page works below any path.
export default defineConfig({
  root: new URL('..', import.meta.url).pathname,
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
  },
  worker: { format: 'es' },
  test: { root: new URL('.', import.meta.url).pathname, include: ['src/**/*.test.{ts,tsx}'] },
});
