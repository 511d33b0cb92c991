import { describe, expect, it } from 'vitest';
import type { FromEngine, InputFile } from '../../engine/protocol';
import type { Source } from '../shared/state';
import { filesOf, isRemembering } from '../shared/state';
import { isEmpty } from '../shared/update';
import type { Msg, State } from '../state';
import { initialState } from '../state';
import { update } from '../update';
import { candidate, info, progress, review, reviewing, row, running } from './example';
import type { Reviewing } from './state';
import { canStart } from './state';
import { compared, GALLERY } from './update';

const heard = (state: State, message: FromEngine, at = 0) => update(state, { kind: 'engine', at, message });
const all = (state: State, ...msgs: Msg[]) => msgs.reduce<State>(update, state);
/** What every job shares and what this one knows, side by side. */
const seen = ({ shared, task }: State) => ({ ...shared, ...task });
const file = (path: string): InputFile => ({ path, file: new File(['x'], path) });
const defaults = { mode: 'balanced', matchWindowSeconds: 600, phashThreshold: null, search: 'library', heic: 'view', dateOrder: 'auto' } as const;

const ZIP = { how: 'zip', name: 'a.zip', within: null } as const;

function source(id: number, more: Partial<Source> = {}): Source {
  return { id, side: 'originals', label: 'DCIM', files: [file(`DCIM/${id}.jpg`)], roots: [], count: 1, bytes: 1, done: true, ...more };
}

function saving(): State {
  return all(reviewing(4, [row(1)]), { kind: 'to-save' });
}

/** The task of a state in the review. */
function reviewed({ task }: State): Reviewing {
  if (task.step !== 'review') throw new Error(`the job is in step ${task.step}`);
  return task;
}

describe('choosing', () => {
  const walk = (each: Source): Msg[] => [
    { kind: 'walking', source: each },
    { kind: 'walked', source: each },
  ];

  it('adds folders of originals up, and lets a new chat replace the old one', () => {
    const chat = (id: number) => source(id, { side: 'chat', files: [file(`chat${id}.zip`)] });
    const state = all(initialState, ...walk(chat(1)), ...walk(source(2)), ...walk(source(3)), ...walk(chat(4)));
    expect(filesOf(state.shared, 'chat').map((each) => each.path)).toEqual(['chat4.zip']);
    expect(filesOf(state.shared, 'originals')).toHaveLength(2);
  });

  it('does not bring back a folder that was removed while it was being walked', () => {
    const state = all(initialState, { kind: 'walking', source: source(1) }, { kind: 'removed', id: 1 }, { kind: 'walked', source: source(1) });
    expect(state.shared.sources).toEqual([]);
  });

  it('starts only with the engine and a chat there, and nothing still being walked', () => {
    const chat = source(1, { side: 'chat' });
    const ready = all(initialState, { kind: 'ready', defaults, storage: true }, ...walk(chat));
    expect(canStart(ready.shared)).toBe(true);
    expect(canStart(all(initialState, ...walk(chat)).shared)).toBe(false);
    expect(canStart(all(initialState, { kind: 'ready', defaults, storage: true }, ...walk(source(1))).shared)).toBe(false);
    expect(canStart(all(ready, { kind: 'walking', source: source(2) }).shared)).toBe(false);
  });

  it('keeps the inputs when a job is cancelled', () => {
    const state = all(initialState, ...walk(source(1)), { kind: 'started', job: 1, unconfirmed: [] }, { kind: 'cancelled' });
    expect(state.task.step).toBe('choose');
    expect(state.shared.sources).toHaveLength(1);
  });
});

