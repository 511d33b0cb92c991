import { describe, expect, it } from 'vitest';
import type { Output } from './output';
import { causeOf, zipInMemory } from './output';

function put(output: Output, size: number): void {
  if ('put' in output.sink) output.sink.put(new Uint8Array(size).fill(7));
}

describe('a zip in memory', () => {
  it('is what came, in order, block by block', async () => {
    const output = zipInMemory(100);
    for (const size of [1, 60, 39]) {
      put(output, size);
      await output.flush();
    }
    const file = await output.close();
    expect(file?.size).toBe(100);
    expect(file?.type).toBe('application/zip');
  });

  it('ends at its limit with a cause that the page has words for, and takes no byte more', async () => {
    const output = zipInMemory(100);
    put(output, 60);
    await output.flush();
    put(output, 41);
    const error: unknown = await output.flush().catch((refused: unknown) => refused);
    expect(causeOf(error)).toBe('limit');
    await output.abort();
  });
});

describe('causes', () => {
  it('are told apart by the name of what the browser throws', () => {
    const causes = ['QuotaExceededError', 'NotAllowedError', 'NotFoundError', 'DataError'].map((name) => causeOf(new DOMException('', name)));
    expect(causes).toEqual(['full', 'denied', 'gone', 'other']);
    expect(causeOf(new TypeError('something odd'))).toBe('other');
  });
});
