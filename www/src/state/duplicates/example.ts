// Groups and states for the tests beside this file. Not part of the page.

import type { DuplicatesSummary, GroupRow, UnitRow } from '../../engine/protocol';
import type { State } from '../state';
import { initialState } from '../state';
import { update } from '../update';
import type { DuplicatesMsg, DuplicatesReviewing } from './state';

export function unit(number: number, more: Partial<UnitRow> = {}): UnitRow {
  return { unit: number, item: number, path: `DCIM/IMG_${number}.jpg`, files: 1, bytes: 1_000, pixels: 100, dateS: number, ...more };
}

/** A group of these units; the first is the suggested keeper. */
export function group(id: string, units: (number | UnitRow)[], more: Partial<GroupRow> = {}): GroupRow {
  return { id, list: 'exact', media: 'photo', units: units.map((each) => (typeof each === 'number' ? unit(each) : each)), ...more };
}

export const summary: DuplicatesSummary = { files: 9, bytes: 9_000, left: 0, issues: [] };

export function say(state: State, ...msgs: DuplicatesMsg[]): State {
  return msgs.reduce<State>((at, msg) => update(at, { kind: 'duplicates', msg }), state);
}

export function looking(job: number): State {
  return say(initialState, { kind: 'started', job });
}

export function reviewingGroups(job: number, groups: GroupRow[]): State {
  return update(looking(job), { kind: 'engine', at: 0, message: { kind: 'groups', job, rows: groups, gone: [], summary, stacks: [], more: false } });
}

/** The task of a state in the review. */
export function reviewed({ duplicates }: State): DuplicatesReviewing {
  if (duplicates.step !== 'review') throw new Error(`the job is in step ${duplicates.step}`);
  return duplicates;
}
