// Which of the two builds can run here, and where it is.

import type { Build, LoadEngine } from './protocol';

/** What is shown when the browser ends a worker without a word. */
export const EMPTY_WORKER_ERROR = 'the browser ended the engine';

/** What is shown when nothing was heard of the engine for minutes. */
export const SILENT_ENGINE = 'the engine no longer answers';

/** Most threads of the pool: beyond that, memory grows faster than speed. */
const MOST_THREADS = 8;

/** The build for this page: threads need memory shared between workers, which needs an isolated page. */
export function buildFor(isolated: boolean, sharedMemory: boolean): Build {
  return isolated && sharedMemory ? 'threads' : 'single';
}

/** The build and its address, relative to the page, so that it works below any path. */
export function packageFor(): Omit<LoadEngine, 'kind' | 'storage'> {
  const wanted = new URLSearchParams(location.search).get('engine'); // for trying the other build by hand
  const build = wanted === 'single' ? 'single' : buildFor(globalThis.crossOriginIsolated, 'SharedArrayBuffer' in globalThis);
  return {
    build,
    url: address(build),
    fallback: address('single'),
    threads: Math.max(1, Math.min(navigator.hardwareConcurrency || 2, MOST_THREADS)),
  };
}

function address(build: Build): string {
  return new URL(`engine/${build}/heirloom_wasm.js`, document.baseURI).href;
}
