import { describe, expect, it } from 'vitest';
import type { FromEngine, GroupDetails, InputFile } from '../../engine/protocol';
import type { Source } from '../shared/state';
import type { State } from '../state';
import { initialState, isIdle } from '../state';
import { update } from '../update';
import { planOf } from './choices';
import { givenFolders, whenOf } from './effects';
import { group, looking, reviewed, reviewingGroups, say, summary, unit } from './example';
import { canAct, canLook, filesLeft } from './state';
import { shownGroups } from './update';

const heard = (state: State, message: FromEngine, at = 0) => update(state, { kind: 'engine', at, message });
const file = (path: string): InputFile => ({ path, file: new File(['x'], path) });
const handle = (name: string, kind: 'file' | 'directory' = 'directory') => ({ name, kind }) as FileSystemHandle;
const defaults = { mode: 'balanced', matchWindowSeconds: 600, phashThreshold: null, search: 'library', heic: 'view', dateOrder: 'auto' } as const;

function source(id: number, more: Partial<Source> = {}): Source {
  return { id, side: 'folders', label: 'DCIM', files: [file(`DCIM/${id}.jpg`)], roots: [handle('DCIM')], count: 1, bytes: 1, done: true, ...more };
}

const two = [group('a', [1, 2]), group('b', [3, 4]), group('c', [5, 6])];
const page = (rows = two, more = false, gone: string[] = []): FromEngine => ({ kind: 'groups', job: 4, rows, gone, summary, stacks: [], more });

describe('choosing folders', () => {
  it('starts with the engine and a folder there, whatever the chat is about', () => {
    const ready = update(initialState, { kind: 'ready', defaults, storage: true });
    const walk = (state: State, each: Source) => update(update(state, { kind: 'walking', source: each }), { kind: 'walked', source: each });
    expect(canLook(walk(ready, source(1)).shared)).toBe(true);
    expect(canLook(walk(initialState, source(1)).shared)).toBe(false);
    expect(canLook(walk(ready, source(1, { side: 'originals' })).shared)).toBe(false);
    expect(canLook(update(walk(ready, source(1)), { kind: 'walking', source: source(2) }).shared)).toBe(false);
  });

  it('lets files be moved only where every folder came with its handle', () => {
    expect(canAct({ sources: [source(1)] })).toBe(true);
    expect(canAct({ sources: [source(1), source(2, { roots: [] })] })).toBe(false);
    expect(canAct({ sources: [source(1, { roots: [handle('a.jpg', 'file')] })] })).toBe(false);
    expect(canAct({ sources: [source(1), source(2, { side: 'chat', roots: [] })] })).toBe(true);
  });

  it('takes what was dropped at once as folders of their own, and paths below them', () => {
    const dropped = source(1, {
      files: [file('A/x/1.jpg'), file('B/2.jpg'), file('3.jpg')],
      roots: [handle('A'), handle('B'), handle('3.jpg', 'file')],
    });
    const given = givenFolders([dropped]).map(({ name, files, handle: at }) => [name, files.map(({ path }) => path), at?.name ?? null]);
    expect(given).toEqual([
      ['A', ['x/1.jpg'], 'A'],
      ['B', ['2.jpg'], 'B'],
      ['DCIM', ['3.jpg'], null],
    ]);
  });

  it('leaves the inputs as they are once the job has begun', () => {
    const state = looking(4);
    expect(update(state, { kind: 'walking', source: source(1) })).toBe(state);
  });
});

