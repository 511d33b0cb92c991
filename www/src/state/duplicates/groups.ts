// What the review shows of its groups: lists, counts, filters and order. Pure functions over `GroupRow[]`.

import type { DuplicateList, GroupMedia, GroupRow } from '../../engine/protocol';
import type { Choices } from './choices';
import { isReviewed } from './choices';

export type Sort = 'saved' | 'date' | 'path';
export type Stand = 'all' | 'open' | 'reviewed';

/** What the review shows of a list. */
export interface Filters {
  /** Only groups with a file below this folder, whose name ends with `/`; null: everywhere. */
  folder: string | null;
  media: GroupMedia | 'all';
  /** Only groups that give back at least so many bytes. */
  least: number;
  stand: Stand;
  query: string;
}

export const NO_FILTER: Filters = { folder: null, media: 'all', least: 0, stand: 'all', query: '' };

/** In the order of their proof. */
export const LISTS: DuplicateList[] = ['exact', 'payload', 'shot', 'similar'];

/** How many groups a list has, and what they give back. */
export interface ListCount {
  groups: number;
  reviewed: number;
  bytes: number;
}

/** Bytes of all units but the keeper; of shots that are only alike none are to be had. */
export function savedBytes(group: GroupRow): number {
  const known = saved.get(group);
  if (known !== undefined) return known;
  const made = group.list === 'similar' ? 0 : group.units.slice(1).reduce((sum, unit) => sum + unit.bytes, 0);
  saved.set(group, made);
  return made;
}

/** Added up once for each row: the list is sorted by it. */
const saved = new WeakMap<GroupRow, number>();

/** For each list; within one each unit counts once. */
export function countLists(groups: GroupRow[], choices: Choices): Record<DuplicateList, ListCount> {
  const none = (): ListCount => ({ groups: 0, reviewed: 0, bytes: 0 });
  const counts: Record<DuplicateList, ListCount> = { exact: none(), payload: none(), shot: none(), similar: none() };
  for (const group of groups) {
    const count = counts[group.list];
    count.groups += 1;
    count.bytes += savedBytes(group);
    if (isReviewed(group, choices)) count.reviewed += 1;
  }
  return counts;
}

/** The groups of a list that pass the filters, in order. Ten thousand take a while to sort, so the last few answers are kept. */
export function visibleGroups(groups: GroupRow[], list: DuplicateList, filters: Filters, sort: Sort, choices: Choices): GroupRow[] {
  const asked = [groups, list, filters, sort, filters.stand === 'all' ? null : choices];
  const known = answers.find(({ of }) => of.every((each, at) => each === asked[at]));
  if (known !== undefined) return known.shown;
  const shown = sorted(groups, list, filters, sort, choices);
  answers.unshift({ of: asked, shown });
  answers.length = Math.min(answers.length, MOST_ANSWERS);
  return shown;
}

const MOST_ANSWERS = 4;
const answers: { of: unknown[]; shown: GroupRow[] }[] = [];

function sorted(groups: GroupRow[], list: DuplicateList, filters: Filters, sort: Sort, choices: Choices): GroupRow[] {
  const words = filters.query
    .toLocaleLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const shown = groups.filter((group) => group.list === list && passes(group, filters, words, choices));
  return shown.sort(ORDERS[sort]);
}

function passes(group: GroupRow, { folder, media, least, stand }: Filters, words: string[], choices: Choices): boolean {
  if (media !== 'all' && group.media !== media) return false;
  if (least > 0 && savedBytes(group) < least) return false;
  if (stand !== 'all' && isReviewed(group, choices) !== (stand === 'reviewed')) return false;
  if (folder !== null && !group.units.some(({ path }) => path.startsWith(folder))) return false;
  return words.length === 0 || holds(group, words);
}

function holds(group: GroupRow, words: string[]): boolean {
  const all = searchText(group);
  return words.every((word) => all.includes(word));
}

/** Made once for each row: a search goes over all of them at every letter. */
const searchTexts = new WeakMap<GroupRow, string>();

function searchText(group: GroupRow): string {
  const known = searchTexts.get(group);
  if (known !== undefined) return known;
  const made = group.units
    .map(({ path }) => path)
    .join('\n')
    .toLocaleLowerCase();
  searchTexts.set(group, made);
  return made;
}

/** Of equals the path decides, so that the order never jumps. */
const byPath = (one: GroupRow, other: GroupRow) => compare(pathOf(one), pathOf(other)) || compare(one.id, other.id);
const ORDERS: Record<Sort, (one: GroupRow, other: GroupRow) => number> = {
  saved: (one, other) => savedBytes(other) - savedBytes(one) || byPath(one, other),
  date: (one, other) => dateOf(one) - dateOf(other) || byPath(one, other),
  path: byPath,
};

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

function pathOf({ units }: GroupRow): string {
  return units[0]?.path ?? '';
}

/** What has no date comes last. */
function dateOf({ units }: GroupRow): number {
  return units[0]?.dateS ?? Number.MAX_SAFE_INTEGER;
}

/** The folders that hold a file of these groups, each with `/` at its end, sorted. */
export function foldersOf(groups: GroupRow[]): string[] {
  const all = new Set<string>();
  for (const { units } of groups) for (const { path } of units) if (path.includes('/')) all.add(path.slice(0, path.lastIndexOf('/') + 1));
  return [...all].sort();
}

/** The groups with these new or changed ones, and without those that are gone. */
export function merged(groups: GroupRow[], rows: GroupRow[], gone: string[]): GroupRow[] {
  if (rows.length === 0 && gone.length === 0) return groups;
  const fresh = new Map(rows.map((row) => [row.id, row]));
  const away = new Set(gone);
  const kept = groups
    .filter(({ id }) => !away.has(id))
    .map((group) => {
      const row = fresh.get(group.id);
      fresh.delete(group.id);
      return row ?? group;
    });
  return [...kept, ...fresh.values()];
}

/** What is left when these units are gone: groups of one are none. The first that stays is the keeper. */
export function withoutUnits(groups: GroupRow[], units: number[]): GroupRow[] {
  if (units.length === 0) return groups;
  const gone = new Set(units);
  const left = groups.map((group) =>
    group.units.some(({ unit }) => gone.has(unit)) ? { ...group, units: group.units.filter(({ unit }) => !gone.has(unit)) } : group,
  );
  return left.filter((group) => group.units.length > 1);
}
