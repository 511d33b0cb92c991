import { describe, expect, it } from 'vitest';
import type { FromEngine, InputFile } from '../engine/protocol';
import { candidate, info, progress, review, reviewing, row, running } from './example';
import { canStart, filesOf, initialState, isRemembering } from './state';
import type { Msg, Reviewing, Saving, Source, State } from './state';
import { GALLERY, compared, update } from './update';

const heard = (state: State, message: FromEngine, at = 0) => update(state, { kind: 'engine', at, message });
const all = <S extends State>(state: S, ...msgs: Msg[]) => msgs.reduce<State>(update, state);
const file = (path: string): InputFile => ({ path, file: new File(['x'], path) });
const defaults = { mode: 'balanced', matchWindowSeconds: 600, phashThreshold: null, search: 'library', heic: 'view', dateOrder: 'auto' } as const;

function source(id: number, more: Partial<Source> = {}): Source {
  return { id, side: 'originals', label: 'DCIM', files: [file(`DCIM/${id}.jpg`)], count: 1, bytes: 1, done: true, ...more };
}

function saving(): Saving {
  const state = all(reviewing(4, [row(1)]), { kind: 'to-save' });
  if (state.step !== 'save') throw new Error('not saving');
  return state;
}

describe('choosing', () => {
  const walk = (each: Source): Msg[] => [{ kind: 'walking', source: each }, { kind: 'walked', source: each }];

  it('adds folders of originals up, and lets a new chat replace the old one', () => {
    const chat = (id: number) => source(id, { side: 'chat', files: [file(`chat${id}.zip`)] });
    const state = all(initialState, ...walk(chat(1)), ...walk(source(2)), ...walk(source(3)), ...walk(chat(4)));
    expect(filesOf(state, 'chat').map((each) => each.path)).toEqual(['chat4.zip']);
    expect(filesOf(state, 'originals')).toHaveLength(2);
  });

  it('does not bring back a folder that was removed while it was being walked', () => {
    const state = all(initialState, { kind: 'walking', source: source(1) }, { kind: 'removed', id: 1 }, { kind: 'walked', source: source(1) });
    expect(state.sources).toEqual([]);
  });

  it('starts only with the engine and a chat there, and nothing still being walked', () => {
    const chat = source(1, { side: 'chat' });
    const ready = all(initialState, { kind: 'ready', defaults }, ...walk(chat));
    expect(canStart(ready)).toBe(true);
    expect(canStart(all(initialState, ...walk(chat)))).toBe(false);
    expect(canStart(all(initialState, { kind: 'ready', defaults }, ...walk(source(1))))).toBe(false);
    expect(canStart(all(ready, { kind: 'walking', source: source(2) }))).toBe(false);
  });

  it('keeps the inputs when a job is cancelled', () => {
    const state = all(initialState, ...walk(source(1)), { kind: 'started', job: 1, unconfirmed: [] }, { kind: 'cancelled' });
    expect(state.step).toBe('choose');
    expect(state.sources).toHaveLength(1);
  });
});

