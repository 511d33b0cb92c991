import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { AtWork } from '../loop';
import { listen } from '../loop';
import type { Loaded } from '../package';
import type { FromEngine, Progress, StartLink, VideoFrames } from '../protocol';
import { beginLink } from './link';

/** What the page was told. */
const told: FromEngine[] = [];
const kinds = () => told.map(({ kind }) => kind).filter((kind) => kind !== 'catalogue');
/** The numbers under which the engine got frames, or nothing. */
const supplied: [number, VideoFrames[] | null][] = [];
/** What the page does when it is asked for frames. */
let asked: (look: FromEngine & { kind: 'look' }) => Promise<void>;
let work: AtWork;

const UNREADABLE = 13;
const picture = { exported: {}, originals: [{}] } as unknown as VideoFrames;
const pair = (original: number) => ({ medium: 1, exported: 1, original, moments: [{ exportedS: 1, originalsS: [1] }], longEdge: 640 });

/** An engine that needs frames of these originals, one after another, until each has an answer. */
function engine(originals: number[]): Loaded {
  const supply = (id: number, frames: VideoFrames[] | null) => supplied.push([id, frames]);
  const job = {
    advance() {
      const id = supplied.length;
      const progress: Progress = { stage: 'plan', done: id, total: originals.length, bytesRead: 0, bytesWritten: 0, matched: 0 };
      const done = id === originals.length;
      return { progress, done, need: done ? null : { kind: 'frames', id, pair: pair(originals[id] ?? 0) } };
    },
    blob(item: number) {
      if (item === UNREADABLE) throw new Error('it was taken away');
      return new Blob([`${item}`]);
    },
    isDeflated: () => false,
    found: () => [],
    review: () => ({}),
    supplyFrames: supply,
    supplyNothing: (id: number) => supply(id, null),
  };
  const Job = vi.fn(function Job() {
    return job;
  });
  return { build: 'single', package: { Job } } as unknown as Loaded;
}

/** Finds what there is to find, to the review. */
async function run(originals: number[]): Promise<void> {
  const start = { kind: 'start', job: 7, chat: [], originals: [], settings: {}, skip: { files: [], why: '' } } as unknown as StartLink;
  work = await beginLink(engine(originals), start);
  await work.run();
}

/** The page answers with these frames, a few turns later. */
function answering(frames: VideoFrames[]) {
  return async ({ need }: FromEngine & { kind: 'look' }) => {
    for (let turn = 0; turn < 3; turn += 1) await listen();
    await work.command({ kind: 'frames', job: 7, need, frames });
  };
}

beforeEach(() => {
  told.length = 0;
  supplied.length = 0;
  asked = answering([picture]);
  const postMessage = (msg: FromEngine) => {
    told.push(msg);
    if (msg.kind === 'look') void asked(msg);
  };
  vi.stubGlobal('self', { postMessage });
});

describe('what the engine cannot do', () => {
  it('is asked of the page, one after another, before the review', async () => {
    await run([2, 3]);
    expect(supplied).toEqual([
      [0, [picture]],
      [1, [picture]],
    ]);
    expect(kinds()).toEqual(['progress', 'look', 'progress', 'look', 'progress', 'decided']);
    const looks = told.filter((msg) => msg.kind === 'look');
    expect(looks.map(({ need, done, total, pair }) => [need, done, total, pair.original])).toEqual([
      [0, 0, 2, 2],
      [1, 1, 2, 3],
    ]);
    expect(await looks[1]?.original.text()).toBe('3');
  });

  it('is left where the page cannot do it either', async () => {
    asked = answering([]);
    await run([2]);
    expect(supplied).toEqual([[0, null]]);
    expect(kinds().at(-1)).toBe('decided');
  });

  it('is left where a file cannot be read, and the page is not asked', async () => {
    await run([UNREADABLE, 3]);
    expect(supplied).toEqual([
      [0, null],
      [1, [picture]],
    ]);
    expect(kinds().filter((kind) => kind === 'look')).toHaveLength(1);
  });

  it('is not asked for while the job is paused', async () => {
    asked = async (look) => {
      await work.command({ kind: 'pause', job: 7 });
      await answering([picture])(look);
    };
    const all = run([2, 3]);
    for (let turn = 0; turn < 20; turn += 1) await listen();
    expect(supplied).toHaveLength(1);
    asked = answering([]);
    void work.command({ kind: 'resume', job: 7 });
    await all;
    expect(supplied).toHaveLength(2);
  });
});
