// The page's end of the engine: starts its worker, and ends it to cancel, so that cancelling answers at once.

import { EMPTY_WORKER_ERROR, packageFor } from './load';
import type { FromEngine, FromWorker, Settings, ToEngine } from './protocol';

export interface Engine {
  /** Messages go to the worker in order. `start` brings a worker up if there is none. */
  send(msg: ToEngine): void;
  onMessage(fn: (msg: FromEngine) => void): void;
  /** Ends the worker and its thread pool, whatever they are doing. What comes late from them is not passed on. */
  cancel(): void;
  /** Whether work runs on all cores. */
  readonly threads: boolean;
  /** What the core would choose; resolves when the engine is loaded. */
  readonly defaults: Promise<Settings>;
}

/** Starts loading the engine, so that it is ready when the user has chosen. */
export function startEngine(): Engine {
  const where = packageFor();
  let listener: (msg: FromEngine) => void = () => undefined;
  let job = 0;
  let tellDefaults: (settings: Settings) => void = () => undefined;
  const defaults = new Promise<Settings>((resolve) => (tellDefaults = resolve));
  let worker: Worker | null = spawn();

  function spawn(): Worker {
    const started = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'engine' });
    started.onmessage = ({ data }: MessageEvent<FromWorker>) => {
      if (worker !== started) return; // it was cancelled while this was on its way
      if (data.kind === 'ready') return tellDefaults(data.settings);
      if (data.kind === 'failed' && data.code === 'crashed') end();
      listener(data);
    };
    started.onerror = (event) => {
      event.preventDefault();
      if (worker !== started) return;
      end();
      listener({ kind: 'failed', job, code: 'crashed', text: event.message ?? EMPTY_WORKER_ERROR });
    };
    started.postMessage({ kind: 'load', ...where });
    return started;
  }

  /** The pool's workers end with the worker that made them. */
  function end(): void {
    worker?.terminate();
    worker = null;
  }

  return {
    send(msg) {
      if (msg.kind === 'start') {
        if (worker !== null && job !== 0) end(); // an older job's: its memory goes with it
        job = msg.job;
        worker ??= spawn();
      }
      worker?.postMessage(msg);
    },
    onMessage(fn) {
      listener = fn;
    },
    cancel: end,
    threads: where.build === 'threads',
    defaults,
  };
}