describe('messages of the engine', () => {
  const videoPair = { medium: 1, exported: 1, original: 2, moments: [{ exportedS: 1, originalsS: [1] }], longEdge: 640 };
  const late: FromEngine[] = [
    { kind: 'progress', job: 3, progress: progress(1, 2) },
    { kind: 'found', job: 3, rows: [row(1)] },
    { kind: 'look', job: 3, need: 1, done: 0, total: 1, pair: videoPair, exported: new Blob(), original: new Blob() },
    { kind: 'decided', job: 3, review: review([row(1)]) },
    { kind: 'answered', job: 3, row: row(1), review: review([]) },
    { kind: 'preview', job: 3, request: 1, blob: null, problem: null },
    { kind: 'saved', job: 3, file: null, bytes: 1, files: 1, issues: [], unwritten: [] },
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
    const look = { kind: 'look' as const, job: 4, need: 1, done: 1, total: 3, pair: videoPair, exported: new Blob(), original: new Blob() };
    expect(seen(heard(running(4), look))).toMatchObject({ step: 'progress', looking: { done: 1, total: 3 } });
  });

  it('remembers over which file the engine died, until other files are chosen', () => {
    const file = { side: 'originals' as const, path: 'bad.png' };
    const died = heard(reviewing(4, [row(1)]), { kind: 'failed', job: 4, code: 'crashed', text: '', inHand: file });
    expect(seen(died)).toMatchObject({ step: 'stopped', skipped: [file] });
    expect(all(died, { kind: 'skipped', file }, { kind: 'cancelled' }).shared.skipped).toEqual([file]);
    expect(all(died, { kind: 'cancelled' }, { kind: 'removed', id: 7 }).shared.skipped).toEqual([]);
  });

  it('says that the engine could not be loaded, and forgets it once it is', () => {
    const failed = all(initialState, { kind: 'unloaded', text: '404' });
    expect(seen(failed)).toMatchObject({ step: 'choose', unloaded: '404' });
    expect(all(failed, { kind: 'loading' }).shared.unloaded).toBeNull();
    expect(seen(all(running(4), { kind: 'unloaded', text: '404' }))).toMatchObject({ step: 'stopped', code: 'unloaded' });
  });

  it('shows progress, and freezes the pace while paused', () => {
    const one = heard(running(4), { kind: 'progress', job: 4, progress: progress(5, 10) }, 100);
    expect(seen(one)).toMatchObject({ progress: { done: 5 }, pace: { lastDone: 5 } });
    const paused = heard(all(one, { kind: 'paused' }), { kind: 'progress', job: 4, progress: progress(6, 10) }, 9_000);
    expect(seen(paused)).toMatchObject({ progress: { done: 6 }, pace: { lastDone: 5 } });
  });

  it('fills the gallery, then changes it one pair at a time', () => {
    const many = Array.from({ length: GALLERY + 4 }, (_, place) => row(place));
    const full = heard(running(4), { kind: 'found', job: 4, rows: many }, 0);
    expect(seen(full)).toMatchObject({ foundCount: GALLERY + 4, gallery: many.slice(0, GALLERY) });
    const soon = heard(full, { kind: 'found', job: 4, rows: [row(90)] }, 500);
    expect(seen(soon)).toMatchObject({ gallery: many.slice(0, GALLERY) });
    const later = heard(soon, { kind: 'found', job: 4, rows: [row(91)] }, 5_000);
    expect(seen(later)).toMatchObject({ gallery: [...many.slice(1, GALLERY), row(91)] });
  });

  it('opens the review at what needs a look', () => {
    const state = reviewing(4, [row(1), row(2, { decision: 'ambiguous', original: null })]);
    expect(seen(state)).toMatchObject({ filter: 'unsure', selected: 2 });
    expect(seen(reviewing(4, [row(1)]))).toMatchObject({ filter: 'all', selected: 1 });
  });

  it('takes over the answered row and the counts', () => {
    const images = { exported: 1, matched: 0, ambiguous: 0, unmatched: 1 };
    const message: FromEngine = { kind: 'answered', job: 4, row: row(1, { reason: { kind: 'chosen' } }), review: { ...review([]), images } };
    const state = reviewed(heard(reviewing(4, [row(1), row(2)]), message));
    expect(state.review.rows.map((each) => each.reason.kind)).toEqual(['chosen', 'equal']);
    expect(state.review.images).toEqual(images);
  });

  it('shows what was saved', () => {
    const state = all(saving(), { kind: 'saving', place: ZIP });
    const done = heard(state, { kind: 'saved', job: 4, file: null, bytes: 7, files: 2, issues: [], unwritten: [] });
    expect(seen(done)).toMatchObject({ phase: { at: 'done', place: ZIP, saved: { bytes: 7, files: 2 } } });
  });

  it('stops at a failure, but lets the user save elsewhere when only the output failed', () => {
    expect(seen(heard(running(4), { kind: 'failed', job: 4, code: 'no-chat', text: 'x', inHand: null }))).toMatchObject({
      step: 'stopped',
      code: 'no-chat',
    });
    const state = all(saving(), { kind: 'saving', place: ZIP });
    const failed = heard(state, { kind: 'failed', job: 4, code: 'output', text: 'disk full', inHand: null });
    expect(seen(failed)).toMatchObject({ step: 'save', phase: { at: 'options' }, problem: 'disk full' });
  });
});

