// The loop of every job: one batch after another, told as it goes, with an ear for the page in between.

import type { Opened } from './catalogue';
import { noteTroubles } from './catalogue';
import type { Hand } from './hand';
import type { Progress, ToEngine } from './protocol';
import { tell } from './tell';
import type { Batch } from './wasm';

/** Progress is told this often, in milliseconds: the eye needs no more. */
const TELL_EVERY_MS = 100;

/** What the loop must know about one job. */
export interface Loop {
  number: number;
  hand: Hand;
  memory: Opened;
  paused: boolean;
  /** Wakes the loop after a pause. */
  wake: () => void;
  toldAt: number;
}

/** A job at work, for the worker: it takes what the page says to it. */
export interface AtWork {
  loop: Loop;
  /** Works until the user is asked. */
  run(): Promise<void>;
  command(msg: ToEngine): Promise<void>;
}

export function loopFor(number: number, hand: Hand, memory: Opened): Loop {
  return { number, hand, memory, paused: false, wake: () => undefined, toldAt: 0 };
}

/** Takes batches until one is the last; `after` each of them something is done with it. How far the job was at the end. */
export async function batches(loop: Loop, step: () => Batch, after: (batch: Batch) => void | Promise<void>): Promise<Progress> {
  for (;;) {
    loop.hand.last = null;
    const batch = step();
    // What a batch asks the page for takes long: until then this is how far the job is.
    tellProgress(loop, batch.progress, batch.done || batch.need !== null);
    await after(batch);
    if (batch.done) return batch.progress;
    await listen();
    await unpaused(loop);
  }
}

export function pause(loop: Loop): void {
  loop.paused = true;
}

export function resume(loop: Loop): void {
  loop.paused = false;
  loop.wake();
}

/** Waits as long as the job is paused. */
export async function unpaused(loop: Loop): Promise<void> {
  while (loop.paused) await new Promise<void>((resolve) => (loop.wake = resolve));
}

/** A catalogue that breaks off says so once. */
export function tellTrouble({ number, memory }: Loop): void {
  if (memory.catalogue === null || !noteTroubles(memory.catalogue, memory.troubles)) return;
  tell({ kind: 'catalogue', job: number, troubles: { ...memory.troubles } });
}

function tellProgress(loop: Loop, progress: Progress, always: boolean): void {
  const now = performance.now();
  if (!always && now - loop.toldAt < TELL_EVERY_MS) return;
  loop.toldAt = now;
  tell({ kind: 'progress', job: loop.number, progress });
}

const channel = new MessageChannel();
/** Who waits: a search or a save, and answers that are noted beside it. */
const waiting: (() => void)[] = [];
channel.port1.onmessage = () => waiting.shift()?.();

/** Lets messages in between two batches. A timer would cost 4 ms each time. */
export function listen(): Promise<void> {
  return new Promise((resolve) => {
    waiting.push(resolve);
    channel.port2.postMessage(null);
  });
}
