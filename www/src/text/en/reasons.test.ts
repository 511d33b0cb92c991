import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Problem, Reason, Score } from '../../engine/protocol';
import { fixed } from '../numbers';
import { reasonOf } from './reasons';

const NONE: Score = { phashDistance: null, residual: null, runnerUpRatio: null, timeDifferenceS: null, durationDifferenceS: null };
const PROBLEM: Problem = { kind: 'truncated' };

/** One of each reason, and of each way to say it, as in the core's `report/explain.rs`, with what the core measured (in its `f32`). */
const SAMPLES: [Reason, Partial<Score>][] = [
  [{ kind: 'open' }, {}],
  [
    { kind: 'equal', original: 'IMG_0412.HEIC' },
    { residual: Math.fround(0.71), runnerUpRatio: Math.fround(9.07), timeDifferenceS: 312 },
  ],
  [
    { kind: 'equal', original: 'a.jpg' },
    { residual: Math.fround(0.25), runnerUpRatio: Math.fround(9.5) },
  ],
  [
    { kind: 'equal', original: 'a.jpg' },
    { residual: Math.fround(0.75), runnerUpRatio: Math.fround(10.5), timeDifferenceS: 0 },
  ],
  [{ kind: 'equal', original: 'a.jpg' }, {}],
  [
    { kind: 'changed', original: 'a.jpg', edits: ['crop'] },
    { residual: Math.fround(1.5), timeDifferenceS: 1 },
  ],
  [
    { kind: 'changed', original: 'a.jpg', edits: ['drawing'] },
    { residual: Math.fround(1.5), timeDifferenceS: 119 },
  ],
  [
    { kind: 'changed', original: 'a.jpg', edits: ['filter'] },
    { residual: Math.fround(1.5), timeDifferenceS: 120 },
  ],
  [
    { kind: 'changed', original: 'a.jpg', edits: ['mirror'] },
    { residual: Math.fround(1.5), timeDifferenceS: 7199 },
  ],
  [{ kind: 'changed', original: 'a.jpg', edits: ['cover', 'drawing', 'crop', 'turn', 'mirror', 'filter', 'trim'] }, { residual: Math.fround(1.5) }],
  [{ kind: 'changed', original: 'a.jpg', edits: ['cover', 'mirror'] }, { residual: Math.fround(1.5) }],
  [
    { kind: 'changed', original: 'a.jpg', edits: [] },
    { residual: Math.fround(1.5), timeDifferenceS: 7200 },
  ],
  [
    { kind: 'twoFit', first: 'a.jpg', second: 'b.jpg' },
    { residual: Math.fround(2.0), runnerUpRatio: Math.fround(1.04) },
  ],
  [{ kind: 'twoFit', first: 'a.jpg', second: 'b.jpg' }, {}],
  [{ kind: 'tooDifferent', closest: 'a.jpg', limit: 2.125 }, { residual: Math.fround(2.375) }],
  [{ kind: 'tooDifferent', closest: 'a.jpg', limit: 2.8 }, {}],
  [{ kind: 'moved', closest: 'a.jpg' }, {}],
  [{ kind: 'coloured', closest: 'a.jpg' }, {}],
  [{ kind: 'shaded', closest: 'a.jpg' }, {}],
  [{ kind: 'plain' }, {}],
  [{ kind: 'noneAlike' }, {}],
  [{ kind: 'noneAlikeThen' }, {}],
  [{ kind: 'notBetter', original: 'a.jpg' }, {}],
  [{ kind: 'unread', original: 'a.jpg' }, {}],
  [{ kind: 'takenByOther', original: 'a.jpg', other: 'b.jpg' }, {}],
  [{ kind: 'unusable', problem: PROBLEM }, {}],
  [{ kind: 'unreadable' }, {}],
  [{ kind: 'missing' }, {}],
  [{ kind: 'notMatchable', what: 'sticker' }, {}],
  [{ kind: 'notMatchable', what: 'gif' }, {}],
  [{ kind: 'notMatchable', what: 'voice' }, {}],
  [{ kind: 'notMatchable', what: 'audio' }, {}],
  [{ kind: 'notMatchable', what: 'contact' }, {}],
  [{ kind: 'noDocument' }, {}],
  [{ kind: 'sameDocument', original: 'a.pdf' }, {}],
  [{ kind: 'noVideoAsLong' }, {}],
  [{ kind: 'lengthAlone', original: 'a.mov' }, {}],
  [{ kind: 'videoNotBetter', original: 'a.mov' }, {}],
  [{ kind: 'twoVideos', first: 'a.mov', second: 'b.mov' }, {}],
  [{ kind: 'onlyAsLong', original: 'a.mov', apartMs: 125 }, { timeDifferenceS: 172799 }],
  [{ kind: 'onlyAsLong', original: 'a.mov', apartMs: 40 }, {}],
  [{ kind: 'trimmed', original: 'a.mov', longerMs: 12250 }, { timeDifferenceS: -200000 }],
  [{ kind: 'trimmed', original: 'a.mov', longerMs: 950 }, { timeDifferenceS: -129600 }],
  [
    { kind: 'asLong', original: 'a.mov' },
    { durationDifferenceS: Math.fround(-0.375), timeDifferenceS: -90000 },
  ],
  [{ kind: 'asLong', original: 'a.mov' }, {}],
  [
    { kind: 'sameFrames', before: { kind: 'asLong', original: 'a.mov' }, percents: [10, 50, 90] },
    { residual: Math.fround(3.25), durationDifferenceS: Math.fround(0.5), timeDifferenceS: 86400 },
  ],
  [{ kind: 'sameFrames', before: { kind: 'lengthAlone', original: 'a.mov' }, percents: [50] }, { residual: Math.fround(3.35) }],
  [{ kind: 'sameFrames', before: { kind: 'lengthAlone', original: 'a.mov' }, percents: [10, 90] }, {}],
  [{ kind: 'otherFrames', original: 'a.mov' }, { residual: Math.fround(40.0) }],
  [{ kind: 'allOtherFrames', videos: 1 }, {}],
  [{ kind: 'allOtherFrames', videos: 2 }, {}],
  [{ kind: 'unproved', before: { kind: 'onlyAsLong', original: 'a.mov', apartMs: 40 } }, {}],
  [{ kind: 'oneIsSilent', original: 'a.mov' }, {}],
  [{ kind: 'sameSound', original: 'a.mov' }, { timeDifferenceS: 300 }],
  [{ kind: 'sameSoundCut', original: 'a.mov', startMs: 2360, endMs: 0 }, { timeDifferenceS: 300 }],
  [{ kind: 'otherSound', original: 'a.mov' }, {}],
  [{ kind: 'twoSameSound', first: 'a.mov', second: 'b.mov' }, {}],
  [{ kind: 'chosen' }, {}],
  [{ kind: 'accepted' }, {}],
  [{ kind: 'kept' }, {}],
  [{ kind: 'originalUnusable', problem: PROBLEM }, {}],
];

const said = SAMPLES.map(([reason, score]) => reasonOf(reason, { ...NONE, ...score }));

describe('reasons', () => {
  it('are the sentences that the report says', () => {
    const sentences = readFileSync(new URL('../../../../crate/core/src/report/sentences/reasons.txt', import.meta.url), 'utf8');
    expect(said).toEqual(sentences.trimEnd().split('\n'));
  });

  it('round as the core does: a tie to the even digit', () => {
    const ties: [number, number, string][] = [
      [0.25, 1, '0.2'],
      [0.75, 1, '0.8'],
      [2.5, 0, '2'],
      [10.5, 0, '10'],
      [0.125, 2, '0.12'],
    ];
    const others: [number, number, string][] = [
      [Math.fround(0.35), 1, '0.3'],
      [0.45, 1, '0.5'],
      [9.96, 1, '10.0'],
      [0, 2, '0.00'],
    ];
    for (const [value, decimals, want] of [...ties, ...others]) expect(fixed(value, decimals)).toBe(want);
  });
});
