// What goes to the trash: which units of which groups the user marked, and what may be marked at all. Pure functions.
//
// A unit has one fate, whatever number of groups it is in. Of every group at least one unit stays: so the last copy of a picture
// never goes, and what one group keeps no other group takes.

import type { GroupRow, UnitRow } from '../../engine/protocol';

/** What the user said about one group. */
export interface Choice {
  /** Units that are to go. */
  trash: number[];
  /** Only what was reviewed is acted on. */
  reviewed: boolean;
}

/** By id of group; of a group that is not in it the suggestion holds, and it is not reviewed. */
export type Choices = ReadonlyMap<string, Choice>;

/** What stays of a group. The folder's name ends with `/`. */
export type Keep = 'oldest' | 'newest' | 'largest' | 'suggested' | 'all' | { notIn: string };

/** What an act over the reviewed groups comes to. */
export interface Plan {
  groups: number;
  units: number[];
  files: number;
  bytes: number;
  keepers: { group: string; unit: number }[];
}

/** What is proposed to go: all but the suggested keeper; of shots that are only alike nothing. */
export function suggested({ list, units }: GroupRow): number[] {
  return list === 'similar' ? [] : units.slice(1).map(({ unit }) => unit);
}

/** What of a group is marked. */
export function markedIn(group: GroupRow, choices: Choices): number[] {
  return choices.get(group.id)?.trash ?? suggested(group);
}

export function isReviewed({ id }: GroupRow, choices: Choices): boolean {
  return choices.get(id)?.reviewed ?? false;
}

/** Every unit that is to go by what was reviewed, `except` what one group says. */
export function going(groups: GroupRow[], choices: Choices, except: string | null = null): Set<number> {
  const all = new Set<number>();
  for (const group of groups) {
    if (group.id !== except && isReviewed(group, choices)) for (const unit of markedIn(group, choices)) all.add(unit);
  }
  return all;
}

/** Of the `wanted` units of a group, those that may go beside what goes already. Each that would be a group's last one stays. */
export function permitted(groups: GroupRow[], choices: Choices, group: GroupRow, wanted: number[]): number[] {
  const gone = going(groups, choices, group.id);
  return permittedBeside(gone, groupsOfUnits(groups), group, wanted);
}

function permittedBeside(gone: Set<number>, of: Map<number, GroupRow[]>, group: GroupRow, wanted: number[]): number[] {
  const taken: number[] = [];
  // What stands last is suggested least: the keeper is asked about at the end, and stays if one must.
  const inOrder = group.units.filter(({ unit }) => wanted.includes(unit)).reverse();
  for (const { unit } of inOrder) {
    if (gone.has(unit)) {
      taken.push(unit); // it goes by another group already
      continue;
    }
    const lasting = (each: GroupRow) => each.units.some((other) => other.unit !== unit && !gone.has(other.unit) && !taken.includes(other.unit));
    if ((of.get(unit) ?? [group]).every(lasting)) taken.push(unit);
  }
  const kept = group.units.filter(({ unit }) => taken.includes(unit)).map(({ unit }) => unit);
  return kept;
}

/** The groups that every unit is in. Made once for each list of groups. */
const known = new WeakMap<GroupRow[], Map<number, GroupRow[]>>();

export function groupsOfUnits(groups: GroupRow[]): Map<number, GroupRow[]> {
  const there = known.get(groups);
  if (there !== undefined) return there;
  const made = new Map<number, GroupRow[]>();
  for (const group of groups) {
    for (const { unit } of group.units) {
      const of = made.get(unit);
      if (of === undefined) made.set(unit, [group]);
      else of.push(group);
    }
  }
  known.set(groups, made);
  return made;
}

/** Why a unit of a group cannot be marked: it is the last that stays of this group, or of another one. Null: it can. */
export function lockedBy(groups: GroupRow[], choices: Choices, group: GroupRow, unit: number): 'last' | 'elsewhere' | null {
  const marked = markedIn(group, choices);
  if (marked.includes(unit)) return null;
  if (permitted(groups, choices, group, [...marked, unit]).includes(unit)) return null;
  const others = group.units.filter((each) => each.unit !== unit);
  return others.every((each) => marked.includes(each.unit)) ? 'last' : 'elsewhere';
}

/** The choice with one unit marked or no longer marked. What may not go is left as it is. */
export function toggled(groups: GroupRow[], choices: Choices, group: GroupRow, unit: number): Choice {
  const before = markedIn(group, choices);
  const wanted = before.includes(unit) ? before.filter((each) => each !== unit) : [...before, unit];
  return { trash: permitted(groups, choices, group, wanted), reviewed: isReviewed(group, choices) };
}