describe('reviewing', () => {
  const unsure = (medium: number) => row(medium, { decision: 'ambiguous', original: null, candidates: [candidate(50), candidate(51)] });
  const accept: Msg = { kind: 'answering', medium: 1, answer: { kind: 'accept' } };

  it('goes on to the next row when the answer moves this one out of sight', () => {
    const state = reviewed(all(reviewing(4, [unsure(1), unsure(2)]), accept));
    expect(state.selected).toBe(2);
    expect(state.review.rows[0]?.answer).toEqual({ kind: 'accept' });
  });

  it('stays on a row that remains in sight', () => {
    expect(seen(all(reviewing(4, [unsure(1), unsure(2)]), { kind: 'filtered', filter: 'all' }, accept))).toMatchObject({ selected: 1 });
  });

  it('takes answers back in reverse, each to what it was', () => {
    const reject: Msg = { kind: 'answering', medium: 1, answer: { kind: 'reject' } };
    const back = all(reviewing(4, [unsure(1), unsure(2)]), accept, reject, { kind: 'undone' });
    const once = reviewed(back);
    expect(once.review.rows[0]?.answer).toEqual({ kind: 'accept' });
    expect(once.selected).toBe(1);
    const twice = reviewed(all(back, { kind: 'undone' }, { kind: 'undone' }));
    expect(twice.review.rows[0]?.answer).toBeNull();
    expect(twice.undo).toEqual([]);
  });

  it('moves within what is shown and stops at its ends', () => {
    const state = all(reviewing(4, [unsure(1), row(2), unsure(3)]), { kind: 'moved', by: 1 });
    expect(seen(state)).toMatchObject({ selected: 3 });
    expect(seen(all(state, { kind: 'moved', by: 1 }))).toMatchObject({ selected: 3 });
    expect(seen(all(state, { kind: 'moved', by: -Infinity }))).toMatchObject({ selected: 1 });
  });

  it('tells nobody of a move where nothing is shown', () => {
    const state = all(reviewing(4, [row(1)]), { kind: 'searched', query: 'nothing has these words' });
    expect(all(state, { kind: 'moved', by: 1 })).toBe(state);
  });

  it('selects the first row that a filter shows if it hides the selected one', () => {
    const state = all(reviewing(4, [row(1), row(2, { caption: 'the cat' })]), { kind: 'searched', query: 'CAT' });
    expect(seen(state)).toMatchObject({ selected: 2 });
  });

  it('compares with the candidate that is looked at, until another row is selected', () => {
    const state = all(reviewing(4, [unsure(1), unsure(2)]), { kind: 'looked', item: 51 });
    expect(compared(reviewed(state))?.original).toEqual(info(51));
    expect(compared(reviewed(all(state, { kind: 'selected', medium: 2 })))?.original).toEqual(info(50));
  });

  it('comes back from saving with everything as it was', () => {
    const state = all(reviewing(4, [unsure(1), unsure(2)]), accept);
    expect(all(state, { kind: 'to-save' }, { kind: 'to-review' })).toEqual(state);
  });

  it('keeps decisions when the job is done again, and forgets them when the user starts over', () => {
    const decide = (state: State) =>
      heard(all(state, { kind: 'started', job: 5, unconfirmed: [] }), { kind: 'decided', job: 5, review: review([unsure(1), unsure(2)]) });
    const state = all(reviewing(4, [unsure(1), unsure(2)]), accept);
    expect(seen(decide(all(state, { kind: 'cancelled' })))).toMatchObject({
      selected: 2,
      review: { rows: [{ answer: { kind: 'accept' } }, { answer: null }] },
    });
    expect(seen(decide(all(state, { kind: 'over' })))).toMatchObject({ selected: 1, review: { rows: [{ answer: null }, { answer: null }] } });
  });

  it('does not ask again about dates that the user confirmed', () => {
    const state = all(reviewing(4, [row(1)]), { kind: 'dates-right', order: 'mdy' });
    expect(seen(state)).toMatchObject({ chosen: { dateOrder: 'mdy' }, review: { chat: { datesDecided: true } } });
  });
});

