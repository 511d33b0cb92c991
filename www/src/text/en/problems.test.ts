import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { DateChoice, FileKind, Problem, Undecoded, Unread, ZipFault } from '../../engine/protocol';
import { problemOf } from './problems';

const KINDS: FileKind[] = [
  'jpeg',
  'heic',
  'avif',
  'png',
  'webp',
  'gif',
  'tiff',
  'raw',
  'video',
  'audio',
  'pdf',
  'zip',
  'html',
  'contact',
  'text',
  'empty',
  'unknown',
];

const UNREAD: Unread[] = [
  { kind: 'told', text: 'Permission denied (os error 13)' },
  { kind: 'moreThanClaimed' },
  { kind: 'longer' },
  { kind: 'changed' },
  { kind: 'notTaken' },
];

const UNDECODED: Undecoded[] = [
  { kind: 'told', text: 'bad Huffman code' },
  { kind: 'panicked' },
  { kind: 'index', text: 'Invalid data' },
  { kind: 'noPreview' },
  { kind: 'notJpeg' },
  { kind: 'noPixels' },
  { kind: 'wrongLength' },
  { kind: 'notDecoded' },
];

const ZIP_FAULTS: ZipFault[] = [
  { kind: 'told', text: 'invalid Zip archive: No valid central directory found' },
  { kind: 'tooMany', limit: 1_000_000 },
  { kind: 'encrypted' },
  { kind: 'packed', method: 'Bzip2' },
  { kind: 'size' },
  { kind: 'cut' },
  { kind: 'part' },
  { kind: 'noZip' },
  { kind: 'noChat' },
];

const merged = { kind: 'sameChat' as const, shared: 3, added: 1200, better: 1 };
const DAY = 86_400;
/** 8 April 2022, 4 August 2022, 22 April 2008. */
const CHOICES: DateChoice[] = [
  { order: 'dmy', written: '08/04/22', dayS: 19_090 * DAY },
  { order: 'mdy', written: '08/04/22', dayS: 19_208 * DAY },
  { order: 'ymd', written: '08/04/22', dayS: 13_991 * DAY },
];

/** One of each problem, and of each way to say it, as in the core's `error_tests.rs`. */
const SAMPLES: Problem[] = [
  { kind: 'empty' },
  ...UNREAD.map((why) => ({ kind: 'unreadable' as const, why })),
  { kind: 'truncated' },
  ...UNDECODED.map((why) => ({ kind: 'decode' as const, why })),
  { kind: 'tooManyPixels', width: 40_000, height: 30_000, limit: 400 },
  { kind: 'overLimit', need: 3_000_000_000, limit: 1_073_741_824 },
  ...KINDS.map((found) => ({ kind: 'notWhatItsNameSays' as const, named: 'jpeg' as const, found })),
  { kind: 'noMoov' },
  { kind: 'soundNotDecoded' },
  { kind: 'missing' },
  { kind: 'noChatText' },
  { kind: 'caseCollision', other: 'A.jpg' },
  { kind: 'badText', places: 1 },
  { kind: 'badText', places: 2000 },
  ...ZIP_FAULTS.map((why) => ({ kind: 'badZip' as const, why })),
  { kind: 'zipInZip' },
  { kind: 'noSuchPage' },
  { kind: 'insidePage', count: 1200 },
  { kind: 'outsidePage', count: 1, names: ['../a.jpg'] },
  { kind: 'outsidePage', count: 1202, names: ['../a.jpg', '../b.jpg'] },
  { kind: 'utf16' },
  { ...merged, shiftS: 0 },
  { ...merged, shiftS: 5400 },
  { ...merged, shiftS: -3600 },
  { kind: 'otherChat' },
  { kind: 'longMessage', number: 4, bytes: 262_245 },
  { kind: 'longMessage', number: 4, bytes: 1_250_000 },
  { kind: 'longMessage', number: 4, bytes: 12_000_000 },
  { kind: 'codePage', name: 'windows-1251' },
  { kind: 'checksum' },
  { kind: 'notLookedAt', format: 'AVIF' },
  { kind: 'inCloud', count: 1, names: ['a.heic'] },
  { kind: 'inCloud', count: 1202, names: ['a.heic', 'b.mov'] },
  { kind: 'unclearDates', order: 'dmy', choices: [] },
  { kind: 'unclearDates', order: 'dmy', choices: CHOICES.slice(0, 2) },
  { kind: 'unclearDates', order: 'dmy', choices: CHOICES },
];

describe('problems', () => {
  it('are the sentences that the report says', () => {
    const sentences = readFileSync(new URL('../../../../crate/core/src/report/sentences/problems.txt', import.meta.url), 'utf8');
    expect(SAMPLES.map(problemOf)).toEqual(sentences.trimEnd().split('\n'));
  });
});
