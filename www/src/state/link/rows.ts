// What the review shows of its rows: groups, counts, filters and search. Pure functions over `Row[]`.

import type { Answer, ItemInfo, Offset, Row, Score } from '../../engine/protocol';
import type { OwnDecision } from '../../files/remember';
import { keyOf } from '../../files/remember';

/** The four things that can become of a medium, as the review counts them. */
export type Group = 'matched' | 'unsure' | 'kept' | 'unreadable';
export type Filter = 'all' | 'mine' | Group;
export type MediaFilter = 'all' | 'image' | 'edited' | 'covered' | 'video' | 'other';
export type Tally = Record<Filter, number>;

/** The user's word counts more than the machine's. */
export function groupOf(row: Row): Group {
  if (row.answer !== null) return row.answer.kind === 'reject' ? 'kept' : 'matched';
  switch (row.decision) {
    case 'matched':
      return 'matched';
    case 'ambiguous':
      return 'unsure';
    case 'unreadable':
    case 'missing':
      return 'unreadable';
    default:
      return 'kept';
  }
}

/** How many rows each filter shows. */
export function tally(rows: Row[]): Tally {
  const counts: Tally = { all: rows.length, mine: 0, matched: 0, unsure: 0, kept: 0, unreadable: 0 };
  for (const row of rows) {
    counts[groupOf(row)] += 1;
    if (row.answer !== null) counts.mine += 1;
  }
  return counts;
}

/** The rows that pass the filters and hold every word of the query, in chat order. */
export function visibleRows(rows: Row[], filter: Filter, media: MediaFilter, query: string): Row[] {
  const words = query
    .toLocaleLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  return rows.filter((row) => passes(row, filter) && isMedia(row, media) && holds(row, words));
}

/** The original that will be linked as things stand; null: the exported file stays. */
export function linkedOriginal(row: Row): ItemInfo | null {
  const answer = row.answer;
  if (answer === null) return row.original;
  if (answer.kind === 'reject') return null;
  if (answer.kind === 'accept') return row.original ?? row.candidates[0]?.original ?? null;
  if (row.original?.item === answer.item) return row.original;
  return row.candidates.find((candidate) => candidate.original.item === answer.item)?.original ?? null;
}

/** Whether the sender hid a part of the linked original, and the user does not want it in the bundle all the same. */
export function isHidden(row: Row): boolean {
  return row.edits.includes('cover') && row.answer?.kind !== 'reveal' && linkedOriginal(row) !== null;
}

/** The original that goes into the bundle; null: none does. */
export function bundledOriginal(row: Row): ItemInfo | null {
  return isHidden(row) ? null : linkedOriginal(row);
}

/** How many bytes a bundle has at the least: every original in it once, and what stays as it was sent. */
export function leastBytes(rows: Row[]): number {
  const files = new Map(rows.map((row) => bundledOriginal(row) ?? row.exported).map((info) => [info?.item, info?.bytes ?? 0]));
  return [...files.values()].reduce((sum, size) => sum + size, 0);
}

/** The original to compare with: the one asked for, else the linked one, else the best candidate. */
export function comparedOriginal(row: Row, looking: number | null): ItemInfo | null {
  if (looking !== null) {
    const looked = allOriginals(row).find((info) => info.item === looking);
    if (looked) return looked;
  }
  return linkedOriginal(row) ?? row.original ?? row.candidates[0]?.original ?? null;
}

/** Every original that was considered, best first, each once. */
export function allOriginals(row: Row): ItemInfo[] {
  const infos = row.candidates.map((candidate) => candidate.original);
  const original = row.original;
  if (original === null || infos.some((info) => info.item === original.item)) return infos;
  return [original, ...infos];
}

/** What was measured for one of the row's originals; null: nothing. */
export function scoreOf(row: Row, item: number): Score | null {
  const candidate = row.candidates.find((each) => each.original.item === item);
  if (candidate) return row.original?.item === item ? row.score : candidate.score;
  return row.original?.item === item ? row.score : null;
}