describe('messages of the engine', () => {
  const videoPair = { medium: 1, exported: 1, original: 2, seconds: [1, 5, 9], neighbours: [], longEdge: 640 };
  const late: FromEngine[] = [
    { kind: 'progress', job: 3, progress: progress(1, 2) },
    { kind: 'found', job: 3, rows: [row(1)] },
    { kind: 'look', job: 3, done: 0, total: 1, pair: videoPair, exported: new Blob(), original: new Blob(), steps: [0] },
    { kind: 'decided', job: 3, review: review([row(1)]) },
    { kind: 'answered', job: 3, row: row(1), review: review([]) },
    { kind: 'preview', job: 3, request: 1, blob: null, problem: null },
    { kind: 'saved', job: 3, file: null, bytes: 1, files: 1, issues: [] },
    { kind: 'failed', job: 3, code: 'crashed', text: '', inHand: null },
  ];
  it.each(late)('ignores a late $kind of a cancelled job', (message) => {
    for (const state of [running(4), reviewing(4, [row(1)]), saving()]) expect(heard(state, message)).toBe(state);
  });

  it.each(late.filter(({ kind }) => kind !== 'failed'))('ignores $kind after cancelling back to the inputs', (message) => {
    const state = all(running(3), { kind: 'cancelled' });
    expect(heard(state, message)).toBe(state);
  });

  it('says how many videos are looked into', () => {
    const look = { kind: 'look' as const, job: 4, done: 1, total: 3, pair: videoPair, exported: new Blob(), original: new Blob(), steps: [0] };
    expect(heard(running(4), look)).toMatchObject({ step: 'progress', looking: { done: 1, total: 3 } });
  });

  it('remembers over which file the engine died, until other files are chosen', () => {
    const file = { side: 'originals' as const, path: 'bad.png' };
    const died = heard(reviewing(4, [row(1)]), { kind: 'failed', job: 4, code: 'crashed', text: '', inHand: file });
    expect(died).toMatchObject({ step: 'stopped', skipped: [file] });
    expect(all(died, { kind: 'skipped', file }, { kind: 'cancelled' }).skipped).toEqual([file]);
    expect(all(died, { kind: 'cancelled' }, { kind: 'removed', id: 7 }).skipped).toEqual([]);
  });

  it('says that the engine could not be loaded, and forgets it once it is', () => {
    const failed = all(initialState, { kind: 'unloaded', text: '404' });
    expect(failed).toMatchObject({ step: 'choose', unloaded: '404' });
    expect(all(failed, { kind: 'loading' }).unloaded).toBeNull();
    expect(all(running(4), { kind: 'unloaded', text: '404' })).toMatchObject({ step: 'stopped', code: 'unloaded' });
  });

  it('shows progress, and freezes the pace while paused', () => {
    const one = heard(running(4), { kind: 'progress', job: 4, progress: progress(5, 10) }, 100);
    expect(one).toMatchObject({ progress: { done: 5 }, pace: { lastDone: 5 } });
    const paused = heard(all(one, { kind: 'paused' }), { kind: 'progress', job: 4, progress: progress(6, 10) }, 9_000);
    expect(paused).toMatchObject({ progress: { done: 6 }, pace: { lastDone: 5 } });
  });

  it('fills the gallery, then changes it one pair at a time', () => {
    const many = Array.from({ length: GALLERY + 4 }, (_, place) => row(place));
    const full = heard(running(4), { kind: 'found', job: 4, rows: many }, 0);
    expect(full).toMatchObject({ foundCount: GALLERY + 4, gallery: many.slice(0, GALLERY) });
    const soon = heard(full, { kind: 'found', job: 4, rows: [row(90)] }, 500);
    expect(soon).toMatchObject({ gallery: many.slice(0, GALLERY) });
    const later = heard(soon, { kind: 'found', job: 4, rows: [row(91)] }, 5_000);
    expect(later).toMatchObject({ gallery: [...many.slice(1, GALLERY), row(91)] });
  });

  it('opens the review at what needs a look', () => {
    const state = reviewing(4, [row(1), row(2, { decision: 'ambiguous', original: null })]);
    expect(state).toMatchObject({ filter: 'unsure', selected: 2 });
    expect(reviewing(4, [row(1)])).toMatchObject({ filter: 'all', selected: 1 });
  });

  it('takes over the answered row and the counts', () => {
    const images = { exported: 1, matched: 0, ambiguous: 0, unmatched: 1 };
    const message: FromEngine = { kind: 'answered', job: 4, row: row(1, { reason: 'the user said so' }), review: { ...review([]), images } };
    const state = heard(reviewing(4, [row(1), row(2)]), message) as Reviewing;
    expect(state.review.rows.map((each) => each.reason)).toEqual(['the user said so', 'the same picture']);
    expect(state.review.images).toEqual(images);
  });

  it('shows what was saved', () => {
    const state = all(saving(), { kind: 'saving', how: 'zip', name: 'a.zip' });
    const done = heard(state, { kind: 'saved', job: 4, file: null, bytes: 7, files: 2, issues: [] });
    expect(done).toMatchObject({ phase: { at: 'done', name: 'a.zip', how: 'zip', saved: { bytes: 7, files: 2 } } });
  });

  it('stops at a failure, but lets the user save elsewhere when only the output failed', () => {
    expect(heard(running(4), { kind: 'failed', job: 4, code: 'no-chat', text: 'x', inHand: null })).toMatchObject({ step: 'stopped', code: 'no-chat' });
    const state = all(saving(), { kind: 'saving', how: 'zip', name: 'a.zip' });
    const failed = heard(state, { kind: 'failed', job: 4, code: 'output', text: 'disk full', inHand: null });
    expect(failed).toMatchObject({ step: 'save', phase: { at: 'options' }, problem: 'disk full' });
  });
});