describe('what is remembered', () => {
  const trouble = { why: 'busy', text: '' } as const;
  const decision = { exported: 'a.jpg', bytes: 1, original: null };

  it('is in trouble for one job only', () => {
    const state = heard(running(4), { kind: 'catalogue', job: 4, troubles: { cache: trouble, forever: null } });
    expect([isRemembering(state.shared, 'cache'), isRemembering(state.shared, 'forever')]).toEqual([false, true]);
    expect(isRemembering(all(state, { kind: 'started', job: 5, unconfirmed: [] }).shared, 'cache')).toBe(true);
  });

  it('holds decisions that no engine confirmed, until everything is deleted', () => {
    const state = all(running(4), { kind: 'started', job: 5, unconfirmed: [decision] }, { kind: 'cancelled' });
    expect(seen(state).remembered).toEqual([decision]);
    expect(all(state, { kind: 'forgotten', trouble }).task.remembered).toEqual([decision]);
    expect(seen(all(state, { kind: 'forgotten', trouble: null }))).toMatchObject({ remembered: [], kept: { at: 'deleted' } });
  });

  it('is deleted in two steps: decisions only after a question, unless there are none', () => {
    const counts = { files: 0, answers: 2, runs: 1, bytes: 0, foreverBytes: 9 };
    const troubles = { cache: null, forever: null };
    const asking = heard(running(4), { kind: 'forgot', job: 4, counts, troubles });
    expect(asking.shared.kept).toEqual({ at: 'question', counts, troubles });
    expect(all(asking, { kind: 'spared' }).shared.kept).toEqual({ at: 'told', counts, troubles });
    const none = { ...counts, answers: 0, runs: 0 };
    expect([counts, none].map((each) => isEmpty({ counts: each, troubles }))).toEqual([false, true]);
    // Where the file of decisions could not be read, nobody knows that there are none.
    expect(isEmpty({ counts: none, troubles: { cache: null, forever: trouble } })).toBe(false);
    const held = heard(running(4), { kind: 'forgot', job: 4, counts: null, troubles: { cache: trouble, forever: trouble } });
    expect(held.shared.kept.at).toBe('told');
  });

  it('is said to go on after the engine died, until the user goes elsewhere', () => {
    const state = heard(all(running(5), { kind: 'stumbled' }), { kind: 'decided', job: 5, review: review([row(1)]) });
    expect(seen(state)).toMatchObject({ step: 'review', again: true });
    expect(seen(all(state, { kind: 'cancelled' }))).toMatchObject({ again: false });
  });
});
