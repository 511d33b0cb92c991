// The page's end of the engine: starts its worker, and ends it to cancel, so that cancelling answers at once.

import { EMPTY_WORKER_ERROR, packageFor, SILENT_ENGINE } from './load';
import type { ErrorCode, FirstWord, FromEngine, FromWorker, LoadEngine, StartJob, ToEngine } from './protocol';
import { watchSilence } from './silence';

export interface Engine {
  /** Messages go to the worker in order. What begins a job, `count`, `export` and `forget` bring a worker up if there is none. */
  send(msg: ToEngine): void;
  onMessage(fn: (msg: FromEngine) => void): void;
  /** Calls back whenever a worker has loaded the engine, or could not. */
  onLoad(fn: (word: FirstWord) => void): void;
  /** Starts loading, so that the engine is ready when the user has chosen. Also how to try again. */
  load(): void;
  /** Ends the worker and its thread pool, whatever they are doing. What comes late from them is not passed on. */
  cancel(): void;
  /** From the next worker on: the build that knows which file is in hand, and needs the least memory. */
  useSingle(): void;
  /** Whether the next worker will run on all cores. */
  threads(): boolean;
}

export function createEngine(): Engine {
  let where: Omit<LoadEngine, 'kind'> = { ...packageFor(), storage: null };
  let listener: (msg: FromEngine) => void = () => undefined;
  let loadListener: (word: FirstWord) => void = () => undefined;
  let job = 0;
  let worker: Worker | null = null;
  const silence = watchSilence(() => {
    end();
    listener({ kind: 'failed', job, code: 'crashed', text: SILENT_ENGINE, inHand: null });
  });

  function spawn(): Worker {
    let loaded = false;
    const started = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'engine' });
    const died = (code: ErrorCode, text: string) => {
      end();
      if (loaded) listener({ kind: 'failed', job, code, text, inHand: null });
      else loadListener({ kind: 'unloaded', text });
    };
    started.onmessage = ({ data }: MessageEvent<FromWorker>) => {
      if (worker !== started) return; // it was cancelled while this was on its way
      if (data.kind === 'unloaded') return died('unloaded', data.text);
      if (data.kind === 'ready') {
        loaded = true;
        where = { ...where, storage: data.storage };
        return loadListener(data);
      }
      silence.heard();
      if (isAnswer(data)) silence.stop();
      if (data.kind === 'failed' && data.code === 'crashed') end();
      listener(data);
    };
    started.onerror = (event) => {
      event.preventDefault();
      if (worker === started) died('crashed', event.message || EMPTY_WORKER_ERROR);
    };
    started.postMessage({ kind: 'load', ...where });
    return started;
  }

  /** The pool's workers end with the worker that made them. */
  function end(): void {
    silence.stop();
    worker?.terminate();
    worker = null;
  }

  return {
    send(msg) {
      if (isStart(msg)) {
        if (worker !== null && job !== 0) end(); // an older job's: its memory goes with it
        job = msg.job;
        worker ??= spawn();
      }
      if (msg.kind === 'count' || msg.kind === 'export' || msg.kind === 'forget') worker ??= spawn();
      if (msg.kind === 'pause') silence.stop();
      if (isStart(msg) || ['save', 'trash', 'restore', 'resume'].includes(msg.kind)) silence.expect();
      worker?.postMessage(msg);
    },
    onMessage(fn) {
      listener = fn;
    },
    onLoad(fn) {
      loadListener = fn;
    },
    load() {
      worker ??= spawn();
    },
    cancel: end,
    useSingle() {
      where = { ...where, build: 'single', url: where.fallback };
    },
    threads: () => where.build === 'threads',
  };
}

function isStart(msg: ToEngine): msg is StartJob {
  return msg.kind === 'start' || msg.kind === 'start-duplicates';
}

/** Whether this is the last word on what was asked for: nothing more is to come until something else is asked. */
function isAnswer(msg: FromEngine): boolean {
  return ['decided', 'saved', 'trashed', 'restored', 'failed'].includes(msg.kind) || (msg.kind === 'groups' && !msg.more);
}
