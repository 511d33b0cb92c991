// What the page knows about the duplicates job, as one union by step.

import type {
  DuplicateDecision,
  DuplicateList,
  DuplicatesSummary,
  ErrorCode,
  GroupDetails,
  GroupRow,
  LeftFile,
  OutputCause,
  Progress,
  StackCount,
  TrashFile,
  TrashPlace,
} from '../../engine/protocol';
import type { Pace } from '../shared/pace';
import type { Shared, Source } from '../shared/state';
import type { Choice, Choices, Keep, Plan } from './choices';
import type { Filters, Sort } from './groups';

/** A folder that was given on an earlier visit; its handle is kept beside the state. */
export interface Offered {
  id: string;
  name: string;
}

/** What every step keeps. */
export interface DuplicatesLasting {
  /** Also look for shots that are only alike. */
  similar: boolean;
  offered: Offered[];
  /** The engine died in the review, and the newest job goes on from there. */
  again: boolean;
}

export interface DuplicatesChoose extends DuplicatesLasting {
  step: 'choose';
}

export interface DuplicatesRunning extends DuplicatesLasting {
  step: 'progress';
  progress: Progress | null;
  pace: Pace | null;
  paused: boolean;
  /** Runs of before that were ended in the middle, and are settled now or wait for the permission; null: there was none. */
  recovered: { runs: number; waiting: number; left: LeftFile[] } | null;
  trashes: TrashPlace[];
  /** Pages of groups that came so far; the review begins with the last. */
  groups: GroupRow[];
}

/** How a group is looked at: its cards, or one of its units against the keeper. */
export type DuplicatesView = 'cards' | 'side' | 'swipe' | 'difference';

/** What can be taken back: choices as they were before, or the engine's last decision. */
export type DuplicatesUndo =
  | { kind: 'choices'; selected: string | null; before: [string, Choice | null][] }
  | { kind: 'decision'; selected: string | null };

export interface DuplicatesReviewing extends DuplicatesLasting {
  step: 'review';
  groups: GroupRow[];
  summary: DuplicatesSummary;
  stacks: StackCount[];
  /** What earlier runs moved to the trash. */
  trashes: TrashPlace[];
  /** Units that went to the trash since the search: the engine still counts them. */
  went: ReadonlySet<number>;
  choices: Choices;
  list: DuplicateList;
  filters: Filters;
  sort: Sort;
  /** The group on show, by id. */
  selected: string | null;
  /** The unit that keys are about: its place in the group. */
  place: number;
  /** On a narrow screen the group covers the list. */
  open: boolean;
  view: DuplicatesView;
  zoom: boolean;
  /** The last few groups that were looked at. */
  details: ReadonlyMap<string, GroupDetails>;
  undo: DuplicatesUndo[];
  /** What just could not be done, or was done to many at once. */
  told: Told | null;
}

/** What is said in the review until the next step. */
export type Told = { kind: 'locked'; why: 'last' | 'elsewhere' } | { kind: 'changed'; groups: number } | { kind: 'nothing-reviewed' };

/** What an act came to. */
export interface Trashed {
  units: number[];
  files: number;
  bytes: number;
  places: TrashPlace[];
  left: LeftFile[];
  cause: OutputCause | null;
}

export type ActPhase =
  | { at: 'question'; files: TrashFile[] | null }
  | { at: 'moving'; done: number; total: number; bytes: number }
  | { at: 'done'; trashed: Trashed }
  | { at: 'restoring'; done: number; total: number }
  | { at: 'restored'; files: number; left: LeftFile[]; cause: OutputCause | null };

export interface DuplicatesActing extends Omit<DuplicatesReviewing, 'step'> {
  step: 'act';
  plan: Plan;
  phase: ActPhase;
}

export interface DuplicatesStopped extends DuplicatesLasting {
  step: 'stopped';
  code: ErrorCode;
  text: string;
}

/** The duplicates job, by step: what cannot happen cannot be written. */
export type DuplicatesTask = DuplicatesChoose | DuplicatesRunning | DuplicatesReviewing | DuplicatesActing | DuplicatesStopped;
export type DuplicatesStep = DuplicatesTask['step'];

/** Over the group on show, or over every group that the list shows. */
export type Scope = 'group' | 'shown';

/** What changes only in this job. Times (`at`) are milliseconds and only ever compared with each other. */
export type DuplicatesMsg =
  | { kind: 'offered'; offered: Offered[] }
  | { kind: 'similar'; similar: boolean }
  | { kind: 'started'; job: number }
  | { kind: 'stumbled' }
  | { kind: 'cancelled' }
  | { kind: 'over' }
  | { kind: 'paused' }
  | { kind: 'resumed'; at: number }
  | { kind: 'listed'; list: DuplicateList }
  | { kind: 'filtered'; filters: Partial<Filters> }
  | { kind: 'sorted'; sort: Sort }
  | { kind: 'selected'; group: string }
  | { kind: 'moved'; by: number }
  | { kind: 'placed'; place: number }
  | { kind: 'closed' }
  | { kind: 'viewed'; view: DuplicatesView }
  | { kind: 'zoomed' }
  | { kind: 'toggled'; unit: number }
  | { kind: 'kept'; keep: Keep; scope: Scope }
  | { kind: 'reviewed'; reviewed: boolean; scope: Scope }
  | { kind: 'keep-best' } // the suggestion, reviewed, and on to the next
  | { kind: 'keep-one'; unit: number } // this one stays, all others go
  | { kind: 'done-with' } // as it is marked, reviewed, and on to the next
  | { kind: 'deciding'; decision: DuplicateDecision }
  | { kind: 'undone' }
  | { kind: 'to-act' }
  | { kind: 'to-review' }
  | { kind: 'moving' }
  | { kind: 'restoring' }
  | { kind: 'putting-back' };

export const initialDuplicates: DuplicatesChoose = { step: 'choose', similar: false, offered: [], again: false };

/** The folders that were given to this job. */
export function foldersGiven({ sources }: Pick<Shared, 'sources'>): Source[] {
  return sources.filter(({ side }) => side === 'folders');
}

/** The chats that were given along with them. */
export function chatsGiven({ sources }: Pick<Shared, 'sources'>): Source[] {
  return sources.filter(({ side }) => side === 'chats');
}

/** Whether the job can start: the engine and a folder are there, and nothing is still being walked. */
export function canLook(shared: Shared): boolean {
  const given = foldersGiven(shared);
  return shared.defaults !== null && given.length > 0 && [...given, ...chatsGiven(shared)].every((source) => source.done);
}

/** Whether the browser gave every folder in a way that lets files be moved in it, once the user allows it. */
export function canAct(shared: Pick<Shared, 'sources'>): boolean {
  return foldersGiven(shared).every(({ roots }) => roots.length > 0 && roots.every(({ kind }) => kind === 'directory'));
}

/** How many of the files are not examined yet. */
export function filesLeft(progress: Progress | null): number | null {
  return progress === null || progress.total === 0 ? null : Math.max(0, progress.total - progress.done);
}
