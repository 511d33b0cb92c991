// Loads one of the two wasm packages into the worker.

import type { Build, LoadEngine } from './protocol';
import type { Package } from './wasm';

/** A package and which of the two it is. */
export interface Loaded {
  build: Build;
  package: Package;
}

/** The build asked for; `single` where the browser refuses the memory that `threads` asks for. */
export async function load({ build, url, fallback, threads }: LoadEngine): Promise<Loaded> {
  if (build === 'threads') {
    try {
      return { build, package: await loadThreads(url, threads) };
    } catch {
      // What is wrong with both is told by the other.
    }
  }
  return { build: 'single', package: await loadSingle(build === 'threads' ? fallback : url) };
}

async function loadSingle(url: string): Promise<Package> {
  const loaded = (await import(/* @vite-ignore */ url)) as Package;
  await loaded.default();
  return loaded;
}

async function loadThreads(url: string, threads: number): Promise<Package> {
  const loaded = await loadSingle(url);
  await loaded.initThreadPool?.(threads);
  return loaded;
}
