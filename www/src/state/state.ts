// Everything the page knows, as one union by step: what cannot happen cannot be written.

import type { Answer, CatalogueTrouble, DateOrder, ErrorCode, FileIssue, FileRef, FromEngine } from '../engine/protocol';
import type { InputFile, Progress, Remembered, Review, Row, Settings } from '../engine/protocol';
import type { OwnDecision } from '../files/remember';
import type { Pace } from './pace';
import type { Filter, MediaFilter } from './rows';

export type Side = 'chat' | 'originals';

/** A folder or zip that the user gave; `done` is false while it is still being walked. */
export interface Source {
  id: number;
  side: Side;
  label: string;
  files: InputFile[];
  count: number;
  bytes: number;
  done: boolean;
}

/** What every step keeps. */
interface Shared {
  /** The number of the newest job; messages of older ones are ignored. */
  job: number;
  /** What the core would choose; null until the engine is loaded. */
  defaults: Settings | null;
  /** What the user chose instead. */
  chosen: Partial<Settings>;
  sources: Source[];
  /** The user's decisions in earlier jobs over these files. */
  remembered: OwnDecision[];
  /** What is wrong with what is remembered, for the newest job; null: nothing. */
  trouble: CatalogueTrouble | null;
  /** What the user asked to know about what is remembered. */
  kept: Kept;
  /** The engine died in the review or while saving, and the newest job goes on from there. */
  again: boolean;
  /** Files over which the engine died: the next jobs leave them closed. */
  skipped: FileRef[];
  /** Why the engine could not be loaded; null: it is on its way, or there. */
  unloaded: string | null;
  /** A new version of the page waits for the user's yes. */
  newVersion: boolean;
  /** Something that did not work, in words; null when all is well. */
  problem: string | null;
}

/** `asked`: the answer is on its way. `counts` is null where nothing could be read, and `trouble` says why. */
export interface Kept {
  at: 'unasked' | 'asked' | 'told' | 'deleted';
  counts: Remembered | null;
  trouble: CatalogueTrouble | null;
}

export interface Choose extends Shared {
  step: 'choose';
}

export interface Running extends Shared {
  step: 'progress';
  progress: Progress | null;
  pace: Pace | null;
  paused: boolean;
  /** Videos whose frames are looked at, when all else is decided. */
  looking: { done: number; total: number } | null;
  /** Media decided so far, and the few pairs on show. */
  foundCount: number;
  gallery: Row[];
  galleryAt: number;
}

/** What was answered before, so that it can be taken back. */
export interface Undo {
  medium: number;
  before: Answer | null;
}

export type View = 'side' | 'swipe';

export interface Reviewing extends Shared {
  step: 'review';
  review: Review;
  filter: Filter;
  media: MediaFilter;
  query: string;
  /** The medium in the compare view. */
  selected: number | null;
  /** The candidate being looked at (an item); null: the one that is linked, or the best. */
  looking: number | null;
  /** On a narrow screen the compare view covers the list. */
  open: boolean;
  view: View;
  zoom: boolean;
  undo: Undo[];
}

export interface Saved {
  bytes: number;
  files: number;
  issues: FileIssue[];
  file: File | null;
}

export type SavePhase =
  | { at: 'options' }
  | { at: 'writing'; progress: Progress | null; pace: Pace | null; name: string }
  | { at: 'done'; saved: Saved; name: string; how: 'zip' | 'folder' | 'download' };

export interface Saving extends Omit<Reviewing, 'step'> {
  step: 'save';
  senderIsMe: string | null;
  how: 'zip' | 'folder' | 'download';
  phase: SavePhase;
}

export interface Stopped extends Shared {
  step: 'stopped';
  code: ErrorCode;
  text: string;
}

export type State = Choose | Running | Reviewing | Saving | Stopped;
export type Step = State['step'];

/** Everything that can change the state. Times (`at`) are milliseconds and only ever compared with each other. */
export type Msg =
  | { kind: 'walking'; source: Omit<Source, 'files' | 'done'> }
  | { kind: 'walked'; source: Source }
  | { kind: 'unwalked'; id: number; problem: string | null }
  | { kind: 'removed'; id: number }
  | { kind: 'ready'; defaults: Settings }
  | { kind: 'unloaded'; text: string }
  | { kind: 'loading' }
  | { kind: 'skipped'; file: FileRef }
  | { kind: 'set'; settings: Partial<Settings> }
  | { kind: 'started'; job: number; unconfirmed: OwnDecision[] }
  | { kind: 'stumbled' }
  | { kind: 'asked' }
  | { kind: 'forgotten'; trouble: CatalogueTrouble | null }
  | { kind: 'cancelled' }
  | { kind: 'over' }
  | { kind: 'paused' }
  | { kind: 'resumed'; at: number }
  | { kind: 'filtered'; filter: Filter }
  | { kind: 'narrowed'; media: MediaFilter }
  | { kind: 'searched'; query: string }
  | { kind: 'selected'; medium: number }
  | { kind: 'moved'; by: number }
  | { kind: 'closed' }
  | { kind: 'looked'; item: number }
  | { kind: 'viewed'; view: View }
  | { kind: 'zoomed' }
  | { kind: 'answering'; medium: number; answer: Answer | null }
  | { kind: 'undone' }
  | { kind: 'dates-right'; order: DateOrder }
  | { kind: 'to-save' }
  | { kind: 'to-review' }
  | { kind: 'sender'; name: string | null }
  | { kind: 'saving'; how: 'zip' | 'folder' | 'download'; name: string }
  | { kind: 'problem'; text: string | null }
  | { kind: 'new-version' }
  | { kind: 'engine'; at: number; message: FromEngine };

export const initialState: Choose = {
  step: 'choose',
  job: 0,
  defaults: null,
  chosen: {},
  sources: [],
  remembered: [],
  trouble: null,
  kept: { at: 'unasked', counts: null, trouble: null },
  again: false,
  skipped: [],
  unloaded: null,
  newVersion: false,
  problem: null,
};

/** The files of one side, in the order the folders were given. */
export function filesOf(state: State, side: Side): InputFile[] {
  return state.sources.filter((source) => source.side === side).flatMap((source) => source.files);
}

/** The settings of the next job; null until the engine is loaded. */
export function settingsOf(state: State): Settings | null {
  return state.defaults === null ? null : { ...state.defaults, ...state.chosen };
}

/** Whether a job can start: the engine and a chat are there, and no folder is still being walked. */
export function canStart(state: State): boolean {
  if (state.defaults === null) return false;
  return state.sources.some((source) => source.side === 'chat') && state.sources.every((source) => source.done);
}

/** Whether decisions and what is learnt are remembered as they come. */
export function isRemembering({ trouble }: State): boolean {
  return trouble === null || trouble.why === 'aside';
}

/** Whether the engine died over this file before. */
export function isSkipped(skipped: FileRef[], file: FileRef): boolean {
  return skipped.some((each) => each.side === file.side && each.path === file.path);
}
