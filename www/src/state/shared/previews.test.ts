import { afterEach, describe, expect, it, vi } from 'vitest';
import type { ToEngine } from '../../engine/protocol';
import type { Preview } from './previews';
import { Previews } from './previews';

const made = vi.spyOn(URL, 'createObjectURL').mockImplementation(() => `blob:${made.mock.calls.length}`);
const revoked = vi.spyOn(URL, 'revokeObjectURL').mockImplementation(() => undefined);
afterEach(() => {
  made.mockClear();
  revoked.mockClear();
});

type Asked = ToEngine & { kind: 'preview' };

function opened(): { previews: Previews; asked: Asked[]; answer: (place: number, bytes?: number) => void } {
  const asked: Asked[] = [];
  const previews = new Previews((msg) => asked.push(msg as Asked));
  previews.restart(7);
  const answer = (place: number, bytes = 10) => {
    const { request } = asked[place]!;
    previews.deliver({ kind: 'preview', job: 7, request, blob: new Blob([new Uint8Array(bytes)]), problem: null });
  };
  return { previews, asked, answer };
}

const ignore = () => undefined;

describe('previews', () => {
  it('ask once for a picture that two places want', () => {
    const { previews, asked, answer } = opened();
    const seen: Preview[] = [];
    previews.want(1, 100, ignore);
    previews.want(1, 100, (preview) => seen.push(preview));
    answer(0);
    expect(asked).toHaveLength(1);
    expect(seen.at(-1)).toEqual({ state: 'ready', url: 'blob:1' });
  });

  it('ask for few at a time, the large one first, and never for what is no longer wanted', () => {
    const { previews, asked, answer } = opened();
    for (const item of [1, 2, 3]) previews.want(item, 100, ignore);
    const leave = previews.want(4, 100, ignore);
    previews.want(5, 100, ignore);
    previews.want(6, 1_400, ignore);
    expect(asked.map((msg) => msg.item)).toEqual([1, 2, 3]);
    leave();
    for (const place of [0, 1, 2, 3, 4]) answer(place);
    expect(asked.map((msg) => msg.item)).toEqual([1, 2, 3, 6, 5]);
  });

  it('revoke unused pictures when there are too many bytes, but none that is on screen', () => {
    const { previews, answer } = opened();
    previews.want(1, 100, ignore);
    answer(0, 30 << 20);
    previews.want(2, 100, ignore)();
    answer(1, 30 << 20);
    expect(revoked.mock.calls).toEqual([['blob:2']]);
  });

  it('of an older job are revoked, and late answers to it dropped', () => {
    const { previews, asked, answer } = opened();
    previews.want(1, 100, ignore);
    previews.want(2, 100, ignore);
    answer(0);
    previews.restart(8);
    expect(revoked.mock.calls).toEqual([['blob:1']]);
    previews.deliver({ kind: 'preview', job: 7, request: asked[1]!.request, blob: new Blob(['x']), problem: null });
    expect(made).toHaveBeenCalledTimes(1);
  });
});
