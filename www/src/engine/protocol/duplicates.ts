// What page and engine say to each other about the duplicates job: files that are one picture, what belongs together, and the
// trash. Ten thousand groups cross in pages of light rows; what one group holds crosses when somebody looks at it.

import type { InputFile, OutputCause, Skip } from './common';
import type { DuplicateList, DuplicatesSummary, GroupDetails, GroupRow, StackCount, StackRule, TrashFile } from './types';

/** A folder to look through. `handle`: where the browser gave one, which is what acting needs. */
export interface GivenFolder {
  name: string;
  files: InputFile[];
  handle: FileSystemDirectoryHandle | null;
}

/** Groups that cross at once: some 300 KB. Chosen, not measured. */
export const PAGE = 500;

/** What the user decides about units by number, until he takes it back. */
export type DuplicateDecision =
  | { kind: 'stack'; units: number[] } // they belong together
  | { kind: 'unstack'; unit: number } // its files stand for themselves
  | { kind: 'unstack-all'; rule: StackRule } // so do those of every stack of this rule
  | { kind: 'not-a-duplicate'; units: number[] } // each is a picture of its own
  | { kind: 'take-back' }; // the last one of these

/** What is to go, and what each of its groups keeps. */
export interface TrashOrder {
  /** Units by number. */
  units: number[];
  /** Of every group that something goes from: its id, and the unit that stays. */
  keepers: { group: string; unit: number }[];
}

/** A file that stayed where it was, and why, as the rest of a sentence. */
export interface LeftFile {
  path: string;
  text: string;
}

/** The folder in which every run of the trash has one of its own. */
export const TRASH = 'Heirloom trash';

/** A run's own folder: in which of the given folders it lies, by number, and its name below `TRASH`. */
export interface TrashPlace {
  folder: number;
  name: string;
}

/** Begins the job. */
export type StartDuplicates = {
  kind: 'start-duplicates';
  job: number;
  folders: GivenFolder[];
  /** Files of chats that show some of what is in the folders. */
  chats: InputFile[];
  lists: DuplicateList[];
  skip: Skip;
};

/** What only this job understands, once it was begun. */
export type ToDuplicates =
  | { kind: 'details'; job: number; group: string }
  | { kind: 'decide'; job: number; decision: DuplicateDecision }
  | { kind: 'order'; job: number; order: TrashOrder } // which files that are
  | { kind: 'trash'; job: number; order: TrashOrder; when: string } // `when`: the clock on the wall, as a folder's name
  | { kind: 'restore'; job: number; places: TrashPlace[] }
  | { kind: 'document'; job: number; order: TrashOrder } // the plan for the command line
  | { kind: 'report'; job: number };

/** What only this job tells. */
export type FromDuplicates =
  /** A page of groups, new ones and changed ones, and the ids of those that are no more. `more`: further pages follow. */
  | { kind: 'groups'; job: number; rows: GroupRow[]; gone: string[]; summary: DuplicatesSummary; stacks: StackCount[]; more: boolean }
  | { kind: 'details'; job: number; details: GroupDetails }
  | { kind: 'ordered'; job: number; files: TrashFile[] }
  | { kind: 'acting'; job: number; done: number; total: number; bytes: number }
  | { kind: 'trashed'; job: number; units: number[]; files: number; bytes: number; places: TrashPlace[]; left: LeftFile[]; cause: OutputCause | null }
  | { kind: 'restored'; job: number; files: number; left: LeftFile[]; cause: OutputCause | null }
  /** Runs that were ended in the middle were finished or taken back, before anything else; `waiting` of them wait for the permission. */
  | { kind: 'recovered'; job: number; runs: number; waiting: number; left: LeftFile[] }
  /** What lies in the trash of the given folders, and can be put back. */
  | { kind: 'trashes'; job: number; places: TrashPlace[] }
  | { kind: 'document'; job: number; blob: Blob }
  | { kind: 'report'; job: number; blob: Blob };
