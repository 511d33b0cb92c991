// How the worker speaks to the page.

import { isCrash, wordsOf } from './failure';
import type { FromWorker } from './protocol';

export function tell(msg: FromWorker): void {
  (self as unknown as DedicatedWorkerGlobalScope).postMessage(msg);
}

/** Answers a request for one file. What cannot be shown is a problem of that file, not of the job. */
export async function reply(msg: { job: number; request: number }, make: () => Blob | Promise<Blob>): Promise<void> {
  const { job, request } = msg;
  try {
    tell({ kind: 'preview', job, request, blob: await make(), problem: null });
  } catch (error) {
    if (isCrash(error)) throw error;
    tell({ kind: 'preview', job, request, blob: null, problem: wordsOf(error) });
  }
}

/** The bytes as their own buffer's: what comes from wasm never is shared memory. */
export function own(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes as Uint8Array<ArrayBuffer>;
}
