import { describe, expect, it } from 'vitest';
import { candidate, info, row } from './example';
import {
  answerFor,
  bundledOriginal,
  comparedOriginal,
  decisionOf,
  groupOf,
  isHidden,
  leastBytes,
  linkedOriginal,
  offsetAt,
  rawDelay,
  recall,
  remember,
  revealing,
  tally,
  visibleRows,
} from './rows';

const unsure = row(2, { decision: 'ambiguous', original: null, candidates: [candidate(50), candidate(51)] });
const rows = [
  row(1, { caption: 'Grandma’s Cat' }),
  unsure,
  row(3, { decision: 'too_different', original: null, kind: 'video' }),
  row(4, { decision: 'missing', exported: null, original: null }),
  row(5, { answer: { kind: 'reject' }, sender: 'Ben' }),
  row(6, { decision: 'not_matchable', original: null, kind: 'voice' }),
];
const media = (shown: typeof rows) => shown.map((each) => each.medium);

describe('groups', () => {
  it('count every row once, and the answered ones as well', () => {
    expect(tally(rows)).toEqual({ all: 6, mine: 1, matched: 1, unsure: 1, kept: 3, unreadable: 1 });
  });

  it('follow the user rather than the machine', () => {
    expect(groupOf({ ...unsure, answer: { kind: 'pick', item: 51 } })).toBe('matched');
    expect(groupOf({ ...rows[0]!, answer: { kind: 'reject' } })).toBe('kept');
  });
});

describe('filters', () => {
  it.each([
    ['all', 'all', '', [1, 2, 3, 4, 5, 6]],
    ['matched', 'all', '', [1]],
    ['unsure', 'all', '', [2]],
    ['kept', 'all', '', [3, 5, 6]],
    ['unreadable', 'all', '', [4]],
    ['mine', 'all', '', [5]],
    ['all', 'video', '', [3]],
    ['kept', 'other', '', [6]],
    ['all', 'all', 'cat GRANDMA', [1]],
    ['all', 'all', 'ben', [5]],
    ['all', 'all', 'img_1001', [1]],
    ['unsure', 'all', 'ben', []],
  ] as const)('%s, %s, “%s”', (filter, kind, query, want) => {
    expect(media(visibleRows(rows, filter, kind, query))).toEqual(want);
  });

  it('read the words of each row once, however often is searched', () => {
    let read = 0;
    const counted = (place: number) =>
      Object.defineProperty(row(place), 'caption', {
        get: () => {
          read += 1;
          return `caption ${place}`;
        },
      });
    const many = Array.from({ length: 200 }, (_, place) => counted(place));
    for (const query of ['1', '19', '199', '199-photo']) visibleRows(many, 'matched', 'image', query);
    expect(visibleRows(many, 'matched', 'image', 'caption 199')).toHaveLength(1);
    expect(read).toBe(200);
  });
});

describe('originals', () => {
  it('are linked as the answer says', () => {
    expect(linkedOriginal(unsure)).toBeNull();
    expect(linkedOriginal({ ...unsure, answer: { kind: 'accept' } })).toEqual(info(50));
    expect(linkedOriginal({ ...unsure, answer: { kind: 'pick', item: 51 } })).toEqual(info(51));
    expect(linkedOriginal({ ...rows[0]!, answer: { kind: 'reject' } })).toBeNull();
  });

  it('are compared: the best of an unsure row, the suggestion of a refused one, or the one looked at', () => {
    expect(comparedOriginal(unsure, null)).toEqual(info(50));
    expect(comparedOriginal(rows[4]!, null)).toEqual(info(1_005));
    expect(comparedOriginal(unsure, 51)).toEqual(info(51));
    expect(comparedOriginal(unsure, 999)).toEqual(info(50));
  });

  it('are accepted only if they are the best candidate, else named', () => {
    expect(answerFor(unsure, 50)).toEqual({ kind: 'accept' });
    expect(answerFor(unsure, 51)).toEqual({ kind: 'pick', item: 51 });
    // After a pick the row's original is the picked one: accepting would go back to the best candidate.
    const picked = { ...unsure, original: info(51), answer: { kind: 'pick', item: 51 } as const };
    expect(answerFor(picked, 51)).toEqual({ kind: 'pick', item: 51 });
  });
});