describe('reviewing', () => {
  const unsure = (medium: number) => row(medium, { decision: 'ambiguous', original: null, candidates: [candidate(50), candidate(51)] });
  const accept: Msg = { kind: 'answering', medium: 1, answer: { kind: 'accept' } };

  it('goes on to the next row when the answer moves this one out of sight', () => {
    const state = all(reviewing(4, [unsure(1), unsure(2)]), accept) as Reviewing;
    expect(state.selected).toBe(2);
    expect(state.review.rows[0]?.answer).toEqual({ kind: 'accept' });
  });

  it('stays on a row that remains in sight', () => {
    expect(all(reviewing(4, [unsure(1), unsure(2)]), { kind: 'filtered', filter: 'all' }, accept)).toMatchObject({ selected: 1 });
  });

  it('takes answers back in reverse, each to what it was', () => {
    const reject: Msg = { kind: 'answering', medium: 1, answer: { kind: 'reject' } };
    const once = all(reviewing(4, [unsure(1), unsure(2)]), accept, reject, { kind: 'undone' }) as Reviewing;
    expect(once.review.rows[0]?.answer).toEqual({ kind: 'accept' });
    expect(once.selected).toBe(1);
    const twice = all(once, { kind: 'undone' }, { kind: 'undone' }) as Reviewing;
    expect(twice.review.rows[0]?.answer).toBeNull();
    expect(twice.undo).toEqual([]);
  });

  it('moves within what is shown and stops at its ends', () => {
    const state = all(reviewing(4, [unsure(1), row(2), unsure(3)]), { kind: 'moved', by: 1 });
    expect(state).toMatchObject({ selected: 3 });
    expect(all(state, { kind: 'moved', by: 1 })).toMatchObject({ selected: 3 });
    expect(all(state, { kind: 'moved', by: -Infinity })).toMatchObject({ selected: 1 });
  });

  it('selects the first row that a filter shows if it hides the selected one', () => {
    const state = all(reviewing(4, [row(1), row(2, { caption: 'the cat' })]), { kind: 'searched', query: 'CAT' });
    expect(state).toMatchObject({ selected: 2 });
  });

  it('compares with the candidate that is looked at, until another row is selected', () => {
    const state = all(reviewing(4, [unsure(1), unsure(2)]), { kind: 'looked', item: 51 }) as Reviewing;
    expect(compared(state)?.original).toEqual(info(51));
    expect(compared(all(state, { kind: 'selected', medium: 2 }) as Reviewing)?.original).toEqual(info(50));
  });

  it('comes back from saving with everything as it was', () => {
    const state = all(reviewing(4, [unsure(1), unsure(2)]), accept) as Reviewing;
    expect(all(state, { kind: 'to-save' }, { kind: 'to-review' })).toEqual(state);
  });

  it('keeps decisions when the job is done again, and forgets them when the user starts over', () => {
    const decide = (state: State) => heard(all(state, { kind: 'started', job: 5, unconfirmed: [] }), { kind: 'decided', job: 5, review: review([unsure(1), unsure(2)]) });
    const state = all(reviewing(4, [unsure(1), unsure(2)]), accept);
    expect(decide(all(state, { kind: 'cancelled' }))).toMatchObject({ selected: 2, review: { rows: [{ answer: { kind: 'accept' } }, { answer: null }] } });
    expect(decide(all(state, { kind: 'over' }))).toMatchObject({ selected: 1, review: { rows: [{ answer: null }, { answer: null }] } });
  });

  it('does not ask again about dates that the user confirmed', () => {
    const state = all(reviewing(4, [row(1)]), { kind: 'dates-right', order: 'mdy' });
    expect(state).toMatchObject({ chosen: { dateOrder: 'mdy' }, review: { chat: { datesDecided: true } } });
  });
});

describe('what is remembered', () => {
  const trouble = { why: 'busy', text: '' } as const;
  const decision = { exported: 'a.jpg', bytes: 1, original: null };

  it('is in trouble for one job only', () => {
    const state = heard(running(4), { kind: 'catalogue', job: 4, trouble });
    expect(isRemembering(state)).toBe(false);
    expect(isRemembering(all(state, { kind: 'started', job: 5, unconfirmed: [] }))).toBe(true);
  });

  it('holds decisions that no engine confirmed, until everything is deleted', () => {
    const state = all(running(4), { kind: 'started', job: 5, unconfirmed: [decision] }, { kind: 'cancelled' });
    expect(state.remembered).toEqual([decision]);
    expect(all(state, { kind: 'forgotten', trouble }).remembered).toEqual([decision]);
    expect(all(state, { kind: 'forgotten', trouble: null })).toMatchObject({ remembered: [], kept: { at: 'deleted' } });
  });

  it('is said to go on after the engine died, until the user goes elsewhere', () => {
    const state = heard(all(running(5), { kind: 'stumbled' }), { kind: 'decided', job: 5, review: review([row(1)]) });
    expect(state).toMatchObject({ step: 'review', again: true });
    expect(all(state, { kind: 'cancelled' })).toMatchObject({ again: false });
  });
});
