import { describe, expect, it } from 'vitest';
import { group, unit } from './example';
import { countLists, foldersOf, merged, NO_FILTER, savedBytes, visibleGroups, withoutUnits } from './groups';

const a = group('a', [unit(1, { path: 'DCIM/Zoo/1.jpg', dateS: 30 }), unit(2, { bytes: 500 })]);
const b = group('b', [unit(3, { path: 'Album/3.jpg', dateS: 10 }), unit(4, { bytes: 9_000 })], { media: 'video' });
const c = group('c', [unit(5, { path: 'B/5.jpg', dateS: null }), unit(6)]);
const d = group('d', [7, 8], { list: 'similar' });
const all = [a, b, c, d];
const none = new Map();
const ids = (filters: Partial<typeof NO_FILTER>, sort: 'saved' | 'date' | 'path' = 'saved', choices = none) =>
  visibleGroups(all, 'exact', { ...NO_FILTER, ...filters }, sort, choices)
    .map(({ id }) => id)
    .join('');

describe('the list of groups', () => {
  it('is in the order that was asked for; what has no date comes last', () => {
    expect(ids({}, 'saved')).toBe('bca');
    expect(ids({}, 'date')).toBe('bac');
    expect(ids({}, 'path')).toBe('bca');
  });

  it('shows what passes every filter', () => {
    expect(ids({ media: 'video' })).toBe('b');
    expect(ids({ least: 1_000 })).toBe('bc');
    expect(ids({ folder: 'DCIM/Zoo/' })).toBe('a');
    expect(ids({ folder: 'DCIM/' })).toBe('bca');
    expect(ids({ query: 'zoo' })).toBe('a');
    expect(ids({ query: 'zoo album' })).toBe('');
    const choices = new Map([['a', { trash: [2], reviewed: true }]]);
    expect(ids({ stand: 'open' }, 'saved', choices)).toBe('bc');
    expect(ids({ stand: 'reviewed' }, 'saved', choices)).toBe('a');
  });

  it('is counted, with what is to gain: nothing of what is only alike', () => {
    expect(savedBytes(d)).toBe(0);
    expect(countLists(all, new Map([['a', { trash: [], reviewed: true }]]))).toEqual({
      exact: { groups: 3, reviewed: 1, bytes: 500 + 9_000 + 1_000 },
      payload: { groups: 0, reviewed: 0, bytes: 0 },
      shot: { groups: 0, reviewed: 0, bytes: 0 },
      similar: { groups: 1, reviewed: 0, bytes: 0 },
    });
  });

  it('knows the folders', () => {
    expect(foldersOf(all)).toEqual(['Album/', 'B/', 'DCIM/', 'DCIM/Zoo/']);
    expect(foldersOf([group('e', [unit(1, { path: 'top.jpg' })])])).toEqual([]);
  });

  it('takes new and changed groups in, and lets others go', () => {
    const changed = group('b', [3, 4, 9]);
    expect(merged(all, [changed, group('e', [1, 2])], ['a']).map(({ id, units }) => `${id}${units.length}`)).toEqual(['b3', 'c2', 'd2', 'e2']);
    expect(merged(all, [], [])).toBe(all);
  });

  it('has no groups of one when the others are gone', () => {
    expect(withoutUnits([group('a', [1, 2, 3]), group('b', [3, 4])], [3]).map(({ id, units }) => `${id}${units.length}`)).toEqual(['a2']);
  });
});
