import { describe, expect, it } from 'vitest';
import type { GroupRow } from '../../engine/protocol';
import type { Choice, Choices, Keep } from './choices';
import { changed, going, lockedBy, markedIn, permitted, planOf, toggled, without } from './choices';
import { group, unit } from './example';

const choices = (all: Record<string, Partial<Choice>>): Choices =>
  new Map(Object.entries(all).map(([id, each]) => [id, { trash: [], reviewed: true, ...each }]));

describe('what is suggested', () => {
  it('is that all but the keeper go, and nothing of what is only alike', () => {
    expect(markedIn(group('a', [1, 2, 3]), new Map())).toEqual([2, 3]);
    expect(markedIn(group('a', [1, 2, 3], { list: 'similar' }), new Map())).toEqual([]);
  });

  it('does nothing before it is reviewed', () => {
    const groups = [group('a', [1, 2]), group('b', [3, 4])];
    expect([...going(groups, new Map())]).toEqual([]);
    expect([...going(groups, choices({ a: { trash: [2], reviewed: false }, b: { trash: [4] } }))]).toEqual([4]);
    expect(planOf(groups, new Map())).toEqual({ groups: 0, units: [], files: 0, bytes: 0, keepers: [] });
  });
});

describe('the last copy of a picture', () => {
  const pair = group('a', [1, 2]);

  it('is never marked', () => {
    expect(permitted([pair], new Map(), pair, [1, 2])).toEqual([2]);
    expect(permitted([pair], new Map(), pair, [1])).toEqual([1]);
    expect(toggled([pair], choices({ a: { trash: [2] } }), pair, 1).trash).toEqual([2]);
    expect(lockedBy([pair], choices({ a: { trash: [2] } }), pair, 1)).toBe('last');
    expect(lockedBy([pair], choices({ a: { trash: [] } }), pair, 1)).toBeNull();
  });

  it('stays if the whole group is asked for, and the suggested one is it', () => {
    const three = group('a', [1, 2, 3]);
    expect(permitted([three], new Map(), three, [3, 1, 2])).toEqual([2, 3]);
  });
});

describe('a unit in two groups', () => {
  // 2 is an exact copy of 1; 1 is the same shot as 9, which would stay of the two.
  const exact = group('exact', [1, 2]);
  const shot = group('shot', [9, 1], { list: 'shot' });
  const groups = [exact, shot];

  it('that one of them keeps goes by no other', () => {
    const kept = choices({ exact: { trash: [2] } });
    expect(permitted(groups, kept, shot, [1])).toEqual([]);
    const none = choices({ exact: { trash: [2] }, shot: { trash: [], reviewed: false } });
    expect(lockedBy(groups, none, shot, 1)).toBe('elsewhere');
  });

  it('goes where the other group is not reviewed, and is then the one that the other cannot keep', () => {
    const gone = choices({ shot: { trash: [1] } });
    expect(permitted(groups, new Map(), shot, [1])).toEqual([1]);
    expect(permitted(groups, gone, exact, [2])).toEqual([]);
    expect(permitted(groups, gone, exact, [1])).toEqual([1]);
  });

  it('counts once', () => {
    const twice = choices({ exact: { trash: [1] }, shot: { trash: [1] } });
    expect(planOf(groups, twice)).toEqual({
      groups: 2,
      units: [1],
      files: 1,
      bytes: 1_000,
      keepers: [
        { group: 'exact', unit: 2 },
        { group: 'shot', unit: 9 },
      ],
    });
  });
});

describe('a unit of several files', () => {
  it('goes as a whole', () => {
    const live = group('a', [unit(1, { files: 2, bytes: 10 }), unit(2, { files: 3, bytes: 7 })]);
    expect(planOf([live], choices({ a: { trash: [2] } }))).toMatchObject({ units: [2], files: 3, bytes: 7 });
  });
});

describe('what stays, chosen at once', () => {
  const three = group('a', [
    unit(1, { dateS: 20, pixels: 10, path: 'x/1.jpg' }),
    unit(2, { dateS: 10, pixels: 30, path: 'y/2.jpg' }),
    unit(3, { dateS: null, pixels: 30, bytes: 9_999, path: 'y/3.jpg' }),
  ]);
  it.each<[Keep, number[]]>([
    ['suggested', [2, 3]],
    ['oldest', [1, 3]],
    ['newest', [2, 3]],
    ['largest', [1, 2]],
    ['all', []],
    [{ notIn: 'y/' }, [2, 3]],
    [{ notIn: 'x/' }, [1]],
  ])('%o', (keep, want) => {
    expect(without(three, keep, [])).toEqual(want);
  });

  it('leaves a folder alone whose name only begins alike', () => {
    expect(without(group('a', [unit(1, { path: 'x2/1.jpg' }), unit(2)]), { notIn: 'x/' }, [])).toEqual([]);
  });

  it('never empties a group over all groups, in one go', () => {
    const groups = [group('exact', [1, 2]), group('shot', [9, 1], { list: 'shot' }), group('more', [2, 9], { list: 'shot' })];
    const fresh = changed(groups, new Map(), groups, (each) => ({ trash: each.units.map((one) => one.unit), reviewed: true }));
    const after = new Map(fresh);
    const gone = going(groups, after);
    for (const each of groups)
      expect(
        each.units.some((one) => !gone.has(one.unit)),
        each.id,
      ).toBe(true);
    expect(gone.size).toBeGreaterThan(0);
  });

  it('says of which groups it changed something', () => {
    const groups = [group('a', [1, 2]), group('b', [3, 4])];
    expect([...changed(groups, new Map(), groups, (_each, before) => before).keys()]).toEqual([]);
    expect([...changed(groups, choices({ a: { trash: [2] } }), groups, (_each, before) => ({ ...before, reviewed: true })).keys()]).toEqual(['b']);
  });
});

describe('random libraries and random decisions', () => {
  it('leave of every group at least one, and act on nothing that was not reviewed', () => {
    let seed = 7;
    const random = (below: number) => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return Math.floor((seed / 2_147_483_648) * below);
    };
    for (let round = 0; round < 200; round += 1) {
      const groups: GroupRow[] = Array.from({ length: 6 }, (_, at) => {
        const units = [...new Set(Array.from({ length: 2 + random(3) }, () => random(9)))];
        return group(`g${at}`, units.length > 1 ? units : [at, 9 + at], { list: at < 3 ? 'exact' : 'shot' });
      });
      let all: Choices = new Map();
      for (let step = 0; step < 12; step += 1) {
        const these = random(3) === 0 ? groups : [groups[random(groups.length)]!];
        const wanted = random(512);
        const reviewed = random(4) > 0;
        const fresh = changed(groups, all, these, (each) => ({
          trash: each.units.map((one) => one.unit).filter((one) => wanted & (1 << one)),
          reviewed,
        }));
        all = new Map([...all, ...fresh]);
        const gone = going(groups, all);
        for (const each of groups.filter((one) => all.get(one.id)?.reviewed)) {
          expect(
            each.units.some((one) => !gone.has(one.unit)),
            `round ${round}: ${JSON.stringify([...all])}`,
          ).toBe(true);
        }
        const plan = planOf(groups, all);
        expect(plan.units).toEqual([...gone].sort((one, other) => one - other));
        for (const { unit: stays } of plan.keepers) expect(gone.has(stays)).toBe(false);
      }
    }
  });
});
