import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Hand } from './hand';
import { batches, listen, loopFor, pause, resume } from './loop';
import type { Progress } from './protocol';

const told: unknown[] = [];
const progress = (done: number): Progress => ({ stage: 'examine', done, total: 3, bytesRead: 0, bytesWritten: 0, matched: 0 });
const memory = { catalogue: null, troubles: { cache: null, forever: null }, close: () => undefined };

function loop() {
  const hand: Hand = { last: { side: 'chat', path: 'before.jpg' }, copying: false, admit: () => undefined };
  return loopFor(7, hand, memory);
}

/** Three batches, each noted as it begins. */
function three(begun: number[]) {
  return () => {
    begun.push(begun.length + 1);
    return { progress: progress(begun.length), done: begun.length === 3, need: null };
  };
}

beforeEach(() => {
  told.length = 0;
  vi.stubGlobal('self', { postMessage: (msg: unknown) => told.push(msg) });
});

describe('the loop of a job', () => {
  it('takes batches until one is the last, and always tells that one', async () => {
    const begun: number[] = [];
    expect(await batches(loop(), three(begun), () => undefined)).toEqual(progress(3));
    expect(begun).toEqual([1, 2, 3]);
    expect(told.at(-1)).toEqual({ kind: 'progress', job: 7, progress: progress(3) });
  });

  it('begins no batch before what follows the last one is done, nor with a file of it in hand', async () => {
    const [at, order] = [loop(), [] as string[]];
    const step = () => {
      order.push(`batch ${at.hand.last === null}`);
      at.hand.last = { side: 'chat', path: 'a.jpg' };
      return { progress: progress(order.length), done: order.length > 2, need: null };
    };
    await batches(at, step, async () => {
      await listen();
      order.push('flushed');
    });
    expect(order).toEqual(['batch true', 'flushed', 'batch true', 'flushed']);
  });

  it('hears a pause between two batches, and goes on where it was', async () => {
    const [at, begun] = [loop(), [] as number[]];
    const all = batches(at, three(begun), () => undefined);
    pause(at);
    for (let turn = 0; turn < 5; turn += 1) await listen();
    expect(begun).toEqual([1]);
    resume(at);
    await all;
    expect(begun).toEqual([1, 2, 3]);
  });
});
