// What a thrown error means: a crash of the engine, the end of a job, or one file's trouble.

import type { Failure } from './wasm';

/**
 * After a trap or a panic the instance's memory cannot be trusted: the client ends this worker. A stack that overflows, or
 * memory that the browser refuses, is a `RangeError`.
 */
export function isCrash(error: unknown): boolean {
  if (error instanceof WebAssembly.RuntimeError || error instanceof RangeError) return true;
  return error instanceof Error && error.name === 'PanicError';
}

/** What ends a job; a file or the catalogue never does. */
const JOB_CODES = ['no-chat', 'locked', 'output', 'too-early', 'unsupported'] as const;

export function codeOf(error: unknown): (typeof JOB_CODES)[number] | null {
  const code = (error as Partial<Failure> | null)?.code;
  return JOB_CODES.find((each) => each === code) ?? null;
}

export function wordsOf(error: unknown): string {
  if (error instanceof Error) return error.message;
  return (error as Partial<Failure> | null)?.text ?? String(error);
}
