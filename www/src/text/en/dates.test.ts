import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { DateEvidence } from '../../engine/protocol';
import { evidenceOf } from './dates';

/** One of each, as in the core's `report/dates.rs`. */
const SAMPLES: DateEvidence[] = [
  { kind: 'asked' },
  { kind: 'each' },
  { kind: 'mediaNames', media: 1 },
  { kind: 'mediaNames', media: 2 },
  { kind: 'noSuchDays', dates: 1, order: 'dmy' },
  { kind: 'noSuchDays', dates: 1234, order: 'mdy' },
  { kind: 'noSuchDays', dates: 2, order: 'ymd' },
  { kind: 'forward' },
  { kind: 'onlyForward' },
  { kind: 'onlyAfter' },
  { kind: 'changes', files: 1 },
  { kind: 'changes', files: 2 },
  { kind: 'changes', files: 1000 },
  { kind: 'nothing' },
];

it('the evidence of dates is what the report says', () => {
  const sentences = readFileSync(new URL('../../../../crate/core/src/report/sentences/dates.txt', import.meta.url), 'utf8');
  expect(SAMPLES.map(evidenceOf)).toEqual(sentences.trimEnd().split('\n'));
});