/** What is marked where this is to stay. */
export function without({ units, list }: GroupRow, keep: Keep, before: number[]): number[] {
  if (keep === 'all') return [];
  const first = units[0];
  if (first === undefined) return [];
  if (typeof keep === 'object') {
    const there = units.filter(({ path }) => path.startsWith(keep.notIn)).map(({ unit }) => unit);
    return [...new Set([...before, ...there])];
  }
  const stays = keep === 'suggested' ? first : units.reduce((best, each) => (isBetter(each, best, keep) ? each : best), first);
  return keep === 'suggested' && list === 'similar' ? [] : units.filter(({ unit }) => unit !== stays.unit).map(({ unit }) => unit);
}

/** Without a date or size nothing is better; of equals the one that stands first stays. */
function isBetter(one: UnitRow, other: UnitRow, by: 'oldest' | 'newest' | 'largest'): boolean {
  if (by === 'largest') return (one.pixels ?? 0) !== (other.pixels ?? 0) ? (one.pixels ?? 0) > (other.pixels ?? 0) : one.bytes > other.bytes;
  if (one.dateS === null || other.dateS === null) return one.dateS !== null && other.dateS === null;
  return by === 'oldest' ? one.dateS < other.dateS : one.dateS > other.dateS;
}

/** What changes of these groups: a new choice for each, made one after another, so that none takes what another keeps. */
export function changed(
  groups: GroupRow[],
  choices: Choices,
  these: GroupRow[],
  change: (group: GroupRow, before: Choice) => Choice,
): Map<string, Choice> {
  const of = groupsOfUnits(groups);
  const fresh = new Map<string, Choice>();
  const counts = goingCounts(groups, choices);
  for (const group of these) {
    const before: Choice = choices.get(group.id) ?? { trash: suggested(group), reviewed: false };
    if (before.reviewed) count(counts, before.trash, -1);
    const wanted = change(group, before);
    const gone = { has: (unit: number) => (counts.get(unit) ?? 0) > 0 } as Set<number>;
    const choice = { ...wanted, trash: permittedBeside(gone, of, group, wanted.trash) };
    if (choice.reviewed) count(counts, choice.trash, 1);
    if (choice.reviewed !== before.reviewed || choice.trash.join() !== before.trash.join()) fresh.set(group.id, choice);
  }
  return fresh;
}

/** The choices after a decision gave some units other files, and so other numbers: a mark stays with the file that stands for its unit. */
export function carried(before: GroupRow[], groups: GroupRow[], rows: GroupRow[], choices: Choices): Choices {
  const chosen = new Map(before.filter(({ id }) => choices.has(id)).map((group) => [group.id, group]));
  const fresh = new Map(choices);
  for (const row of rows) {
    const [choice, old] = [choices.get(row.id), chosen.get(row.id)];
    if (choice === undefined || old === undefined) continue;
    const marked = new Set(old.units.filter(({ unit }) => choice.trash.includes(unit)).map(({ path }) => path));
    const wanted = row.units.filter(({ path }) => marked.has(path)).map(({ unit }) => unit);
    fresh.set(row.id, { ...choice, trash: permitted(groups, fresh, row, wanted) });
  }
  return fresh;
}

/** By how many reviewed groups each unit goes. */
function goingCounts(groups: GroupRow[], choices: Choices): Map<number, number> {
  const counts = new Map<number, number>();
  for (const group of groups) if (isReviewed(group, choices)) count(counts, markedIn(group, choices), 1);
  return counts;
}

function count(counts: Map<number, number>, units: number[], by: number): void {
  for (const unit of units) counts.set(unit, (counts.get(unit) ?? 0) + by);
}

/** What an act does: every unit once, and of each group one that stays. */
export function planOf(groups: GroupRow[], choices: Choices): Plan {
  const gone = going(groups, choices);
  const plan: Plan = { groups: 0, units: [...gone].sort((one, other) => one - other), files: 0, bytes: 0, keepers: [] };
  const counted = new Set<number>();
  for (const group of groups) {
    if (!isReviewed(group, choices)) continue;
    const leaving = group.units.filter(({ unit }) => gone.has(unit));
    if (leaving.length === 0) continue;
    const stays = group.units.find(({ unit }) => !gone.has(unit));
    if (stays === undefined) continue; // cannot be: of every group one stays
    plan.groups += 1;
    plan.keepers.push({ group: group.id, unit: stays.unit });
    for (const { unit, files, bytes } of leaving) {
      if (counted.has(unit)) continue;
      counted.add(unit);
      plan.files += files;
      plan.bytes += bytes;
    }
  }
  plan.units = plan.units.filter((unit) => counted.has(unit));
  return plan;
}