describe('two jobs and one engine', () => {
  it('a job that begins ends the other one', () => {
    const chat = update(initialState, { kind: 'started', job: 3, unconfirmed: [] });
    const mine = say(chat, { kind: 'started', job: 4 });
    expect([mine.task.step, mine.duplicates.step, mine.shared.owner]).toEqual(['choose', 'progress', 'duplicates']);
    const back = update(mine, { kind: 'started', job: 5, unconfirmed: [] });
    expect([back.task.step, back.duplicates.step, back.shared.owner]).toEqual(['progress', 'choose', 'chat']);
    expect(isIdle(back)).toBe(false);
    expect(isIdle(initialState)).toBe(true);
  });

  it('what the engine says is only the newest job’s', () => {
    const failed: FromEngine = { kind: 'failed', job: 4, code: 'crashed', text: 'x', inHand: null };
    const state = heard(looking(4), failed);
    expect([state.task.step, state.duplicates.step]).toEqual(['choose', 'stopped']);
    const review = reviewingGroups(4, two);
    expect(heard(review, { ...failed, job: 3 })).toBe(review);
    const chat = heard(update(initialState, { kind: 'started', job: 4, unconfirmed: [] }), failed);
    expect([chat.task.step, chat.duplicates.step]).toEqual(['stopped', 'choose']);
  });
});

describe('looking', () => {
  const progress = { stage: 'examine', done: 3, total: 10, bytesRead: 0, bytesWritten: 0, matched: 0 } as const;

  it('says how many files are left', () => {
    const state = heard(looking(4), { kind: 'progress', job: 4, progress });
    expect(state.duplicates).toMatchObject({ step: 'progress', progress });
    expect(filesLeft(progress)).toBe(7);
    expect(filesLeft(null)).toBeNull();
  });

  it('opens the review with the last page, at the first list that has groups', () => {
    const first = heard(looking(4), page([group('z', [8, 9], { list: 'shot' })], true));
    expect(first.duplicates.step).toBe('progress');
    const state = reviewed(heard(first, page([group('y', [6, 7], { list: 'payload' })])));
    expect([state.list, state.selected, state.groups.length]).toEqual(['payload', 'y', 2]);
  });
});