describe('what the sender hid', () => {
  const covered = row(7, { edits: ['cover', 'crop'], original: info(70), candidates: [candidate(70)], exported: info(7, { bytes: 5 }) });
  const revealed = { ...covered, answer: revealing(covered, true) };

  it('stays out of the bundle until the user reveals it', () => {
    expect([isHidden(covered), bundledOriginal(covered), leastBytes([covered])]).toEqual([true, null, 5]);
    expect(linkedOriginal(covered)).toEqual(info(70));
    expect(isHidden({ ...covered, answer: { kind: 'accept' } })).toBe(true);
    expect(revealed.answer).toEqual({ kind: 'reveal', item: 70 });
    expect([isHidden(revealed), bundledOriginal(revealed), leastBytes([revealed])]).toEqual([false, info(70), info(70).bytes]);
    expect(groupOf(revealed)).toBe('matched');
  });

  it('is not hidden where nothing is linked, or nothing was covered', () => {
    expect(isHidden({ ...covered, answer: { kind: 'reject' } })).toBe(false);
    expect(isHidden(row(8, { edits: ['crop'] }))).toBe(false);
    expect(revealing({ ...covered, answer: { kind: 'reject' } }, true)).toEqual({ kind: 'reject' });
  });

  it('is left out again as easily, and stays revealed when its original is accepted', () => {
    expect(revealing(revealed, false)).toEqual({ kind: 'accept' });
    expect(answerFor(revealed, 70)).toEqual({ kind: 'reveal', item: 70 });
    expect(answerFor(revealed, 71)).toEqual({ kind: 'pick', item: 71 });
  });

  it('is found by its filter and in the next job', () => {
    expect(media(visibleRows([...rows, covered, row(8, { edits: ['crop'] })], 'all', 'covered', ''))).toEqual([7]);
    const again = { ...covered, original: info(90, { path: info(70).path }), candidates: [] };
    expect(recall([again], remember([revealed]))[0]?.answer).toEqual({ kind: 'reveal', item: 90 });
    expect(recall([revealed], remember([{ ...covered, answer: { kind: 'accept' } }]))[0]?.answer).toEqual({ kind: 'accept' });
    expect(recall([revealed], remember([revealed]))[0]).toBe(revealed);
  });
});

describe('times', () => {
  const offsets = [
    { fromS: 0, toS: 100, seconds: 3_600, evidence: 9 },
    { fromS: 1_000, toS: 2_000, seconds: -7_200, evidence: 3 },
  ];

  it.each([
    [50, 3_600],
    [300, 3_600],
    [900, -7_200],
    [5_000, -7_200],
  ])('at %d the clocks differ by %d', (at, want) => expect(offsetAt(offsets, at)).toBe(want));

  it('between sending and taking are raw clocks', () => {
    const score = { ...row(1).score, timeDifferenceS: 60 };
    expect(rawDelay(row(1, { sentS: 50, score }), offsets)).toBe(3_660);
    expect(rawDelay(row(1, { sentS: 50, original: info(9, { takenS: 20 }) }), offsets)).toBe(30);
    expect(rawDelay(row(1, { sentS: 50 }), offsets)).toBeNull();
  });
});

describe('decisions', () => {
  it('of one job answer the rows of the next, whose items have other numbers', () => {
    const picked = { ...unsure, answer: { kind: 'pick', item: 51 } as const };
    const remembered = remember([picked, { ...rows[0]!, answer: { kind: 'reject' } }, row(9)]);
    const moved = (item: number, was: number) => ({ ...candidate(was), original: info(item, { path: info(was).path }) });
    const next = [row(1), { ...unsure, candidates: [moved(70, 50), moved(71, 51)] }, row(9)];
    expect(recall(next, remembered).map((each) => each.answer)).toEqual([{ kind: 'reject' }, { kind: 'pick', item: 71 }, null]);
  });

  it('are not recalled where their original is no longer considered, nor for another file of the same name', () => {
    const remembered = remember([{ ...unsure, answer: { kind: 'pick', item: 51 } }]);
    expect(recall([{ ...unsure, candidates: [candidate(50)] }], remembered)[0]?.answer).toBeNull();
    const other = { ...unsure, exported: { ...unsure.exported!, bytes: 7 } };
    expect(recall([other], remembered)[0]?.answer).toBeNull();
  });

  it('are newer than what the engine recalls, and of two the later counts', () => {
    const [kept, taken, open] = [{ kind: 'reject' }, { kind: 'pick', item: 51 }, null].map((answer) => ({ ...unsure, answer }) as typeof unsure);
    expect(recall([kept!], remember([taken!]))[0]?.answer).toEqual({ kind: 'pick', item: 51 });
    expect(recall([taken!], remember([taken!, kept!]))[0]?.answer).toEqual({ kind: 'reject' });
    expect(recall([taken!], [decisionOf(open!)])[0]?.answer).toBeNull();
    expect(recall([taken!], remember([taken!]))[0]).toBe(taken);
  });
});