/** The answer that links this original. "Accept" means the best candidate; anything else is named. What was revealed stays so. */
export function answerFor(row: Row, item: number): Answer {
  if (row.answer?.kind === 'reveal' && row.answer.item === item) return row.answer;
  const best = row.candidates[0]?.original.item;
  const agreed = best === item && (row.original === null || row.original.item === item);
  return agreed ? { kind: 'accept' } : { kind: 'pick', item };
}

/** The answer that puts the linked original into the bundle although a part of it was hidden, or leaves it out again. */
export function revealing(row: Row, reveal: boolean): Answer | null {
  const item = linkedOriginal(row)?.item;
  if (item === undefined) return row.answer;
  return reveal ? { kind: 'reveal', item } : answerFor({ ...row, answer: null }, item);
}

/** What is decided about a row, without numbers that only one job knows. */
export function decisionOf(row: Row): OwnDecision {
  const file = { exported: row.exported?.path ?? row.name, bytes: row.exported?.bytes ?? null };
  if (row.answer === null) return file;
  const decided = { ...file, original: linkedOriginal(row)?.path ?? null };
  return row.answer.kind === 'reveal' ? { ...decided, revealed: true } : decided;
}

/** The user's decisions, to be given to the next job over the same files. */
export function remember(rows: Row[]): OwnDecision[] {
  return rows.filter((row) => row.answer !== null).map(decisionOf);
}

/**
 * Answers the rows as the user did before, where the same original was considered again. These decisions are newer than what
 * the engine recalls; of two on one file the later counts.
 */
export function recall(rows: Row[], remembered: OwnDecision[]): Row[] {
  const known = new Map(remembered.map((each) => [keyOf(each), each]));
  return rows.map((row) => {
    const now = decisionOf(row);
    const before = known.get(keyOf(now));
    if (before === undefined || (before.original === now.original && before.revealed === now.revealed)) return row;
    if (before.original === undefined) return { ...row, answer: null };
    if (before.original === null) return { ...row, answer: { kind: 'reject' } };
    const original = allOriginals(row).find((each) => each.path === before.original);
    if (original === undefined) return row;
    const answer: Answer = before.revealed ? { kind: 'reveal', item: original.item } : answerFor({ ...row, answer: null }, original.item);
    return { ...row, answer };
  });
}

/** The chat's clock minus the camera's at a moment, in seconds. */
export function offsetAt(offsets: Offset[], sentS: number): number {
  let nearest = 0;
  let distance = Infinity;
  for (const offset of offsets) {
    const away = Math.max(offset.fromS - sentS, sentS - offset.toS, 0);
    if (away < distance) {
      distance = away;
      nearest = offset.seconds;
    }
  }
  return nearest;
}

/** Sent minus taken by the clocks as written, in seconds; null: a time is unknown. */
export function rawDelay(row: Row, offsets: Offset[]): number | null {
  if (row.sentS === null) return null;
  const original = linkedOriginal(row);
  if (original === null) return null;
  const score = scoreOf(row, original.item);
  if (score !== null && score.timeDifferenceS !== null) return score.timeDifferenceS + offsetAt(offsets, row.sentS);
  return original.takenS === null ? null : row.sentS - original.takenS;
}

function passes(row: Row, filter: Filter): boolean {
  if (filter === 'all') return true;
  if (filter === 'mine') return row.answer !== null;
  return groupOf(row) === filter;
}

function isMedia(row: Row, media: MediaFilter): boolean {
  if (media === 'all') return true;
  if (media === 'edited') return row.edits.length > 0;
  if (media === 'covered') return row.edits.includes('cover');
  if (media === 'other') return row.kind !== 'image' && row.kind !== 'video';
  return row.kind === media;
}

function holds(row: Row, words: string[]): boolean {
  if (words.length === 0) return true;
  const all = searchText(row);
  return words.every((word) => all.includes(word));
}

/** Made once for each row: a search goes over all of them at every letter. */
const searchTexts = new WeakMap<Row, string>();

function searchText(row: Row): string {
  const known = searchTexts.get(row);
  if (known !== undefined) return known;
  const original = linkedOriginal(row);
  const made = `${row.name}\n${row.sender ?? ''}\n${row.caption}\n${original?.path ?? ''}`.toLocaleLowerCase();
  searchTexts.set(row, made);
  return made;
}