describe('reviewing', () => {
  const choicesOf = (state: State) => Object.fromEntries(reviewed(state).choices);

  it('keeps the best and goes on to the next, to the last', () => {
    const state = say(reviewingGroups(4, two), { kind: 'keep-best' }, { kind: 'keep-best' });
    expect(choicesOf(state)).toEqual({ a: { trash: [2], reviewed: true }, b: { trash: [4], reviewed: true } });
    expect(reviewed(state).selected).toBe('c');
    expect(reviewed(say(state, { kind: 'keep-best' })).selected).toBe('c');
  });

  it('goes on also where the group leaves the list', () => {
    const open = say(reviewingGroups(4, two), { kind: 'filtered', filters: { stand: 'open' } }, { kind: 'keep-best' });
    expect(reviewed(open).selected).toBe('b');
    expect(shownGroups(reviewed(open)).map(({ id }) => id)).toEqual(['b', 'c']);
  });

  it('marks one, and counts it only when the group is reviewed', () => {
    const marked = say(reviewingGroups(4, two), { kind: 'toggled', unit: 2 });
    expect(choicesOf(marked)).toEqual({ a: { trash: [], reviewed: false } });
    expect(planOf(reviewed(marked).groups, reviewed(marked).choices).units).toEqual([]);
    const other = say(marked, { kind: 'toggled', unit: 1 }, { kind: 'done-with' });
    expect(choicesOf(other)).toEqual({ a: { trash: [1], reviewed: true } });
    expect(reviewed(other).selected).toBe('b');
  });

  it('says why one cannot be marked', () => {
    const state = say(reviewingGroups(4, two), { kind: 'toggled', unit: 1 });
    expect(reviewed(state).told).toEqual({ kind: 'locked', why: 'last' });
    expect(choicesOf(state)).toEqual({});
    expect(reviewed(say(state, { kind: 'moved', by: 1 })).told).toBeNull();
  });

  it('changes all that are shown, and none that is not', () => {
    const state = say(
      reviewingGroups(4, two),
      { kind: 'filtered', filters: { query: 'IMG_3' } },
      { kind: 'reviewed', reviewed: true, scope: 'shown' },
    );
    expect(choicesOf(state)).toEqual({ b: { trash: [4], reviewed: true } });
    expect(reviewed(state).told).toEqual({ kind: 'changed', groups: 1 });
  });

  it('takes back one after another, a change of many in one step', () => {
    const all = say(reviewingGroups(4, two), { kind: 'toggled', unit: 2 }, { kind: 'reviewed', reviewed: true, scope: 'shown' });
    expect(Object.keys(choicesOf(all))).toHaveLength(3);
    const once = say(all, { kind: 'undone' });
    expect(choicesOf(once)).toEqual({ a: { trash: [], reviewed: false } });
    const twice = say(once, { kind: 'undone' });
    expect(choicesOf(twice)).toEqual({});
    expect(say(twice, { kind: 'undone' })).toBe(twice);
  });

  it('shows what was taken back, also from another list', () => {
    const more = [...two, group('z', [8, 9], { list: 'shot' })];
    const state = say(reviewingGroups(4, more), { kind: 'keep-best' }, { kind: 'listed', list: 'shot' }, { kind: 'undone' });
    expect(reviewed(state)).toMatchObject({ list: 'exact', selected: 'a' });
  });

  it('changes its mind about a group that was reviewed', () => {
    const state = say(reviewingGroups(4, two), { kind: 'reviewed', reviewed: true, scope: 'group' }, { kind: 'keep-one', unit: 2 });
    expect(choicesOf(state)).toEqual({ a: { trash: [1], reviewed: true } });
  });

  it('shows what was taken back, also where a filter hides it', () => {
    const state = say(reviewingGroups(4, two), { kind: 'keep-best' }, { kind: 'filtered', filters: { media: 'video' } }, { kind: 'undone' });
    expect(shownGroups(reviewed(state)).map(({ id }) => id)).toContain('a');
    expect(reviewed(state).selected).toBe('a');
  });

  it('goes about with bounds', () => {
    const state = reviewingGroups(4, two);
    expect(reviewed(say(state, { kind: 'moved', by: -1 })).selected).toBe('a');
    expect(reviewed(say(state, { kind: 'moved', by: Infinity })).selected).toBe('c');
    expect(reviewed(say(state, { kind: 'placed', place: 7 })).place).toBe(1);
    expect(reviewed(say(state, { kind: 'placed', place: -1 })).place).toBe(0);
  });

  it('compares another one with the keeper, never the keeper', () => {
    expect(reviewed(say(reviewingGroups(4, two), { kind: 'viewed', view: 'side' })).place).toBe(1);
  });

  it('follows the engine: a group that is gone gives its place to the next', () => {
    const deciding = say(
      reviewingGroups(4, two),
      { kind: 'moved', by: 1 },
      { kind: 'deciding', decision: { kind: 'not-a-duplicate', units: [3, 4] } },
    );
    const state = heard(deciding, page([], false, ['b']));
    expect(reviewed(state)).toMatchObject({ selected: 'c' });
    expect(reviewed(state).undo).toEqual([{ kind: 'decision', selected: 'b' }]);
    const back = heard(say(state, { kind: 'undone' }), page([group('b', [3, 4])]));
    expect(reviewed(back).groups.map(({ id }) => id)).toEqual(['a', 'c', 'b']);
    expect(reviewed(back).undo).toEqual([]);
  });

  it('keeps a mark on a file whose unit was taken apart', () => {
    const chosen = say(reviewingGroups(4, two), { kind: 'keep-one', unit: 2 }, { kind: 'reviewed', reviewed: true, scope: 'group' });
    const before = reviewed(chosen).groups[0]!;
    const apart = { ...before, units: before.units.map((unit) => (unit.unit === 1 ? { ...unit, unit: 91, files: 1 } : unit)) };
    const state = heard(chosen, page([apart]));
    expect(reviewed(state).choices.get('a')).toEqual({ trash: [91], reviewed: true });
    expect(reviewed(heard(state, page([before]))).choices.get('a')).toEqual({ trash: [1], reviewed: true });
  });

  it('forgets what a group held before a decision changed it', () => {
    const details = (id: string): FromEngine => ({ kind: 'details', job: 4, details: { id, reason: '', units: [] } satisfies GroupDetails });
    const looked = heard(heard(reviewingGroups(4, two), details('a')), details('c'));
    const state = heard(looked, page([group('a', [1, 2])]));
    expect([...reviewed(state).details.keys()]).toEqual(['c']);
  });

  it('keeps the details of the groups last looked at', () => {
    const details = (id: string): FromEngine => ({ kind: 'details', job: 4, details: { id, reason: '', units: [] } satisfies GroupDetails });
    let state = reviewingGroups(4, two);
    for (let at = 0; at < 60; at += 1) state = heard(state, details(`g${at}`));
    const { details: kept } = reviewed(state);
    expect([kept.size, kept.has('g59'), kept.has('g0')]).toEqual([40, true, false]);
  });
});

