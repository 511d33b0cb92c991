// What the page knows about the chat job, as one union by step.

import type { Answer, DateOrder, ErrorCode, FileIssue, Progress, Review, Row, SaveTarget, Settings, Unwritten } from '../../engine/protocol';
import type { OwnDecision } from '../../files/remember';
import type { Pace } from '../shared/pace';
import type { Shared } from '../shared/state';
import { ownerOf } from '../shared/state';
import type { Filter, MediaFilter } from './rows';

/** What every step keeps. */
export interface Lasting {
  /** What the user chose instead of the core's settings. */
  chosen: Partial<Settings>;
  /** The user's decisions in earlier jobs over these files. */
  remembered: OwnDecision[];
  /** The engine died in the review or while saving, and the newest job goes on from there. */
  again: boolean;
}

export interface Choose extends Lasting {
  step: 'choose';
}

export interface Running extends Lasting {
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

/** How far the stages are. While videos are looked into, a line of its own counts those, and the last stage only waits. */
export function shownProgress({ progress, looking }: Running): Progress | null {
  return progress === null || looking === null ? progress : { ...progress, done: 0, total: 0 };
}

/** What was answered before, so that it can be taken back. */
export interface Undo {
  medium: number;
  before: Answer | null;
}

export type View = 'side' | 'swipe';

export interface Reviewing extends Lasting {
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
  unwritten: Unwritten[];
  file: File | null;
}

/** Where a bundle goes: its zip's or folder's name, and the name of the chosen folder in which that was made. */
export interface Place {
  how: SaveTarget['how'];
  name: string;
  within: string | null;
}

export type SavePhase =
  | { at: 'options' }
  | { at: 'writing'; progress: Progress | null; pace: Pace | null; place: Place }
  | { at: 'done'; saved: Saved; place: Place };

export interface Saving extends Omit<Reviewing, 'step'> {
  step: 'save';
  senderIsMe: string | null;
  phase: SavePhase;
}

export interface Stopped extends Lasting {
  step: 'stopped';
  code: ErrorCode;
  text: string;
}

/** The chat job, by step: what cannot happen cannot be written. */
export type LinkTask = Choose | Running | Reviewing | Saving | Stopped;
export type Step = LinkTask['step'];

/** What changes only in this job. Times (`at`) are milliseconds and only ever compared with each other. */
export type LinkMsg =
  | { kind: 'set'; settings: Partial<Settings> }
  | { kind: 'started'; job: number; unconfirmed: OwnDecision[] }
  | { kind: 'stumbled' }
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
  | { kind: 'saving'; place: Place };

export const initialLink: Choose = { step: 'choose', chosen: {}, remembered: [], again: false };

/** The settings of the next job; null until the engine is loaded. */
export function settingsOf({ defaults }: Shared, { chosen }: Lasting): Settings | null {
  return defaults === null ? null : { ...defaults, ...chosen };
}

/** Whether a job can start: the engine and a chat are there, and no folder is still being walked. */
export function canStart({ defaults, sources }: Shared): boolean {
  if (defaults === null) return false;
  const own = sources.filter((source) => ownerOf(source) === 'chat');
  return own.some((source) => source.side === 'chat') && own.every((source) => source.done);
}