describe('acting', () => {
  const toAct = (state: State) => say(state, { kind: 'keep-best' }, { kind: 'to-act' });
  const trashed: FromEngine = {
    kind: 'trashed',
    job: 4,
    units: [2],
    files: 1,
    bytes: 1_000,
    places: [{ folder: 0, name: 'x' }],
    left: [],
    cause: null,
  };

  it('asks first, and only about what was reviewed', () => {
    const state = reviewingGroups(4, two);
    expect(reviewed(say(state, { kind: 'to-act' })).told).toEqual({ kind: 'nothing-reviewed' });
    expect(toAct(state).duplicates).toMatchObject({ step: 'act', phase: { at: 'question', files: null }, plan: { units: [2], files: 1, groups: 1 } });
  });

  it('comes back to the review without what went, and with nothing to take back', () => {
    const done = heard(say(toAct(reviewingGroups(4, two)), { kind: 'moving' }), trashed);
    expect(done.duplicates).toMatchObject({ phase: { at: 'done' } });
    const state = reviewed(say(done, { kind: 'to-review' }));
    expect(state.groups.map(({ id }) => id)).toEqual(['b', 'c']);
    expect([state.undo, [...state.choices.keys()], state.selected]).toEqual([[], [], 'b']);
  });

  it('does not bring back what went when the engine tells of its group once more', () => {
    const done = heard(say(toAct(reviewingGroups(4, two)), { kind: 'moving' }), trashed);
    const told = heard(say(done, { kind: 'to-review' }), page([group('n', [1, 2, 7])]));
    expect(
      reviewed(told)
        .groups.find(({ id }) => id === 'n')
        ?.units.map((each) => each.unit),
    ).toEqual([1, 7]);
  });

  it('comes back with everything when it was put back, or when the user thought better of it', () => {
    const done = heard(say(toAct(reviewingGroups(4, two)), { kind: 'moving' }), trashed);
    const restored = heard(say(done, { kind: 'restoring' }), { kind: 'restored', job: 4, files: 1, left: [], cause: null });
    expect(reviewed(say(restored, { kind: 'to-review' })).groups).toHaveLength(3);
    const back = reviewed(say(toAct(reviewingGroups(4, two)), { kind: 'to-review' }));
    expect(back.choices.get('a')).toEqual({ trash: [2], reviewed: true });
  });

  it('leaves in the review what could not be moved', () => {
    const three = [group('a', [unit(1), unit(2), unit(3)])];
    const partly: FromEngine = { ...trashed, units: [3], left: [{ path: 'DCIM/IMG_2.jpg', text: 'it changed' }] } as FromEngine;
    const state = reviewed(say(heard(say(toAct(reviewingGroups(4, three)), { kind: 'moving' }), partly), { kind: 'to-review' }));
    expect(state.groups[0]?.units.map((each) => each.unit)).toEqual([1, 2]);
    expect(state.choices.get('a')).toEqual({ trash: [2], reviewed: true });
  });

  it('calls the trash by the clock on the wall', () => {
    expect(whenOf(new Date(2026, 11, 1, 9, 5, 7))).toBe('2026-12-01 09-05-07');
  });

  it('shows how far it is, and hears nothing of that anywhere else', () => {
    const moving = say(toAct(reviewingGroups(4, two)), { kind: 'moving' });
    const acting: FromEngine = { kind: 'acting', job: 4, done: 1, total: 2, bytes: 5 };
    expect(heard(moving, acting).duplicates).toMatchObject({ phase: { at: 'moving', done: 1, total: 2 } });
    const review = reviewingGroups(4, two);
    expect(heard(review, acting)).toBe(review);
    expect(heard(review, trashed)).toBe(review);
  });
});
